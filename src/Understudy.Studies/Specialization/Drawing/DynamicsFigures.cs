using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Learning.Probing;
using Understudy.Studies.Judging;
using Understudy.Studies.Specialization.Judging;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>Figures of part dynamics: single nodes over time, and the order in which they are found.</summary>
internal static class DynamicsFigures
{
    private const string Array = PartNames.Dynamics + ".correlations";
    private const int MostLines = 60;

    /// <summary>F-node dynamics: every student's correlation with each teacher node of one seed, and the best over all seeds.</summary>
    internal static Figure Nodes(Evidence evidence, RunRecord run)
    {
        var plan = TwoLayerPlans.Individual((SpecializationConfig)run.Config);
        var cell = plan.Cells(plan.Student.OverRealization[0]).First();
        var name = FormattableString.Invariant($"r{cell.OverRealization}");
        var steps = run.Steps(Array);
        var rho = steps.Select(step => run.Arrays(Array, step)[name]).ToArray();
        var fanOuts = evidence.Nodes(cell, evidence.LastEpoch).Values.ToArray();
        var panels = new List<Panel>();
        for (var j = 0; j < plan.Teacher.Nodes; j++)
        {
            var fanOut = fanOuts.Length > 0 ? Statistics.Mean([.. fanOuts.Select(nodes => nodes[j].FanOut)]) : double.NaN;
            var lines = new List<Layer> { new RuleLayer("dashed: recovered above 0.95", SpecializationStatistics.Recovery) };
            for (var k = 0; k < Math.Min(rho[0].Shape[2], MostLines / plan.Teacher.Nodes); k++)
                lines.Add(new LineLayer(k == 0 ? "each student node, seed 0" : "", [.. steps.Select((step, at) => new XY(step, At(rho[at], 0, j, k)))], SeriesRole.Student, Opacity: 0.6));
            lines.Add(new LineLayer(
                "best student node, mean of all seeds", [.. steps.Select((step, at) => new XY(step, Enumerable.Range(0, plan.Seeds).Average(seed => Best(rho[at], seed, j))))],
                SeriesRole.Alternative));
            panels.Add(new Panel(
                FormattableString.Invariant($"teacher node {j}, mean fan-out {fanOut:0.00}"), new Axis("training steps"), new Axis("correlation", Min: -1, Max: 1), lines));
        }

        return new Figure(
            "node-dynamics", "Correlation of student nodes with each teacher node during training",
            $"One panel per teacher node, from the largest fan-out to the smallest, at {RecoveryFigures.Words(cell.FanOutDecay)} and {RecoveryFigures.Width(cell)}: every student node of seed 0, and the best student node averaged over all seeds.",
            panels, Columns: 3);
    }

    /// <summary>F-order: time of specialization against fan-out, with the fitted power; null where nothing specialized.</summary>
    internal static Figure? Order(Evidence evidence)
    {
        var cell = evidence.Cells[0];
        var seeds = evidence.Nodes(cell, evidence.LastEpoch).Values.Select(nodes => nodes.Values.ToArray()).ToArray();
        if (!seeds.SelectMany(nodes => nodes).Any(node => node.SpecializedAt > 0))
            return null;
        var power = Statistics.Bootstrap(seeds, Power);
        XY[] medians = [.. Medians(seeds)];
        return new Figure(
            "order-of-learning", "When each teacher node is recovered, by its fan-out",
            $"Step from which each teacher node stays recovered, against its fan-out; the line joins medians over seeds. Fitted to the medians: time goes as fan-out to the power {Finding.Text(power)}.",
            [
                new Panel(
                    "", new Axis("fan-out of the teacher node ‖v*‖", Logarithmic: true), new Axis("time of specialization (training steps)", Logarithmic: true),
                    [
                        new PointLayer("teacher nodes of all seeds", [.. seeds.SelectMany(nodes => nodes).Where(node => node.SpecializedAt > 0).Select(node => new XY(node.FanOut, (double)node.SpecializedAt!))], SeriesRole.Teacher),
                        new LineLayer("median over seeds, node by node", medians, Markers: true),
                    ]),
            ]);
    }

    private static IEnumerable<XY> Medians(IReadOnlyList<NodeRow[]> seeds)
    {
        for (var j = 0; j < (seeds.Count > 0 ? seeds[0].Length : 0); j++)
        {
            var time = Statistics.Median([.. seeds.Select(nodes => (double?)nodes[j].SpecializedAt ?? double.PositiveInfinity)]);
            if (time > 0 && double.IsFinite(time))
                yield return new XY(Statistics.Mean([.. seeds.Select(nodes => nodes[j].FanOut)]), time);
        }
    }

    /// <summary>Least squares slope of log time over log fan-out, medians over seeds.</summary>
    private static double Power(IReadOnlyList<NodeRow[]> seeds)
    {
        XY[] logs = [.. Medians(seeds).Select(point => new XY(Math.Log(point.X), Math.Log(point.Y)))];
        if (logs.Length < 2)
            return double.NaN;
        var (x, y) = (logs.Average(point => point.X), logs.Average(point => point.Y));
        return logs.Sum(point => (point.X - x) * (point.Y - y)) / logs.Sum(point => (point.X - x) * (point.X - x));
    }

    private static double At(Data.Formats.Tensor rho, int replica, int teacher, int student)
        => rho.Floats[(((replica * rho.Shape[1]) + teacher) * rho.Shape[2]) + student];

    private static double Best(Data.Formats.Tensor rho, int replica, int teacher)
        => Enumerable.Range(0, rho.Shape[2]).Max(student => At(rho, replica, teacher, student));
}
