namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>A measurement of a part: it is repeated as a whole or not at all by a run that goes on.</summary>
/// <param name="TrainingSteps">Steps of distillation after which it is due.</param>
/// <param name="Words">What is measured, in a few words.</param>
/// <param name="Seconds">What it takes on one thread, roughly.</param>
/// <param name="Do">Measures and records rows with the given step; returns what people want to see.</param>
internal sealed record MeasuringTask(int TrainingSteps, string Words, double Seconds, Func<long, CancellationToken, IReadOnlyList<(string Name, double Value)>> Do);
