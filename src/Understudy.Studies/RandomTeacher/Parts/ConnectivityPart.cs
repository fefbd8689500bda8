using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.Landscape;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Supervised trainings from a student and from a fresh start in several orders of the images, their errors, and the lines between those of one start.</summary>
internal sealed class ConnectivityPart(RandomTeacherConfig config) : ConditionsPart(config, RandomTeacherPart.Connectivity, [Of(config)], config.Connectivity.Steps)
{
    private static readonly string Supervised = PartNames.Supervised(RandomTeacherPart.Connectivity);

    private ConnectivityConfig Part => Config.Connectivity;

    private int Trainings => 2 * Config.Seeds * Part.Orders;

    private double TrainedSeconds => (double)Trainings * CostModel.Supervised(Network, Part.Training);

    private double LineSeconds => (double)Config.Seeds * Part.Orders * (Part.Orders - 1.0) * Part.Positions * CostModel.Pass(Network, 2 * Part.LineImages);

    /// <inheritdoc/>
    protected override double ContinueSeconds => TrainedSeconds + LineSeconds;

    /// <inheritdoc/>
    protected override double ContinueBytes => CostModel.SupervisedBytes(Network, Part.Training, Trainings, Config.Seeds * Part.Orders);

    /// <inheritdoc/>
    protected override void Continue(Distillation training, Pictures pictures, RunContext run, PartProgress progress, CancellationToken cancellation)
    {
        var starts = new SupervisedStarts(Part.Training, Config.Training.Convolution, training.Students, pictures, run);
        using var supervised = starts.Compile(Part.Orders, hasMask: false);
        using var test = starts.Evaluator(supervised.Evaluation, pictures.Test);
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
        var (share, unit) = (TrainedSeconds / ContinueSeconds, (int)(checkpoint?.Step ?? 0));
        while (supervised.Step < supervised.Steps)
        {
            var next = Math.Min(supervised.Steps, supervised.Step + supervised.StepsPerEpoch - (supervised.Step % supervised.StepsPerEpoch));
            supervised.RunTo(next, run.Team, null, cancellation);
            cancellation.ThrowIfCancellationRequested();
            starts.ThrowIfDiverged(supervised, Part.Orders, $"{Name}.training.learningRate");
            epochs.Add((int)(supervised.Step / supervised.StepsPerEpoch));
            errors.Add([.. test.At([.. Enumerable.Range(0, Trainings).Select(supervised.Evaluable)]).Select(point => 100 * point.Error)]);
            progress(share * supervised.Step / supervised.Steps, $"{Name}: epoch {epochs[^1]} of {Part.Training.Epochs}", [("fresh error %", Mean(errors[^1], StartKind.Fresh)), ("student", Mean(errors[^1], StartKind.Student))]);
            run.Checkpoint(Supervised, 0, State);
        }

        if (unit == 0)
            Record(run, epochs, errors, starts, unit = 1);
        Lines(starts, supervised, pictures, run, unit, State, (done, words) => progress(share + ((1 - share) * done), words, []), cancellation);
    }

    private static Condition Of(RandomTeacherConfig config)
        => Condition.Of(config, PartNames.Images, config.Connectivity.Normalization);

    private void Record(RunContext run, List<int> epochs, List<double[]> errors, SupervisedStarts starts, int step)
    {
        for (var i = 0; i < Trainings; i++)
        {
            var (student, kind) = starts.All[i / Part.Orders];
            run.Record($"{Supervised}.errors", new ErrorsRow(student.Seed, step, kind, i % Part.Orders, [.. epochs], [.. errors.Select(moment => moment[i])]));
        }
    }

    /// <summary>The lines between all trainings of one start, start by start.</summary>
    private void Lines(
        SupervisedStarts starts, SupervisedTraining supervised, Pictures pictures, RunContext run, int unit, Func<IReadOnlyList<Tensor>> state, Action<double, string> told, CancellationToken cancellation)
    {
        using var train = starts.Evaluator(supervised.Evaluation, starts.Images.Slice(0, Math.Min(Part.LineImages, starts.Images.Count)));
        using var test = starts.Evaluator(supervised.Evaluation, pictures.Test.Slice(0, Math.Min(Part.LineImages, pictures.Test.Count)));
        run.Checkpoint(Supervised, unit, state);
        for (; unit <= starts.All.Count; unit++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (student, kind) = starts.All[unit - 1];
            told((unit - 1.0) / starts.All.Count, $"{Name}: lines from {kind.ToString().ToLowerInvariant()} starts, seed {student.Seed}");
            var instability = Instability.Of(
                [.. Enumerable.Range((unit - 1) * Part.Orders, Part.Orders).Select(supervised.Evaluable)], train, test,
                new InstabilityOptions { Positions = Part.Positions, Calibration = supervised.Evaluation.HasStatistics ? starts.Images : null, CalibrationBatch = Part.Training.Batch }, null, cancellation);
            foreach (var pair in instability.Pairs)
            {
                // with batch normalization statistics are those of the point, as without it there are none
                var (onTrain, onTest) = (pair.EstimatedTrain ?? pair.Train, (pair.EstimatedTest ?? pair.Test)!);
                run.Record($"{Supervised}.lines", new InstabilityRow(
                    student.Seed, unit + 1, kind, pair.First, pair.Second, instability.Positions, Percent(onTrain), Percent(onTest), 100 * onTrain.Instability, 100 * onTest.Instability));
            }

            run.Checkpoint(Supervised, unit + 1, state);
        }
    }

    private static double[] Percent(ErrorLine line) => [.. line.Values.Select(value => 100 * value.Error)];

    private double Mean(double[] errors, StartKind kind) => errors.Where((_, i) => i / Part.Orders % 2 == (int)kind).Average();
}
