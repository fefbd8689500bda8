using Understudy.Learning.Probing;

namespace Understudy.Studies.Specialization;

/// <summary>One student on the evaluation set.</summary>
/// <param name="Loss">Mean over samples and outputs of (f* − f)².</param>
/// <param name="Correlations">[teacher × student].</param>
/// <param name="ActiveStudents">Evaluation samples at which each student node is active.</param>
/// <param name="Samples">Evaluation samples.</param>
internal sealed record Measurement(double Loss, CorrelationMatrix Correlations, int[] ActiveStudents, int Samples)
{
    internal bool IsDead(int student) => ActiveStudents[student] == 0;

    internal int Dead => ActiveStudents.Count(active => active == 0);

    internal int AlwaysOn => ActiveStudents.Count(active => active == Samples);
}

/// <summary>One student on its training set.</summary>
/// <param name="Loss">Mean over samples and outputs of (f* − f)².</param>
/// <param name="Gradient">Largest |g₁| of each sample.</param>
/// <param name="Correlations">[teacher × student].</param>
/// <param name="Observation">Which students have samples on both sides of which teacher boundaries.</param>
/// <param name="Moments">Mean gradients, and products of activations where they are saved.</param>
internal sealed record TrainMeasurement(double Loss, Quantiles Gradient, CorrelationMatrix Correlations, ObservationCounter Observation, StudentMoments Moments);
