using Understudy.Lab.Runs;
using Understudy.Studies.Judging;

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

    internal Probed? Restart { get; } = Of(runs, RandomTeacherPart.Restart);

    internal Probed? Again { get; } = Probed.Of(runs, PartNames.Again, _ => new RandomTeacherConfig());

    internal Probed? Valley { get; } = Of(runs, RandomTeacherPart.Valley);

    /// <summary>The lines from teacher to student with the settings of the last run; null where there is none.</summary>
    internal (RandomTeacherConfig Config, IReadOnlyList<SegmentRow> Rows, int LeftOut)? Segments { get; } = Rows<SegmentRow>(runs, "valley.segment");

    /// <summary>The planes.</summary>
    internal (RandomTeacherConfig Config, IReadOnlyList<PlaneRow> Rows, int LeftOut)? Planes { get; } = Rows<PlaneRow>(runs, "valley.plane");

    /// <summary>The trainings of a part, in the order in which they were recorded; empty where it was not run.</summary>
    internal IReadOnlyList<TrainingRow> Training(RandomTeacherPart part)
        => [.. runs.Where(run => run.Tables.Contains(PartNames.Training(PartNames.Of(part)))).TakeLast(1).SelectMany(run => run.Table<TrainingRow>(PartNames.Training(PartNames.Of(part))))];

    private static Probed? Of(IReadOnlyList<RunRecord> runs, RandomTeacherPart part) => Probed.Of(runs, PartNames.Of(part), config => Section(config, part));

    private static RandomTeacherConfig Section(RandomTeacherConfig config, RandomTeacherPart part) => part switch
    {
        RandomTeacherPart.Distillation => new() { Distillation = config.Distillation },
        RandomTeacherPart.Valley => new() { Valley = config.Valley with { Plane = 0, PlaneImages = 0 } },
        RandomTeacherPart.Locality => new() { Locality = config.Locality },
        RandomTeacherPart.Sizes => new() { Sizes = config.Sizes },
        RandomTeacherPart.Transfer => new() { Transfer = config.Transfer },
        RandomTeacherPart.Architectures => new() { Architectures = config.Architectures },
        RandomTeacherPart.Outputs => new() { Outputs = config.Outputs },
        RandomTeacherPart.Bottlenecks => new() { Bottlenecks = config.Bottlenecks },
        _ => new(),
    };

    private static (RandomTeacherConfig, IReadOnlyList<TRow>, int)? Rows<TRow>(IReadOnlyList<RunRecord> runs, string table)
        where TRow : notnull
        => PooledRuns<RandomTeacherConfig>.Of(runs, table, config => Probed.Protocol(config, own => Section(own, RandomTeacherPart.Valley))) is { } pooled
            && pooled.Runs.SelectMany(run => run.Table<TRow>(table)).ToArray() is { Length: > 0 } rows
            ? (pooled.Config, rows, pooled.LeftOut)
            : null;
}
