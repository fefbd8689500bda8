using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Studies.Judging;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>What the runs of one protocol probed in a part.</summary>
internal sealed class Probed
{
    private readonly IReadOnlyList<(SeedId Seed, ProbeRow Row)> _rows;
    private readonly IReadOnlyDictionary<SeedId, RunRecord> _runs;
    private readonly string _part;
    private readonly Dictionary<(string Condition, string Probe), OverImages?> _overImages = [];

    private Probed(RandomTeacherConfig config, string part, IReadOnlyList<(SeedId Seed, ProbeRow Row)> rows, IReadOnlyDictionary<SeedId, RunRecord> runs, int steps, int leftOut)
    {
        (Config, _part, _rows, _runs, Steps, LeftOut) = (config, part, rows, runs, steps, leftOut);
        Seeds = [.. _rows.Where(item => item.Row.Subject == Subject.Student).Select(item => item.Seed).Distinct().Order()];
    }

    /// <summary>The configuration of the last run.</summary>
    internal RandomTeacherConfig Config { get; }

    /// <summary>The seeds of all runs.</summary>
    internal IReadOnlyList<SeedId> Seeds { get; }

    /// <summary>Steps of the training.</summary>
    internal int Steps { get; }

    /// <summary>Runs that hold the table with another protocol.</summary>
    internal int LeftOut { get; }

    /// <summary>Every row with its seed.</summary>
    internal IEnumerable<(SeedId Seed, ProbeRow Row)> Rows => _rows;

    /// <summary>Null where no run holds a seed of the table to its end: seeds that were stopped before are not judged.</summary>
    /// <param name="runs">All there are.</param>
    /// <param name="part">The part.</param>
    /// <param name="table">The part's word, or that of one of its rounds.</param>
    internal static Probed? Of(IReadOnlyList<RunRecord> runs, RandomTeacherPart part, string table)
    {
        // a run that was stopped says nothing of the protocol either
        var whole = runs.Where(run => run.Tables.Contains(PartNames.Probes(table)) && Finished(run, part, table).Any()).ToArray();
        if (PooledRuns<RandomTeacherConfig>.Of(whole, PartNames.Probes(table), config => Protocol(config, own => Sections.Of(own, part))) is not { } pooled)
            return null;
        var holders = new Dictionary<SeedId, RunRecord>();
        var rows = new Dictionary<(SeedId, string, Subject, ImageSource, int), (SeedId, ProbeRow)>();
        foreach (var run in pooled.Runs)
        {
            var finished = Finished(run, part, table).ToHashSet();
            // a seed that two runs share is that of the last, with its moments alone
            foreach (var key in rows.Keys.Where(key => key.Item3 != Subject.Input && finished.Contains(key.Item1.Seed) && key.Item1.Run == run.Config.Seed).ToArray())
                rows.Remove(key);
            foreach (var row in run.Table<ProbeRow>(PartNames.Probes(table)).Where(row => row.Subject == Subject.Input || finished.Contains(row.Seed)))
            {
                var seed = new SeedId(run.Config.Seed, row.Seed);
                if (row.Subject != Subject.Input)
                    holders[seed] = run;
                rows[(seed, row.Condition, row.Subject, row.Set, row.TrainingSteps)] = (seed, row);
            }
        }

        return new Probed(pooled.Config, table, [.. rows.Values], holders, Sections.Steps(pooled.Config, part), pooled.LeftOut);
    }

    /// <summary>The seeds of a run of which every condition has a student at its end.</summary>
    private static IEnumerable<int> Finished(RunRecord run, RandomTeacherPart part, string table)
    {
        var config = (RandomTeacherConfig)run.Config;
        var (steps, conditions) = (Sections.Steps(config, part), RandomTeacherParts.Of(config, part).ConditionNames.ToArray());
        return run.Table<ProbeRow>(PartNames.Probes(table)).Where(row => row.Subject == Subject.Student && row.TrainingSteps == steps).GroupBy(row => row.Seed)
            .Where(seed => !conditions.Except(seed.Select(row => row.Condition)).Any()).Select(seed => seed.Key);
    }

    /// <summary>What runs that are pooled agree in: what every part reads, and the section of one.</summary>
    internal static RandomTeacherConfig Protocol(RandomTeacherConfig config, Func<RandomTeacherConfig, RandomTeacherConfig> section) => section(config) with
    {
        Data = config.Data,
        Network = config.Network,
        Training = config.Training,
        Probes = config.Probes with { Moments = 0, Validation = 0, Keep = false },
    };

