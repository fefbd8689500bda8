using Understudy.Learning.Probing;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>One student in training: its place in the grid and what has to be remembered between evaluations.</summary>
internal sealed class Replica
{
    private const int Never = -1;

    internal Replica(int seed, Cell cell, TwoLayerNetwork teacher, TwoLayerNetwork initial)
    {
        (Seed, Cell, Teacher, Initial) = (seed, cell, teacher, initial);
        Parameters = initial.ToFlat();
        SpecializedAt = new int[teacher.Nodes];
        FirstAt = new int[teacher.Nodes];
        SpecializedAt.AsSpan().Fill(Never);
        FirstAt.AsSpan().Fill(Never);
    }

    internal int Seed { get; }

    internal Cell Cell { get; }

    internal TwoLayerNetwork Teacher { get; }

    internal TwoLayerNetwork Initial { get; }

    /// <summary>Flat parameters at the end of the last epoch.</summary>
    internal double[] Parameters { get; }

    /// <summary>How far the parameters went in the last epoch; null before the first.</summary>
    internal double? Movement { get; set; }

    /// <summary>What the optimizer carried at the end of the last epoch.</summary>
    internal double[] Optimizer { get; set; } = [];

    /// <summary>Step since which each teacher node has been recovered, or −1.</summary>
    internal int[] SpecializedAt { get; }

    /// <summary>First step at which each teacher node was recovered, or −1.</summary>
    internal int[] FirstAt { get; }

    internal bool IsDiverged { get; set; }

    /// <summary>What was measured at the end of the last epoch; null where diverged.</summary>
    internal Measurement? Evaluation { get; set; }

    internal TrainMeasurement? Training { get; set; }

    /// <summary>What was measured along boundaries at the end.</summary>
    internal GeometryMeasurement? Geometry { get; set; }

    /// <summary>All eigenvalues of the Hessian at the end, ascending; null where not asked for.</summary>
    internal double[]? Spectrum { get; set; }

    /// <summary>Correlations before training.</summary>
    internal CorrelationMatrix? InitialCorrelations { get; set; }

    internal TwoLayerNetwork Student() => Initial.WithFlat(Parameters);

    /// <summary>Takes note of which teacher nodes are recovered at a step.</summary>
    internal void Follow(SpecializationStatistics statistics, int step)
    {
        for (var j = 0; j < Teacher.Nodes; j++)
        {
            if (!(statistics.Best[j] > SpecializationStatistics.Recovery))
                SpecializedAt[j] = Never;
            else if (SpecializedAt[j] == Never)
                SpecializedAt[j] = step;
            if (SpecializedAt[j] != Never && FirstAt[j] == Never)
                FirstAt[j] = step;
        }
    }
}
