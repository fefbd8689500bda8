using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Runs that nobody computed: rows of every part, by which every claim is supported.</summary>
internal static class MadeUp
{
    internal const double Teacher = 40;

    private const string Parts = "parts=[distillation,valley,locality,sizes,transfer,architectures,outputs,bottlenecks,restart,connectivity,tickets,ladder]";

    internal static readonly RandomTeacherStudy Study = new();

    private static readonly RandomTeacherConfig Usual = (RandomTeacherConfig)ConfigReader.Read(Study, ["data.gray=true", "tickets.rounds=16", Parts]);

    /// <summary>A run of all parts on grey images of CIFAR-10.</summary>
    internal static MemoryRecord Run(int seeds = 3, Func<string, object, object>? change = null) => Run(Usual, seeds, change);

    /// <summary>A run of all parts with other settings.</summary>
    internal static MemoryRecord Run(string[] settings, int seeds = 3, Func<string, object, object>? change = null)
        => Run((RandomTeacherConfig)ConfigReader.Read(Study, ["data.gray=true", "tickets.rounds=16", Parts, .. settings]), seeds, change);

    /// <summary>A run of a configuration, whose rows are changed one by one.</summary>
    internal static MemoryRecord Run(RandomTeacherConfig config, int seeds = 3, Func<string, object, object>? change = null)
    {
        var rows = new Dictionary<string, List<object>>();
        foreach (var (table, row) in Enumerable.Range(0, seeds).SelectMany(seed => Rows(config, seed)))
        {
            if (!rows.TryGetValue(table, out var own))
                rows.Add(table, own = []);
            own.Add(change is null ? row : change(table, row));
        }

        return new MemoryRecord(config, rows, new Dictionary<(string, long), IReadOnlyList<Tensor>>());
    }

    /// <summary>Changes the rows of one type in one table.</summary>
    internal static Func<string, object, object> On<TRow>(string table, Func<TRow, TRow> change)
        where TRow : notnull
        => (name, row) => name == table ? change((TRow)row) : row;

    /// <summary>Changes what probes find in the students of one condition.</summary>
    internal static Func<string, object, object> OnStudents(string part, string condition, Func<ProbeRow, ProbeRow> change)
        => On<ProbeRow>($"{part}.probes", row => row.Subject == Subject.Student && row.Condition == condition ? change(row) : row);

    /// <summary>One change after the other.</summary>
    internal static Func<string, object, object> All(params Func<string, object, object>[] changes)
        => (table, row) => changes.Aggregate(row, (now, change) => change(table, now));

    /// <summary>What a claim's verdict is on some runs, of which it sees its part alone, as judging all of them takes ten times as long.</summary>
    internal static Verdict Judge(string claim, params RunRecord[] runs)
        => Study.Judge([.. runs.Select(run => Only(run, PartsOf(claim)))]).Single(verdict => verdict.Claim.Id == claim);

    /// <summary>A run with the tables of some parts.</summary>
    internal static MemoryRecord Only(RunRecord run, params string[] parts) => new(
        run.Config, run.Tables.Where(table => parts.Any(part => table.StartsWith(part, StringComparison.Ordinal))).ToDictionary(table => table, table => run.Table<object>(table).ToList()),
        new Dictionary<(string, long), IReadOnlyList<Tensor>>());

    /// <summary>What a claim's outcome is on one run.</summary>
    internal static Outcome OutcomeOf(string claim, Func<string, object, object>? change, int seeds = 3) => Judge(claim, Run(seeds, change)).Outcome;

    private static string[] PartsOf(string claim) => claim switch
    {
        "C7" => ["sizes"],
        "C8" => ["distillation", "locality"],
        "C9" or "C10" or "C11" => ["valley"],
        "C12" => ["transfer"],
        "C13" => ["architectures"],
        "C14" => ["outputs"],
        "C15" => ["bottlenecks"],
        "C16" => ["restart"],
        "C17" => ["tickets"],
        "C18" or "C19" => ["connectivity"],
        _ => ["distillation"],
    };

