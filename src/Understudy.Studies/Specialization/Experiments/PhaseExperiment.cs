using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Adaptive phase diagrams: every round trains, for all columns at once, the students at the sizes their thresholds need next.</summary>
internal sealed class PhaseExperiment
{
    internal const string Evaluations = PartNames.Phase + ".evaluations";
    internal const string Thresholds = PartNames.Phase + ".thresholds";

    /// <summary>r, p, kind, N, seed, recovered share.</summary>
    private const int Numbers = 6;

    private readonly ExperimentPlan _plan;
    private readonly InputSource _inputs;
    private readonly SpecializationConfig _config;
    private readonly RunContext _run;
    private readonly PhaseColumn[] _columns;
    private readonly Dictionary<PhaseColumn, CrossingSearch> _searches;
    private readonly List<PhaseRow> _rows = [];
    private readonly GivenTeacher? _given;
    private int _round;

    internal PhaseExperiment(ExperimentPlan plan, InputSource inputs, SpecializationConfig config, RunContext run)
    {
        (_plan, _inputs, _config, _run, _given) = (plan, inputs, config, run, plan.ReadTeacher(inputs.Dimension));
        _columns =
        [
            .. from overRealization in plan.Student.OverRealization
               from decay in plan.Teacher.FanOutDecay
               from set in config.Phase.Data.Sets
               select new PhaseColumn(overRealization, decay, set),
        ];
        var part = config.Phase;
        _searches = _columns.ToDictionary(
            column => column, column => new CrossingSearch(part.Data.Samples, part.Measures.Levels, part.Measures.Resolution, size => Whole(column.Set, size)));
    }

    /// <summary>The size of a set that is made of whole triples or crosses.</summary>
    private int Whole(TrainingSet set, int size) => set switch
    {
        TrainingSet.Plain => size,
        TrainingSet.TeacherAgnostic => AugmentedSamples.Bases(size, _inputs.Dimension) * ((2 * _inputs.Dimension) + 1),
        _ => AugmentedSamples.Triple * _plan.Teacher.Nodes * BoundarySamples.TriplesPerNode(size, _plan.Teacher.Nodes),
    };

    private long Steps => (long)_plan.Training.Epochs * _plan.Training.EpochSteps;

    /// <summary>Does what is still to be done of the part; a cancelled part goes on with the round it was in.</summary>
    internal void Run(PartProgress progress, CancellationToken cancellation)
    {
        Restore();
        if (_round == 0 && _inputs.Describe() is { } description)
            _run.Record($"{PartNames.Phase}.inputs", description);
        for (var cells = Next(); cells.Count > 0;)
        {
            Train(cells, progress, cancellation);
            cells = Next();
            // with the last round, so that a run that stops after it has them
            if (cells.Count == 0)
                RecordThresholds();
            _run.Checkpoint(PartNames.Phase, _round * Steps, Tensors, force: cells.Count == 0);
        }
    }

    private IReadOnlyList<Cell> Next() => [.. _columns.SelectMany(column => _searches[column].Next().Select(column.At))];

    private void Train(IReadOnlyList<Cell> cells, PartProgress progress, CancellationToken cancellation)
    {
        var plan = _plan with { Sets = [.. cells.Select(cell => (cell.Samples, cell.Set)).Distinct()], Chosen = cells };
        var sets = new SeedSets(plan, _inputs, _config.Data.Deviation, _given, _run);
        var groups = new List<StudentGroup>();
        try
        {
            foreach (var overRealization in cells.Select(cell => cell.OverRealization).Distinct())
                groups.Add(new StudentGroup(plan, overRealization, sets, _config, _run));
            TrainPlan[] training = [.. groups.Select(group => group.Plan)];
            for (var epoch = 0; epoch < plan.Training.Epochs; epoch++)
            {
                progress(Fraction(cells.Count * (double)epoch / plan.Training.Epochs), FormattableString.Invariant($"phase: round {_round + 1}, {cells.Count} cells"), Told());
                foreach (var group in groups)
                    group.SetRate(epoch);
                var first = (long)epoch * plan.Training.EpochSteps;
                if (TrainPlan.RunAll(training, first, plan.Training.EpochSteps, _run.Team, cancellation) == first + plan.Training.EpochSteps)
                    continue;
                if (_round > 0)
                    _run.Checkpoint(PartNames.Phase, _round * Steps, Tensors, force: true);
                cancellation.ThrowIfCancellationRequested();
            }

            _round++;
            foreach (var group in groups)
                Measure(group, sets);
        }
        finally
        {
            foreach (var group in groups)
                group.Dispose();
        }

        foreach (var cell in cells)
            Take(new PhaseColumn(cell.OverRealization, cell.FanOutDecay, cell.Set), cell.Samples);
    }

