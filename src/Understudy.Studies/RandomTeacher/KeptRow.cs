namespace Understudy.Studies.RandomTeacher;

/// <summary>A student that was kept, or taken as a start, as it was before the end of its training: tables <c>….kept</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part: that of its arrays, where it was kept.</param>
/// <param name="Condition">What is compared.</param>
/// <param name="Moment">By which rule.</param>
/// <param name="TrainingSteps">Steps of distillation done at that moment.</param>
/// <param name="Value">By what it was chosen: accuracy of ridge regression on the images that were held out in percent, effective rank, or KL in nats.</param>
public sealed record KeptRow(int Seed, long Step, string Condition, StudentMoment Moment, int TrainingSteps, double Value);
