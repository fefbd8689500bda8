using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>One student among those that are trained together.</summary>
/// <param name="Condition">How it is distilled.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Teachers">Its teacher is the one of its seed.</param>
/// <param name="Start">θ_S before training.</param>
/// <param name="Plan">Who trains it.</param>
/// <param name="Replica">Its place there.</param>
internal sealed record Student(Condition Condition, int Seed, Teachers Teachers, double[] Start, DistillationPlan Plan, int Replica)
{
    /// <summary>θ_T.</summary>
    internal double[] Teacher => Teachers.Parameters(Seed);

    /// <summary>The shape of student and teacher, in training mode.</summary>
    internal ProjectedEncoder Network => Teachers.Network;

    /// <summary>θ_S where it is now.</summary>
    internal double[] Parameters()
    {
        var parameters = new double[Network.Layout.Count];
        Plan.GetStudent(Replica, parameters);
        return parameters;
    }

    /// <summary>The running statistics of its normalizations.</summary>
    internal IReadOnlyList<ChannelStatistics> Statistics() => Plan.Statistics(Replica);
}
