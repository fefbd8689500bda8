using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>What one of each thing took that a run does many times.</summary>
/// <remarks>
/// Measured with the preset quick, part by part on one thread of an AMD Zen 3 core with 256-bit registers; without part multi-layer,
/// whose training takes the same rate, they give 27 s on two threads, and the run took 29. Other machines differ by a factor of two or so.
/// </remarks>
internal static class CostModel
{
    /// <summary>Multiplications and additions per second while training in 32 bits.</summary>
    internal const double TrainingRate = 29e9;

    /// <summary>One normal number of a fresh sample, in seconds.</summary>
    internal const double FreshNumber = 10e-9;

    /// <summary>Everything about one sample of an evaluation but its products.</summary>
    internal const double EvaluatedSample = 0.8e-6;

    internal const double ForwardRate = 15e9;

    /// <summary>One entry of a correlation matrix, per sample.</summary>
    internal const double CorrelationEntry = 1e-9;

    /// <summary>What the sample tables take in memory, over their own size.</summary>
    internal const double TableFactor = 1.5;

    private const double PrecisionFactor = 2;

    /// <summary>Seconds of training.</summary>
    internal static double Training(TrainingPrecision precision, double operations)
        => operations / TrainingRate * (precision == TrainingPrecision.F64 ? PrecisionFactor : 1);

    /// <summary>Seconds of one sample of one two-layer student at an evaluation.</summary>
    internal static double Evaluated(int dimension, int nodes, TeacherConfig teacher)
        => EvaluatedSample + (nodes * (dimension + teacher.Outputs) / ForwardRate) + (CorrelationEntry * nodes * teacher.Nodes);
}
