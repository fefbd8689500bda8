using Understudy.Data.Formats;
using Understudy.Learning.Distillation;
using Understudy.Learning.Landscape;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Supervised trainings in several orders of the images from every start, their errors, and the lines between those of one start: what part connectivity does with its students.</summary>
/// <remarks>Random-teacher specification, section 5.9. With checkpoints that are kept it goes on where it was.</remarks>
/// <param name="config">Orders, training and lines.</param>
/// <param name="starts">Students and fresh starts.</param>
internal sealed class SupervisedOrders(ConnectivityConfig config, SupervisedStarts starts)
{
    /// <summary>The word of tables and checkpoints.</summary>
    internal static readonly string Supervised = PartNames.Supervised(RandomTeacherPart.Connectivity);

    /// <summary>The table of errors over epochs.</summary>
    internal static readonly string Errors = $"{Supervised}.errors";

    /// <summary>The table of errors along lines.</summary>
    internal static readonly string Lines = $"{Supervised}.lines";

    private static readonly string Name = PartNames.Of(RandomTeacherPart.Connectivity);

    private int Trainings => starts.All.Count * config.Orders;

    /// <summary>What it takes on one thread.</summary>
    internal static double Seconds(ProjectedEncoder network, ConnectivityConfig config, int seeds) => TrainedSeconds(network, config, seeds) + LineSeconds(network, config, seeds);

    /// <summary>Trains, then walks along the lines.</summary>
    /// <exception cref="DivergedException">A training is no longer one of numbers.</exception>
    internal void Run(PartProgress progress, CancellationToken cancellation)
    {
        var run = starts.Run;
        using var supervised = starts.Compile(config.Orders, hasMask: false);
        using var test = starts.Evaluator(supervised.Evaluation, starts.Test);
        var (epochs, errors) = (new List<int>(), new List<double[]>());
        var checkpoint = run.Restore(Supervised);
        if (checkpoint is not null)
        {
            supervised.Restore(checkpoint.Tensors, "training");
            epochs.AddRange(checkpoint.Tensors["epochs"].Integers.ToArray());
            foreach (var (i, _) in epochs.Index())
                errors.Add(checkpoint.Tensors["errors"].Doubles.Slice(i * Trainings, Trainings).ToArray());
        }

        IReadOnlyList<Tensor> State() =>
        [
            .. supervised.Tensors("training"), Tensor.Of("epochs", epochs.ToArray(), epochs.Count), Tensor.Of("errors", errors.SelectMany(moment => moment).ToArray(), epochs.Count, Trainings),
        ];
        var (network, seeds) = (starts.All[0].Student.Network, starts.All.Count / 2);
        var (share, unit) = (TrainedSeconds(network, config, seeds) / Seconds(network, config, seeds), (int)(checkpoint?.Step ?? 0));
        while (supervised.Step < supervised.Steps)
        {
            var next = Math.Min(supervised.Steps, supervised.Step + supervised.StepsPerEpoch - (supervised.Step % supervised.StepsPerEpoch));
            supervised.RunTo(next, run.Team, null, cancellation);
            cancellation.ThrowIfCancellationRequested();
            starts.ThrowIfDiverged(supervised, config.Orders);
            epochs.Add((int)(supervised.Step / supervised.StepsPerEpoch));
            errors.Add([.. test.At([.. Enumerable.Range(0, Trainings).Select(supervised.Evaluable)]).Select(point => 100 * point.Error)]);
            progress(share * supervised.Step / supervised.Steps, $"{Name}: epoch {epochs[^1]} of {config.Training.Epochs}", [("fresh error %", Mean(errors[^1], StartKind.Fresh)), ("student", Mean(errors[^1], StartKind.Student))]);
            run.Checkpoint(Supervised, 0, State);
        }

        if (unit == 0)
            Record(epochs, errors, unit = 1);
        Walk(supervised, unit, State, (done, words) => progress(share + ((1 - share) * done), words, []), cancellation);
    }

    private static double TrainedSeconds(ProjectedEncoder network, ConnectivityConfig config, int seeds) => 2.0 * seeds * config.Orders * CostModel.Supervised(network, config.Training);

    private static double LineSeconds(ProjectedEncoder network, ConnectivityConfig config, int seeds)
        => (double)seeds * config.Orders * (config.Orders - 1.0) * config.Positions * CostModel.Pass(network, 2 * config.LineImages);

    private void Record(List<int> epochs, List<double[]> errors, int step)
    {
        for (var i = 0; i < Trainings; i++)
        {
            var (student, kind) = starts.All[i / config.Orders];
            starts.Run.Record(Errors, new ErrorsRow(student.Seed, step, kind, i % config.Orders, [.. epochs], [.. errors.Select(moment => moment[i])]));
        }
    }

    /// <summary>The lines between all trainings of one start, start by start.</summary>
    private void Walk(SupervisedTraining supervised, int unit, Func<IReadOnlyList<Tensor>> state, Action<double, string> told, CancellationToken cancellation)
    {
        var run = starts.Run;
        using var train = starts.Evaluator(supervised.Evaluation, starts.Images.Slice(0, Math.Min(config.LineImages, starts.Images.Count)));
        using var test = starts.Evaluator(supervised.Evaluation, starts.Test.Slice(0, Math.Min(config.LineImages, starts.Test.Count)));
        run.Checkpoint(Supervised, unit, state);
        for (; unit <= starts.All.Count; unit++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (student, kind) = starts.All[unit - 1];
            told((unit - 1.0) / starts.All.Count, $"{Name}: lines from {kind.ToString().ToLowerInvariant()} starts, seed {student.Seed}");
            var instability = Instability.Of(
                [.. Enumerable.Range((unit - 1) * config.Orders, config.Orders).Select(supervised.Evaluable)], train, test,
                new InstabilityOptions { Positions = config.Positions, Calibration = supervised.Evaluation.HasStatistics ? starts.Images : null, CalibrationBatch = config.Training.Batch }, null, cancellation);
            foreach (var pair in instability.Pairs)
            {
                // with batch normalization statistics are those of the point, as without it there are none
                var (onTrain, onTest) = (pair.EstimatedTrain ?? pair.Train, (pair.EstimatedTest ?? pair.Test)!);
                run.Record(Lines, new InstabilityRow(
                    student.Seed, unit + 1, kind, pair.First, pair.Second, instability.Positions, Percent(onTrain), Percent(onTest), 100 * onTrain.Instability, 100 * onTest.Instability));
            }

            run.Checkpoint(Supervised, unit + 1, state);
        }
    }

    private static double[] Percent(ErrorLine line) => [.. line.Values.Select(value => 100 * value.Error)];

    private double Mean(double[] errors, StartKind kind) => errors.Where((_, i) => i / config.Orders % 2 == (int)kind).Average();
}
