using Understudy.Lab.Runs;
using Understudy.Studies.Hessian.Parts;
using Understudy.Studies.Judging;

namespace Understudy.Studies.Hessian.Judging;

/// <summary>What the runs of one protocol recorded in a table, seed by seed.</summary>
/// <param name="Config">The configuration of the last of them.</param>
/// <param name="Seeds">The rows of each seed, in the order they were recorded.</param>
/// <param name="LeftOut">Runs that hold the table with another protocol.</param>
internal sealed record Recorded<TRow>(HessianConfig Config, IReadOnlyList<TRow[]> Seeds, int LeftOut)
    where TRow : notnull
{
    /// <summary>The run's and the own number of each of the seeds: what matches tables that not every seed has whole.</summary>
    internal IReadOnlyList<SeedId> Ids { get; private init; } = [];

    /// <summary>All rows of the pooled runs.</summary>
    internal IEnumerable<TRow> All => Seeds.SelectMany(seed => seed);

    /// <summary>Null where no run holds a whole seed of the table.</summary>
    /// <param name="runs">All there are.</param>
    /// <param name="table">The table.</param>
    /// <param name="protocol">The part's section alone, without its number of seeds.</param>
    /// <param name="seed">The seed of a row.</param>
    /// <param name="rows">The rows of a seed that was measured to its end; others are left out.</param>
    internal static Recorded<TRow>? Of(
        IReadOnlyList<RunRecord> runs, string table, Func<HessianConfig, HessianConfig> protocol, Func<TRow, int> seed, Func<HessianConfig, int> rows)
    {
        if (PooledRuns<HessianConfig>.Of(runs, table, protocol) is not { } pooled)
            return null;
        var bySeed = from run in pooled.Runs
                     from row in run.Table<TRow>(table)
                     group row by new SeedId(run.Config.Seed, seed(row)) into own
                     orderby own.Key
                     select (Id: own.Key, Rows: own.Take(rows(pooled.Config)).ToArray());
        var seeds = bySeed.Where(own => own.Rows.Length == rows(pooled.Config)).ToArray();
        return seeds.Length == 0 ? null : new Recorded<TRow>(pooled.Config, [.. seeds.Select(own => own.Rows)], pooled.LeftOut) { Ids = [.. seeds.Select(own => own.Id)] };
    }
}

/// <summary>The evidence of every part.</summary>
internal sealed class Evidence(IReadOnlyList<RunRecord> runs)
{
    internal Recorded<SpectrumRow>? Spectra { get; } = Recorded<SpectrumRow>.Of(runs, "widths.spectra", Widths, row => row.Seed, config => 2 * config.Widths.Hidden.Count);

    internal Recorded<SpectrumShapeRow>? Shapes { get; } = Recorded<SpectrumShapeRow>.Of(runs, "widths.shapes", Widths, row => row.Seed, config => 2 * config.Widths.Hidden.Count);

    internal Recorded<WideRow>? Wide { get; } = Recorded<WideRow>.Of(runs, "widths.wide", Widths, row => row.Seed, config => 2 * config.Widths.Wide.Count);

    internal Recorded<ConcentrationRow>? Concentration { get; } = Recorded<ConcentrationRow>.Of(
        runs, "widths.concentration", Widths, row => row.Seed, config => 2 * (config.Widths.Hidden.Count + config.Widths.Wide.Count));

    internal Recorded<SharpnessRow>? Sharpness { get; } = Recorded<SharpnessRow>.Of(runs, "widths.sharpness", Widths, row => row.Seed, _ => 1);

    internal Recorded<ZerosRow>? Zeros { get; } = Recorded<ZerosRow>.Of(runs, "widths.zeros", Widths, row => row.Seed, _ => 1);

    internal Recorded<RescalingRow>? Rescaling { get; } = Recorded<RescalingRow>.Of(runs, "widths.rescaling", Widths, row => row.Seed, _ => 1);

    internal Recorded<ClassStructureRow>? Classes { get; } = Recorded<ClassStructureRow>.Of(runs, "widths.classes", Widths, row => row.Seed, config => config.Widths.Hidden.Count);

    internal Recorded<SubspaceRow>? Subspaces { get; } = Recorded<SubspaceRow>.Of(runs, "widths.subspaces", Widths, row => row.Seed, _ => WidthsPart.MomentCount);

    internal Recorded<OutlierRow>? Outliers { get; } = Clusters(runs, "clusters.outliers");

    /// <summary>The variants of part clusters that were run, each with what it recorded.</summary>
    internal IReadOnlyList<(ClustersVariant Variant, Recorded<OutlierRow> Outliers)> Variants { get; } =
    [
        .. Enum.GetValues<ClustersVariant>().Select(variant => (Variant: variant, Outliers: Clusters(runs, PartNames.Variant(variant)))).Where(item => item.Outliers is not null).Select(item => (item.Variant, item.Outliers!)),
    ];

    internal Recorded<BatchRow>? Batches { get; } = Recorded<BatchRow>.Of(
        runs, "batches.spectra", config => new HessianConfig { Batches = config.Batches with { Seeds = 0 } }, row => row.Seed, _ => 2);

    internal Recorded<LineRow>? PathLines { get; } = Recorded<LineRow>.Of(runs, "path.lines", Path, row => row.Seed, _ => 2);

    internal Recorded<PhasesRow>? Phases { get; } = Recorded<PhasesRow>.Of(runs, "path.training", Path, row => row.Seed, _ => 1);

    internal Recorded<BlobRow>? Blobs { get; } = Recorded<BlobRow>.Of(
        runs, "blobs.spectra", config => new HessianConfig { Blobs = config.Blobs with { Seeds = 0 } }, row => row.Seed, config => config.Blobs.Deviations.Count);

    internal Recorded<MatrixRow>? Matrices { get; } = Recorded<MatrixRow>.Of(
        runs, "matrices.spectra", config => new HessianConfig { Matrices = config.Matrices with { Seeds = 0 } }, row => row.Seed, config => 2 * config.Matrices.Ratios.Count);

    internal Recorded<LineRow>? Lines { get; } = Recorded<LineRow>.Of(
        runs, "lines.losses", config => new HessianConfig { Lines = config.Lines with { Seeds = 0 } }, row => row.Seed, config => 2 * (config.Lines.Moments + 1));

    internal Recorded<EdgeRow>? Edge { get; } = Recorded<EdgeRow>.Of(
        runs, "edge.sharpness", config => new HessianConfig { Edge = config.Edge with { Seeds = 0 } }, row => row.Seed, config => config.Edge.LearningRates.Count);

    internal Recorded<StartRow>? Starts { get; } = Recorded<StartRow>.Of(
        runs, "scatter.starts", config => new HessianConfig { Scatter = config.Scatter with { Seeds = 0 } }, row => row.Seed, config => config.Scatter.Starts);

    internal Recorded<SizeRow>? Sizes { get; } = Recorded<SizeRow>.Of(
        runs, "sizes.spectra", config => new HessianConfig { Sizes = config.Sizes with { Seeds = 0 } }, row => row.Seed, config => config.Sizes.Hidden.Count);

    private static Recorded<OutlierRow>? Clusters(IReadOnlyList<RunRecord> runs, string table) => Recorded<OutlierRow>.Of(
        runs, table, config => new HessianConfig { Clusters = config.Clusters with { Seeds = 0, Variants = [] } }, row => row.Seed, config => config.Clusters.Classes.Count);

    private static HessianConfig Widths(HessianConfig config) => new() { Widths = config.Widths with { Seeds = 0 } };

    private static HessianConfig Path(HessianConfig config) => new() { Path = config.Path with { Seeds = 0 } };
}
