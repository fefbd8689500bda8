using Understudy.Learning.Probing;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>What became of a student, in four numbers; NaN where it diverged, correlations also where the data cross no teacher boundary.</summary>
internal readonly record struct StudentOutcome(bool Diverged, double Loss, double RelativeLoss, double MeanBest, double Recovered)
{
    /// <summary>Of a replica as it was last measured.</summary>
    internal static StudentOutcome Of(Replica replica, LabelledSamples evaluation)
    {
        if (replica is not { IsDiverged: false, Evaluation: { } measured })
            return new StudentOutcome(true, double.NaN, double.NaN, double.NaN, double.NaN);
        var statistics = SpecializationStatistics.Of(measured.Correlations, evaluation.Crossed);
        return new StudentOutcome(false, measured.Loss, measured.Loss / evaluation.Variance, statistics.MeanBest, statistics.RecoveredFraction);
    }
}
