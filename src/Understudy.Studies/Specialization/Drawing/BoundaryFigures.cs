using Understudy.Data.Formats;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Experiments;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-boundary: where the boundaries of teacher and student lie in the plane, epoch by epoch.</summary>
internal static class BoundaryFigures
{
    private const string Array = PartNames.Boundaries + ".weights";
    private const double Faintest = 0.12;
    private const int MostFrames = 40;

    /// <summary>Half the side of the drawn square, in standard deviations of the inputs.</summary>
    private const double Reach = 2.5;

    internal static Figure Panels(RunRecord run)
    {
        var config = (SpecializationConfig)run.Config;
        var plan = TwoLayerPlans.Plane(config);
        long[] steps = [.. run.Steps(Array).Where(step => config.Boundaries.Shown.Contains((int)(step / plan.Training.EpochSteps)))];
        var side = Reach * config.Data.Deviation;
        var panels = from seed in Enumerable.Range(0, plan.Seeds)
                     from step in steps
                     select Panel(run.Arrays(Array, step), plan, seed, step, side);
        return new Figure(
            "boundaries", "Boundaries of teacher and student nodes in the input plane",
            "Lines where the hidden nodes switch on; one row per seed. Teacher boundaries are dark; student boundaries are dashed, and the fainter the smaller their fan-out.",
            [.. panels], Columns: steps.Length);
    }

    /// <summary>The same, seed by seed in a row, at every recorded epoch.</summary>
    internal static Figure Movie(RunRecord run)
    {
        var config = (SpecializationConfig)run.Config;
        var plan = TwoLayerPlans.Plane(config);
        var side = Reach * config.Data.Deviation;
        var frames = Thinned(run.Steps(Array)).Select(step =>
        {
            var arrays = run.Arrays(Array, step);
            return new Frame($"epoch {step / plan.Training.EpochSteps}", [.. Enumerable.Range(0, plan.Seeds).Select(seed => Panel(arrays, plan, seed, step, side))]);
        });
        return Figure.Moving(
            "boundary-movie", "Boundaries of the nodes while the student learns",
            "Lines in the input plane where the hidden nodes switch on, one panel per seed. Teacher boundaries are dark and stay; student boundaries are dashed, and the fainter the smaller their fan-out. Slide through the epochs.",
            [.. frames], Columns(plan.Seeds));
    }

    private static int Columns(int seeds) => Math.Min(3, seeds);

    private static IEnumerable<long> Thinned(IReadOnlyList<long> steps)
    {
        var stride = Math.Max(1, (steps.Count + MostFrames - 1) / MostFrames);
        return steps.Where((_, i) => i % stride == 0 || i == steps.Count - 1);
    }

    private static Panel Panel(IReadOnlyDictionary<string, Tensor> arrays, ExperimentPlan plan, int seed, long step, double side)
    {
        var name = FormattableString.Invariant($"r{plan.Student.OverRealization[0]}");
        var teacher = Lines(arrays, "teacher", seed, side, SeriesRole.Teacher);
        var student = Lines(arrays, name, seed, side, SeriesRole.Student);
        return new Panel(
            $"seed {seed}, epoch {step / plan.Training.EpochSteps}", new Axis("x₁", Min: -side, Max: side), new Axis("x₂", Min: -side, Max: side),
            [.. teacher, .. student]);
    }

    private static IEnumerable<Layer> Lines(IReadOnlyDictionary<string, Tensor> arrays, string name, int network, double side, SeriesRole role)
    {
        var (weights, biases) = (arrays[$"{name}.hidden.weight"], arrays[$"{name}.hidden.bias"]);
        var fanOut = FanOuts(arrays[$"{name}.output.weight"], network);
        var largest = fanOut.Max();
        for (var k = 0; k < fanOut.Length; k++)
        {
            var at = (network * fanOut.Length) + k;
            if (Segment(weights.Floats[2 * at], weights.Floats[(2 * at) + 1], biases.Floats[at], side) is not { } ends)
                continue;
            var opacity = role == SeriesRole.Teacher || !(largest > 0) ? 1 : Math.Max(Faintest, fanOut[k] / largest);
            yield return new LineLayer(k == 0 ? $"{(role == SeriesRole.Teacher ? "teacher" : "student")} boundary" : "", ends, role, Dashed: role == SeriesRole.Student, Opacity: opacity);
        }
    }

    private static double[] FanOuts(Tensor output, int network)
    {
        var (outputs, nodes) = (output.Shape[1], output.Shape[2]);
        var norms = new double[nodes];
        for (var c = 0; c < outputs; c++)
        {
            for (var k = 0; k < nodes; k++)
                norms[k] += Math.Pow(output.Floats[(((network * outputs) + c) * nodes) + k], 2);
        }

        return [.. norms.Select(Math.Sqrt)];
    }

    /// <summary>The part of the line u·x₁ + v·x₂ + b = 0 inside the square, or null.</summary>
    private static XY[]? Segment(double u, double v, double b, double side)
    {
        var ends = new List<XY>();
        foreach (var edge in (double[])[-side, side])
        {
            if (v != 0 && Math.Abs((b + (u * edge)) / v) <= side)
                ends.Add(new XY(edge, -(b + (u * edge)) / v));
            if (u != 0 && Math.Abs((b + (v * edge)) / u) <= side)
                ends.Add(new XY(-(b + (v * edge)) / u, edge));
        }

        return ends.Count < 2 ? null : [ends[0], ends[^1]];
    }
}