    private void Measure(StudentGroup group, SeedSets sets)
    {
        group.TakeParameters();
        group.Evaluate(training: false);
        foreach (var replica in group.Replicas)
        {
            var (cell, evaluation) = (replica.Cell, sets.Evaluation(replica.Seed, replica.Cell));
            var found = StudentOutcome.Of(replica, evaluation);
            var row = new PhaseRow(
                replica.Seed, _round * Steps, _round, cell.OverRealization, cell.FanOutDecay, cell.Samples, cell.Set,
                sets.Training(replica.Seed, cell).Count, found.Diverged, found.Loss, found.RelativeLoss, found.MeanBest, found.Recovered);
            _rows.Add(row);
            _run.Record(Evaluations, row);
        }
    }

    /// <summary>Hands the mean over the seeds that did not diverge to the search of a column.</summary>
    private void Take(PhaseColumn column, int samples)
    {
        double[] seeds = [.. _rows.Where(row => row.Column == column && row.Samples == samples && !double.IsNaN(row.Recovered)).Select(row => row.Recovered)];
        _searches[column].Add(samples, seeds.Length == 0 ? double.NaN : Statistics.Mean(seeds));
    }

    private void RecordThresholds()
    {
        foreach (var column in _columns)
        {
            foreach (var level in _config.Phase.Measures.Levels)
            {
                var (search, crossing) = (_searches[column], _searches[column].At(level));
                _run.Record(Thresholds, new PhaseThresholdRow(
                    0, _round * Steps, column.OverRealization, column.FanOutDecay, column.Set, level, crossing.Kind, crossing.Low, crossing.High, crossing.Threshold,
                    search.Values.Count * _plan.Seeds, _config.Phase.GridSizes * _plan.Seeds));
            }
        }
    }

    /// <summary>The share done, as if every bracket had to be halved as often as the widest gap.</summary>
    private double Fraction(double now)
    {
        var most = _config.Phase.Data.Samples.Count + (_config.Phase.MostHalvings * _config.Phase.Measures.Levels.Count);
        return Math.Min(1, (_searches.Values.Sum(search => search.Values.Count) + now) / (most * _columns.Length));
    }

    private (string, double)[] Told()
    {
        PhaseRow[] measured = [.. _rows.Where(row => row.Round == _round && !double.IsNaN(row.Recovered))];
        return measured.Length == 0 ? [] : [("loss", Statistics.Median([.. measured.Select(row => row.Loss)])), ("recovered", measured.Average(row => row.Recovered))];
    }

    private IReadOnlyList<Tensor> Tensors() =>
    [
        Tensor.Of(
            "measured",
            _rows.SelectMany(row => (double[])[row.OverRealization, row.FanOutDecay, (double)row.Set, row.Samples, row.Seed, row.Recovered]).ToArray(),
            _rows.Count, Numbers),
        .. _given is null ? Array.Empty<Tensor>() : [_given.ToTensor()],
    ];

    /// <summary>Takes up what was measured before; the rows themselves are recorded already.</summary>
    private void Restore()
    {
        if (_run.Restore(PartNames.Phase) is not { } checkpoint)
            return;
        _given?.Check(checkpoint);
        _round = checked((int)(checkpoint.Step / Steps));
        var numbers = checkpoint.Tensors["measured"].Doubles;
        for (var at = 0; at < numbers.Length; at += Numbers)
        {
            _rows.Add(new PhaseRow(
                (int)numbers[at + 4], 0, 0, numbers[at], numbers[at + 1], (int)numbers[at + 3], (TrainingSet)(int)numbers[at + 2], 0, false,
                double.NaN, double.NaN, double.NaN, numbers[at + 5]));
        }

        foreach (var (column, samples) in _rows.Select(row => (row.Column, row.Samples)).Distinct())
            Take(column, samples);
    }
}
