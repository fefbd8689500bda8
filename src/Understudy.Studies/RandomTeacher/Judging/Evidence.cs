using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>The evidence of every part.</summary>
internal sealed class Evidence(IReadOnlyList<RunRecord> runs)
{
    internal Probed? Distillation { get; } = Of(runs, RandomTeacherPart.Distillation);

    internal Probed? Locality { get; } = Of(runs, RandomTeacherPart.Locality);

    internal Probed? Sizes { get; } = Of(runs, RandomTeacherPart.Sizes);

    internal Probed? Transfer { get; } = Of(runs, RandomTeacherPart.Transfer);

    internal Probed? Architectures { get; } = Of(runs, RandomTeacherPart.Architectures);

    internal Probed? Outputs { get; } = Of(runs, RandomTeacherPart.Outputs);

    internal Probed? Bottlenecks { get; } = Of(runs, RandomTeacherPart.Bottlenecks);

    internal Probed? Ladder { get; } = Of(runs, RandomTeacherPart.Ladder);

    internal Probed? Restart { get; } = Of(Restarted(runs), RandomTeacherPart.Restart);

    internal Probed? Again { get; } = Probed.Of(Restarted(runs), RandomTeacherPart.Restart, PartNames.Again);

    /// <summary>The lines from teacher to student.</summary>
    internal Recorded<SegmentRow>? Segments { get; } = Recorded<SegmentRow>.Of(runs, "valley.segment", RandomTeacherPart.Valley, row => row.Seed, _ => 1);

    /// <summary>The planes.</summary>
    internal Recorded<PlaneRow>? Planes { get; } = Recorded<PlaneRow>.Of(runs, "valley.plane", RandomTeacherPart.Valley, row => row.Seed, _ => 1);

    /// <summary>Supervised trainings in several orders.</summary>
    internal Recorded<ErrorsRow>? Errors { get; } = Recorded<ErrorsRow>.Of(runs, $"{PartNames.Supervised(RandomTeacherPart.Connectivity)}.errors", RandomTeacherPart.Connectivity, row => row.Seed, config => 2 * config.Connectivity.Orders);

    /// <summary>The lines between them.</summary>
    internal Recorded<InstabilityRow>? Lines { get; } = Recorded<InstabilityRow>.Of(runs, $"{PartNames.Supervised(RandomTeacherPart.Connectivity)}.lines", RandomTeacherPart.Connectivity, row => row.Seed, config => config.Connectivity.Orders * (config.Connectivity.Orders - 1));

    /// <summary>Rounds of pruning.</summary>
    internal Recorded<TicketRow>? Tickets { get; } = Recorded<TicketRow>.Of(runs, $"{PartNames.Supervised(RandomTeacherPart.Tickets)}.rounds", RandomTeacherPart.Tickets, row => row.Seed, config => 2 * config.Tickets.Rounds);

    /// <summary>What the seeds of part layers share beside the layers.</summary>
    internal Probed? Layers { get; } = Of(runs, RandomTeacherPart.Layers);

    internal Probed? Controls { get; } = Of(runs, RandomTeacherPart.Controls);

    internal Probed? Targets { get; } = Of(runs, RandomTeacherPart.Targets);

    /// <summary>How far plain probes are from convergence.</summary>
    internal Recorded<AuditRow>? Audits { get; } = Recorded<AuditRow>.Of(runs, ControlsPart.Audits, RandomTeacherPart.Controls, row => row.Seed, _ => 2);

    /// <summary>Probes layer by layer.</summary>
    internal Recorded<LayerRow>? ByLayer { get; } = Recorded<LayerRow>.Of(runs, LayersPart.Table, RandomTeacherPart.Layers, row => row.Seed, LayersPart.Rows);

    /// <summary>The trainings of a part, in the order in which they were recorded; empty where it was not run.</summary>
    internal IReadOnlyList<TrainingRow> Training(RandomTeacherPart part) => Trained<TrainingRow>(part, PartNames.Training(PartNames.Of(part)));

    /// <summary>The students that a part kept before their end, of the same run; empty where there are none.</summary>
    internal IReadOnlyList<KeptRow> Kept(RandomTeacherPart part)
        => Trained<KeptRow>(part, PartNames.Kept(PartNames.Of(part)));

    /// <summary>The settings of the run whose training of a part is shown; null where it was not run.</summary>
    internal RandomTeacherConfig? TrainedBy(RandomTeacherPart part) => TrainedIn(part)?.Config as RandomTeacherConfig;

    /// <summary>A table of that run; empty where it has none of that name.</summary>
    internal IReadOnlyList<TRow> Trained<TRow>(RandomTeacherPart part, string table) => TrainedIn(part) is { } run && run.Tables.Contains(table) ? run.Table<TRow>(table) : [];

    private RunRecord? TrainedIn(RandomTeacherPart part) => runs.LastOrDefault(run => run.Tables.Contains(PartNames.Training(PartNames.Of(part))));

    private static Probed? Of(IReadOnlyList<RunRecord> runs, RandomTeacherPart part) => Probed.Of(runs, part, PartNames.Of(part));

    /// <summary>The runs that hold both rounds to their end.</summary>
    private static RunRecord[] Restarted(IReadOnlyList<RunRecord> runs) => [.. runs.Where(run => Probed.Of([run], RandomTeacherPart.Restart, PartNames.Again) is not null)];
}
