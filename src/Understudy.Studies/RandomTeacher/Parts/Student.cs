using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>One student among those that are trained together.</summary>
/// <param name="Condition">How it is distilled.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Teachers">Its teacher is the one of its seed.</param>
/// <param name="Start">θ_S before training.</param>
/// <param name="Plan">Who trains it, among others.</param>
/// <param name="Replica">Its place there.</param>
internal sealed record Student(Condition Condition, int Seed, Teachers Teachers, double[] Start, IStudentReplicas Plan, int Replica)
{
    /// <summary>The teacher where it is now, in evaluation mode; null for one that stays where it is.</summary>
    internal Func<(ProjectedEncoder Network, double[] Parameters)>? Moved { get; init; }

    /// <summary>Copies of it as it was at moments of its training; null where none are kept.</summary>
    internal KeptMoments? Moments { get; init; }

    /// <summary>θ_T; of a teacher that moves, where it began.</summary>
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

    /// <summary>The running statistics of its batch normalizations, those of the encoder first.</summary>
    internal IReadOnlyList<ChannelStatistics> Statistics() => Plan.Statistics(Replica);

    /// <summary>The encoder in evaluation mode, as it is now.</summary>
    internal LayeredNetwork EvaluatedEncoder() => Network.Encoder.InEvaluationMode(Network.EncoderPart(Statistics()));

    /// <summary>The student as it is now, for what follows its distillation.</summary>
    internal TrainedStudent Trained() => new(Seed, Teachers, Parameters(), Statistics());

    /// <summary>The student as it was at a moment; at the last one as it is now.</summary>
    internal TrainedStudent Trained(StudentMoment moment)
    {
        if (moment == StudentMoment.Last)
            return Trained();
        var copy = Moments!.Of(moment);
        return new TrainedStudent(Seed, Teachers, copy.Parameters(), copy.Statistics);
    }
}
