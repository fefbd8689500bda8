using Understudy.Lab.Figures;
using Understudy.Learning.OnlineLearning;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-online: simulated students as dots over the equations as lines.</summary>
internal static class OnlineFigures
{
    private const int MostPoints = 1200;
    private const int MostSeeds = 8;
    private const int MostNodes = 6;

    internal static Figure Overlay(OnlineEvidence evidence)
    {
        var part = evidence.Config.Online;
        OnlineRow[][] seeds = [.. evidence.Seeds.Select(seed => seed.Where(row => !row.Diverged).ToArray()).Where(seed => seed.Length > 0).Take(MostSeeds)];
        var first = seeds.Length > 0 ? seeds[0] : [];
        var small = part.Activation == FieldActivation.Relu ? ", for small learning rates" : "";
        var panels = new List<Panel> { Errors(seeds, part) };
        var (k, m) = (part.StudentNodes, part.TeacherNodes);
        panels.Add(Overlaps(
            "R of one seed", "overlap with a teacher node R", first, part.Duration, Math.Min(m, MostNodes), k,
            group => $"teacher node {group}", (row, group, node) => row.R[(node * m) + group], (row, group, node) => row.EquationsR[(node * m) + group]));
        panels.Add(Overlaps(
            "Q of one seed", "squared length of a student node Q", first, part.Duration, Math.Min(k, MostNodes), 1,
            group => $"student node {group}", (row, group, _) => row.Q[(group * k) + group], (row, group, _) => row.EquationsQ[(group * k) + group]));
        if (part.Layers == OnlineLayers.Both)
        {
            panels.Add(Overlaps(
                "v of one seed", "output weight of a student node v", first, part.Duration, Math.Min(k, MostNodes), 1,
                group => $"student node {group}", (row, group, _) => row.FanOut[group], (row, group, _) => row.EquationsFanOut[group]));
        }

        return new Figure(
            "online-learning", "Learning from one sample at a time, and the equations for many inputs",
            FormattableString.Invariant($"Dots: simulated students of {k} nodes and {part.Inputs:N0} inputs that learn from a teacher of {m} nodes. Lines: the differential equations of the order parameters{small}, started from the same values and fitted to nothing. Time counts samples over inputs."),
            panels, Columns: panels.Count == 4 ? 2 : 3);
    }

    private static Panel Errors(OnlineRow[][] seeds, OnlineConfig part)
    {
        var layers = new List<Layer>();
        foreach (var seed in seeds)
            layers.Add(new LineLayer("equations", Positive(seed.Select(row => new XY(row.Time, row.Equations))), SeriesRole.Teacher, Opacity: 0.7));
        XY[] dots = [.. seeds.SelectMany(seed => RecoveryFigures.Thinned(Positive(seed.Select(row => new XY(row.Time, row.Error))), MostPoints / seeds.Length))];
        layers.Add(new PointLayer("simulation", dots, SeriesRole.Student, Size: 10));
        return new Panel(
            seeds.Length == 1 ? "error" : "error of each seed", new Axis("time t", Min: 0, Max: part.Duration), new Axis("generalization error ε_g", Logarithmic: true), layers);
    }

    /// <summary>Lines and dots of one seed: a color per group, and in each group a curve per node.</summary>
    private static Panel Overlaps(
        string title, string axis, OnlineRow[] seed, double duration, int groups, int nodes, Func<int, string> name,
        Func<OnlineRow, int, int, double> simulated, Func<OnlineRow, int, int, double> equations)
    {
        var layers = new List<Layer>();
        for (var group = 0; group < groups; group++)
        {
            for (var node = 0; node < nodes; node++)
                layers.Add(new LineLayer(name(group), [.. seed.Select(row => new XY(row.Time, equations(row, group, node)))]));
            var dots = Enumerable.Range(0, nodes).SelectMany(node => seed.Select(row => new XY(row.Time, simulated(row, group, node))));
            layers.Add(new PointLayer(name(group), [.. RecoveryFigures.Thinned(dots, MostPoints / groups)], Size: 10));
        }

        return new Panel(title, new Axis("time t", Min: 0, Max: duration), new Axis(axis), layers);
    }

    private static XY[] Positive(IEnumerable<XY> points) => [.. points.Where(point => point.Y > 0)];
}
