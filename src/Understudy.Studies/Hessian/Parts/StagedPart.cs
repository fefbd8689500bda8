using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>A part that trains networks and then measures unit by unit: a run that stops while it measures repeats no finished unit and no training; one that stops while it trains goes on with that (<see cref="TrainingLog"/>), and one that stops within a measurement with what that wrote down (<see cref="MeasuringLog"/>).</summary>
internal abstract class StagedPart
{
    private const string Trained = "vector";

    /// <summary>The part's word in settings, tables and checkpoints.</summary>
    internal abstract string Name { get; }

    /// <summary>What it takes from its beginning, on one thread.</summary>
    internal double Seconds => TrainingSeconds + MeasuringSeconds;

    /// <summary>The networks among the trained vectors, for those who open a finished run; none where the part keeps none.</summary>
    internal virtual IReadOnlyList<TrainedNetwork> Networks => [];

    /// <summary>How many measurements there are; their rows have steps from 1.</summary>
    protected abstract int Units { get; }

    /// <summary>Whether one training that leaves the numbers ends the part; else its measurement says that it did.</summary>
    protected virtual bool NeedsEveryTraining => true;

    /// <summary>What all training takes on one thread.</summary>
    protected abstract double TrainingSeconds { get; }

    /// <summary>What all measurements take on one thread.</summary>
    protected abstract double MeasuringSeconds { get; }

    /// <summary>The most it holds in memory on so many threads.</summary>
    protected abstract double Bytes(int threads);

    private double TrainingShare => TrainingSeconds / (TrainingSeconds + MeasuringSeconds);

    /// <summary>What it costs from its beginning.</summary>
    internal PartCost Cost(int threads) => new(Seconds, Bytes(threads));

    /// <summary>The vectors that the measurements need.</summary>
    protected abstract IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation);

    /// <summary>One measurement; records its rows when it is done.</summary>
    /// <returns>What people want to see of it.</returns>
    protected abstract IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation);

    /// <summary>What a measurement left behind to be kept beside the trained vectors, where it trains itself; null for nothing.</summary>
    protected virtual double[]? Left => null;

    /// <summary>A measurement in a few words.</summary>
    protected abstract string Describe(int unit);

    /// <summary>The tensor of a trained vector in checkpoints.</summary>
    internal static string Vector(int index) => FormattableString.Invariant($"{Trained}{index}");

    /// <summary>Does what is still to be done.</summary>
    internal void Run(RunContext run, PartProgress progress, CancellationToken cancellation)
    {
        var checkpoint = run.Restore(Name);
        List<double[]> trained = [.. checkpoint is null ? Train(run, new TrainingLog(run, Name), done => progress(TrainingShare * done, $"{Name}: training", []), cancellation) : Vectors(checkpoint)];
        if (NeedsEveryTraining && trained.Any(vector => vector.Any(value => !double.IsFinite(value))))
            throw new DivergedException(Name);
        IReadOnlyList<Tensor> Tensors() => [.. trained.Select((vector, i) => Tensor.Of(Vector(i), vector, vector.Length))];
        if (checkpoint is null)
            run.Checkpoint(Name, 0, Tensors, force: Units > 0 && TrainingSeconds > 0);
        IReadOnlyList<(string, double)> values = [];
        var first = (int)(checkpoint?.Step ?? 0);
        for (var unit = first; unit < Units; unit++)
        {
            cancellation.ThrowIfCancellationRequested();
            Tell(unit, 0);
            var log = new MeasuringLog(unit == first && checkpoint is not null ? Kept(checkpoint) : null, (share, state) =>
            {
                run.Checkpoint(Name, unit, () => [.. Tensors(), .. state()]);
                Tell(unit, share);
            });
            values = Measure(unit, trained, log, run, cancellation);
            if (Left is { } left)
                trained.Add(left);
            // what no training before left has to be in the last one
            run.Checkpoint(Name, unit + 1, Tensors, force: unit == Units - 1 && Left is not null);
        }

        void Tell(int unit, double share) => progress(TrainingShare + ((1 - TrainingShare) * (unit + share) / Units), $"{Name}: {Describe(unit)}", values);
    }

    /// <summary>What the measurement after the finished ones wrote down; null where it did not.</summary>
    private static Dictionary<string, Tensor>? Kept(Checkpoint checkpoint)
    {
        var kept = checkpoint.Tensors.Where(tensor => !tensor.Key.StartsWith(Trained, StringComparison.Ordinal)).ToDictionary();
        return kept.Count == 0 ? null : kept;
    }

    private static double[][] Vectors(Checkpoint checkpoint)
        => [.. Enumerable.Range(0, checkpoint.Tensors.Keys.Count(name => name.StartsWith(Trained, StringComparison.Ordinal))).Select(i => checkpoint.Tensors[Vector(i)].Doubles.ToArray())];
}