    private static IEnumerable<(string Table, object Row)> Rows(RandomTeacherConfig config, int seed)
    {
        var steps = config.Training.Steps;
        ProbeRow Row(string condition, Subject subject, double value, int at) => new(
            seed, 1, condition, subject, config.Data.Set, at, value, value, value, value, 0.1, 10, 0, 128, subject == Subject.Student ? 10 : 0, 35);
        IEnumerable<(string, object)> Part(string part, params (string Condition, double Value)[] students)
        {
            if (seed == 0)
                yield return ($"{part}.probes", Row("", Subject.Input, Teacher, 0));
            foreach (var (condition, value) in students)
            {
                yield return ($"{part}.probes", Row(condition, Subject.Teacher, Teacher, 0));
                // what is judged is the end
                yield return ($"{part}.probes", Row(condition, Subject.Student, Teacher - 30, steps / 2));
                yield return ($"{part}.probes", Row(condition, Subject.Student, value, steps));
                foreach (var at in new[] { 1, steps })
                    yield return ($"{part}.training", new TrainingRow(seed, 1, condition, at, 1e-3 * at, 0.9, 0.1, 0.01 * at, 5));
            }
        }

        (string, object) Changed((string Table, object Row) item, Func<ProbeRow, ProbeRow> change)
            => item.Row is ProbeRow { Subject: Subject.Student } row && row.TrainingSteps == steps ? (item.Table, change(row)) : item;
        IEnumerable<(string, object)> all =
        [
            .. Part("distillation", ("images", 44), ("noise", 40), ("far", 43)).Select(item => Changed(item, row => row.Condition switch
            {
                "images" => row with { Ridge = 43, Knn = 43 },
                "noise" => row with { LinStd = 42, Ridge = 41, Knn = 40.5 },
                _ => row with { Knn = 41 },
            })),
            ("distillation.probes", Row("images", Subject.Kicked, Teacher, steps)),
            ("distillation.probes", Row("images", Subject.Recalibrated, Teacher, steps)),
            .. Part("locality", [.. config.Locality.Alphas.Select(alpha => (Invariant($"alpha {alpha}"), alpha <= 0.6 ? 44.0 : 43))])
                .Select(item => Changed(item, row => row.Condition == "alpha 1" ? row with { Knn = 41 } : row)),
            .. Part("sizes", [.. config.Sizes.Images.Select((images, i) => (Invariant($"{images}"), 42.0 + i))]),
            .. Part("transfer", ("images", 43)),
            .. Part("transfer", ("images", 43)).Select(item => item.Item2 is ProbeRow row ? (item.Item1, row with { Set = config.Transfer.Set }) : item),
            .. Part("architectures", [.. config.Architectures.Encoders.Select(encoder => (encoder, 43.0))]),
            .. Part("outputs", [.. config.Outputs.Outputs.Select(m => (Invariant($"{m}"), m < 64 ? 40.0 : 42))]),
            .. Part("bottlenecks", [.. config.Bottlenecks.Shapes.Select(shape => (shape, shape == "-/lb/-/wn/l/-" ? 41.0 : 43))]),
            .. Part("restart", ("images", 43)),
            .. Part("restart-again", ("images", 43)).Select(item => Changed(item, row => row with { Distance = 2 })),
            .. Part("ladder", [.. config.Ladder.Rungs.Select(rung => (Rungs.Name(rung), 43.0))]),
            ("ladder.probes", Row("dino", Subject.MovedTeacher, 42, steps)),
            .. Part("valley", ("images", 43)),
            ("valley.segment", new SegmentRow(seed, 1, [-1, -0.25, 0, 0.01, 0.25, 1], [90, 20, 0, 8, 1, 0.5], [-1, -0.25, 0, 0.25, 1], [5, 2, 0, 2, 5], 10, 35, 43, 40)),
            .. Supervised(config, seed),
        ];
        if (seed == 0)
            all = all.Append(("valley.plane", new PlaneRow(seed, 2, [-0.25, 0.5, 1.25], [-0.25, 0.5, 1.25], [9, 8, 7, 6, 0, 4, 3, 2, 1], [36, 36, 36, 36, 36, 36, 36, 36, 36], [0.1, 0.4])));
        return all;
    }

    private static IEnumerable<(string Table, object Row)> Supervised(RandomTeacherConfig config, int seed)
    {
        foreach (var start in new[] { StartKind.Fresh, StartKind.Student })
        {
            var (error, barrier, loss) = start == StartKind.Fresh ? (50.0, 20.0, 8.0) : (45.0, 4.0, 2.0);
            for (var order = 0; order < config.Connectivity.Orders; order++)
            {
                yield return ("connectivity-supervised.errors", new ErrorsRow(seed, 1, start, order, [1, 2], [80, error]));
                for (var other = 0; other < order; other++)
                    yield return ("connectivity-supervised.lines", new InstabilityRow(seed, 2, start, other, order, [0, 0.5, 1], [40, 40 + barrier, 40], [error, error + barrier, error], barrier, barrier));
            }

            // a fifth is pruned in every round; the first rounds are no sparsity of the claim
            for (var round = 0; round < config.Tickets.Rounds; round++)
            {
                var left = Math.Pow(0.8, round);
                var accuracy = left > 0.52 ? 60 - (round * 30) : 60 - loss;
                yield return ("tickets-supervised.rounds", new TicketRow(seed, round + 1, start, round, left, accuracy, accuracy + 1, accuracy, 1.5));
            }
        }
    }
}
