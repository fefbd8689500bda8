using Understudy.Lab.Figures;
using Understudy.Learning.OnlineLearning;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-online: simulated students as dots over the equations as lines, which go on alone.</summary>
internal static class OnlineFigures
{
    private const int MostSeeds = 8;
    private const int MostNodes = 6;

    /// <summary>Dots of one curve stand at least this far apart in time, as a ratio.</summary>
    private const double Apart = 1.2;

    internal static Figure Overlay(OnlineEvidence evidence)
    {
        var part = evidence.Config.Online;
        var (k, m) = (part.StudentNodes, part.TeacherNodes);
        var one = new Curves(evidence, 0);
        Curves[] seeds = [.. Enumerable.Range(0, Math.Min(evidence.Seeds.Count, MostSeeds)).Select(seed => new Curves(evidence, seed))];
        var panels = new List<Panel>
        {
            Errors(seeds),
            Overlaps(
                "R of one seed", "overlap with a teacher node R", one, Math.Min(m, MostNodes), Math.Min(k, MostNodes),
                group => $"student nodes with teacher node {group}", (group, node) => new Entry(Quantity.R, (node * m) + group)),
            Overlaps(
                "Q of one seed", "squared length of a student node Q", one, Math.Min(k, MostNodes), 1,
                group => $"student node {group}", (group, _) => new Entry(Quantity.Q, (group * k) + group)),
        };
        if (part.Layers == OnlineLayers.Both)
        {
            panels.Add(Overlaps(
                "v of one seed", "output weight of a student node v", one, Math.Min(k, MostNodes), 1, group => $"student node {group}", (group, _) => new Entry(Quantity.FanOut, group)));
        }

        var small = part.Activation == FieldActivation.Relu ? ", which hold for small learning rates" : "";
        var figure = new Figure(
            "online-learning", "Learning from fresh samples, and the equations for many inputs",
            FormattableString.Invariant($"Dots: simulated students of {k} nodes and {part.Inputs:N0} inputs that learn from a teacher of {m} nodes. Lines: the differential equations of the order parameters{small}, started from the same values with nothing fitted; they go on after the simulation. Time is the number of steps over that of inputs."),
            panels, Columns: 2).Sharing(x: true, y: false);
        return figure with { Panels = [.. figure.Panels, Deviations(seeds, part.Duration), .. SignErrors(evidence, part.Duration)] };
    }

    private static Panel Errors(Curves[] seeds)
    {
        var layers = new List<Layer>();
        foreach (var seed in seeds)
            layers.Add(new LineLayer("equations", Positive(seed.Line(default)), SeriesRole.Teacher, Opacity: 0.6));
        layers.Add(new PointLayer("simulation", Positive(seeds.SelectMany(seed => seed.Dots(default))), SeriesRole.Student, Size: 12));
        return new Panel(seeds.Length == 1 ? "error" : "error of each seed", Time, new Axis("generalization error ε_g", Logarithmic: true), layers);
    }

    /// <summary>What S22 judges, on the time of the simulation alone.</summary>
    private static Panel Deviations(Curves[] seeds, double duration) => new(
        "simulation against equations", new Axis("time t of the simulation", Min: 0, Max: duration), new Axis("relative error of ε_g", Min: 0),
        [
            .. seeds.Select(seed => new LineLayer("simulation", seed.Deviations, SeriesRole.Student, Opacity: 0.6)),
            new RuleLayer("dashed: bar of S22", SpecializationClaims.OnlineDeviation),
        ]);

    /// <summary>How often the signs of the outputs differ; nothing where a run did not estimate it.</summary>
    private static IEnumerable<Panel> SignErrors(OnlineEvidence evidence, double duration)
    {
        OnlineRow[][] seeds = [.. evidence.Seeds.Take(MostSeeds).Select(seed => seed.Where(row => row is { Diverged: false, SignError: not null }).ToArray())];
        if (seeds.All(seed => seed.Length == 0))
            yield break;
        yield return new Panel(
            "sign of the output", new Axis("time t of the simulation", Min: 0, Max: duration), new Axis("share of inputs with the other sign", Min: 0),
            [
                .. seeds.Select(seed => new LineLayer("equations", [.. seed.Select(row => new XY(row.Time, row.EquationsSignError ?? double.NaN))], SeriesRole.Teacher, Opacity: 0.6)),
                new PointLayer("simulation", [.. seeds.SelectMany(seed => seed.Select(row => new XY(row.Time, row.SignError ?? double.NaN)))], SeriesRole.Student, Size: 8, Opacity: 0.6),
            ]);
    }

    /// <summary>Lines and dots of one seed: a color per group, and in each group a curve per node.</summary>
    private static Panel Overlaps(string title, string axis, Curves seed, int groups, int nodes, Func<int, string> name, Func<int, int, Entry> entry)
    {
        var layers = new List<Layer>();
        for (var group = 0; group < groups; group++)
        {
            for (var node = 0; node < nodes; node++)
                layers.Add(new LineLayer(name(group), seed.Line(entry(group, node))));
            layers.Add(new PointLayer(name(group), [.. Enumerable.Range(0, nodes).SelectMany(node => seed.Dots(entry(group, node)))], Size: 14));
        }

        return new Panel(title, Time, new Axis(axis), layers);
    }

    private static Axis Time => new("time t", Logarithmic: true);

    private static XY[] Positive(IEnumerable<XY> points) => [.. points.Where(point => point.Y > 0)];

    private enum Quantity
    {
        Error,
        Q,
        R,
        FanOut,
    }

    /// <summary>One number of a row: an entry of an order parameter, or the error.</summary>
    private readonly record struct Entry(Quantity Quantity, int Index);

    /// <summary>What one seed recorded after time 0, which has no place on a logarithmic axis.</summary>
    private sealed class Curves(OnlineEvidence evidence, int seed)
    {
        private readonly OnlineRow[] _rows = [.. evidence.Seeds[seed].Where(row => !row.Diverged && row.Time > 0)];
        private readonly OnlineEquationsRow[] _alone = evidence.Alone[seed];

        internal XY[] Deviations => [.. _rows.Select(row => new XY(row.Time, row.Deviation))];

        internal XY[] Line(Entry entry) =>
        [
            .. _rows.Select(row => new XY(row.Time, Of(entry, row.Equations, row.EquationsQ, row.EquationsR, row.EquationsFanOut))),
            .. _alone.Select(row => new XY(row.Time, Of(entry, row.Error, row.Q, row.R, row.FanOut))),
        ];

        internal IEnumerable<XY> Dots(Entry entry)
        {
            var last = 0.0;
            foreach (var row in _rows.Where(row => row.Time >= last * Apart))
            {
                last = row.Time;
                yield return new XY(row.Time, Of(entry, row.Error, row.Q, row.R, row.FanOut));
            }
        }

        private static double Of(Entry entry, double error, IReadOnlyList<double> q, IReadOnlyList<double> r, IReadOnlyList<double> fanOut) => entry.Quantity switch
        {
            Quantity.Error => error,
            Quantity.Q => q[entry.Index],
            Quantity.R => r[entry.Index],
            _ => fanOut[entry.Index],
        };
    }
}