    /// <summary>The numbers of the input, one per run; empty where it was not probed.</summary>
    internal double? Input(Func<ProbeRow, double> probe, ImageSource? set = null)
        => _rows.Select(item => item.Row).FirstOrDefault(row => row.Subject == Subject.Input && row.Set == (set ?? Config.Data.Set)) is { } row ? probe(row) : null;

    /// <summary>A number of a student at its end; null where the seed lacks it.</summary>
    internal double? Student(SeedId seed, string condition, Func<ProbeRow, double> probe, ImageSource? set = null)
        => Row(seed, row => row.Subject == Subject.Student && row.Condition == condition && row.TrainingSteps == Steps, set) is { } row ? probe(row) : null;

    /// <summary>A number of the teacher of a condition, which conditions of one network share.</summary>
    internal double? Teacher(SeedId seed, string condition, Func<ProbeRow, double> probe, ImageSource? set = null)
        => (Row(seed, row => row.Subject == Subject.Teacher && row.Condition == condition, set) ?? Row(seed, row => row.Subject == Subject.Teacher, set)) is { } row ? probe(row) : null;

    /// <summary>A number of the teacher of a condition at its end; null where it did not move.</summary>
    internal double? MovedTeacher(SeedId seed, string condition, Func<ProbeRow, double> probe)
        => Row(seed, row => row.Subject == Subject.MovedTeacher && row.Condition == condition && row.TrainingSteps == Steps, null) is { } row ? probe(row) : null;

    /// <summary>A number of a control.</summary>
    internal double? Control(SeedId seed, Subject subject, Func<ProbeRow, double> probe) => Row(seed, row => row.Subject == subject, null) is { } row ? probe(row) : null;

    /// <summary>First less second for every seed that has both.</summary>
    internal IReadOnlyList<double> Differences(Func<SeedId, double?> first, Func<SeedId, double?> second)
        => [.. Seeds.Select(seed => first(seed) - second(seed)).OfType<double>()];

    /// <summary>Student less teacher for every seed that has both.</summary>
    internal IReadOnlyList<double> Gains(string condition, Func<ProbeRow, double> probe, ImageSource? set = null)
        => Differences(seed => Student(seed, condition, probe, set), seed => Teacher(seed, condition, probe, set));

    /// <summary>Student less teacher at the end in percentage points, with its interval over seeds and test images; null where no seed tells which images are right.</summary>
    /// <param name="condition">Of the students.</param>
    /// <param name="probe">The name of its array.</param>
    internal OverImages? OverImages(string condition, string probe)
    {
        if (!_overImages.TryGetValue((condition, probe), out var known))
            _overImages[(condition, probe)] = known = ImageInterval(condition, probe);
        return known;
    }

    private OverImages? ImageInterval(string condition, string probe)
    {
        var differences = new List<sbyte[]>();
        foreach (var seed in Seeds)
        {
            var student = Row(seed, row => row.Subject == Subject.Student && row.Condition == condition && row.TrainingSteps == Steps, null);
            var teacher = Row(seed, row => row.Subject == Subject.Teacher && row.Condition == condition, null) ?? Row(seed, row => row.Subject == Subject.Teacher, null);
            if (Right(seed, student, probe) is { } first && Right(seed, teacher, probe) is { } second)
                differences.Add(RightImages.Differences(first, second, Config.Data.Test));
        }

        if (differences.Count == 0)
            return null;
        var share = PairedBootstrap.Difference(differences);
        return new OverImages(new Estimate(100 * share.Value, 100 * share.Low, 100 * share.High), differences.Count);
    }

    /// <summary>What a seed's students show on training images that were held out.</summary>
    internal IEnumerable<ValidationRow> Validation(SeedId seed)
    {
        var table = PartNames.Validation(_part);
        return _runs[seed].Tables.Contains(table) ? _runs[seed].Table<ValidationRow>(table).Where(row => row.Seed == seed.Seed) : [];
    }

    /// <summary>Which test images a probe of a row gets right.</summary>
    private Tensor? Right(SeedId seed, ProbeRow? row, string probe)
    {
        var array = RightImages.Array(_part);
        return row is not null && _runs[seed].Steps(array).Contains(row.Step) ? _runs[seed].Arrays(array, row.Step).GetValueOrDefault(probe) : null;
    }

    /// <summary>The mean over seeds of what a student shows.</summary>
    internal double Mean(string condition, Func<ProbeRow, double> probe) => Statistics.Mean([.. Seeds.Select(seed => Student(seed, condition, probe)).OfType<double>()]);

    private ProbeRow? Row(SeedId seed, Func<ProbeRow, bool> isWanted, ImageSource? set)
        => _rows.Where(item => item.Seed == seed && item.Row.Set == (set ?? Config.Data.Set) && isWanted(item.Row)).Select(item => item.Row).LastOrDefault();
}
