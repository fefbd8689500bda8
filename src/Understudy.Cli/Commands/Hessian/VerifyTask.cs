using System.Text.Json.Nodes;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Whether the curvature of the user's own model keeps its laws: symmetry, the split, differences, traces.</summary>
internal static class VerifyTask
{
    private const double Step = 1e-5;
    private const int MostExact = 2500;

    internal static TaskResult Run(Material material, TaskOptions options)
    {
        using var curvature = material.Curvature();
        var n = curvature.Size;
        var draws = new RandomSequence(options.Seed, "hessian/verify");
        double[] u = Draw(draws, 0, n), v = Draw(draws, 1, n);
        double[] hv = Product(curvature.Hessian, v), gv = Product(curvature.GaussNewton, v), sv = Product(curvature.SecondMoment, v);
        var isDouble = material.Options.Precision == Engine.DType.F64;
        var rounding = isDouble ? 1e-12 : 1e-4;
        var checks = new List<(string Name, double Value, double Bar)>
        {
            ("uᵀHv = vᵀHu, relative", Relative(Dot(u, hv), Dot(v, Product(curvature.Hessian, u)), Norm(hv) * Norm(u)), rounding),
            ("uᵀGv = vᵀGu, relative", Relative(Dot(u, gv), Dot(v, Product(curvature.GaussNewton, u)), Norm(gv) * Norm(u)), rounding),
            ("vᵀGv below 0, relative", Relative(Math.Max(0, -Dot(v, gv)), 0, Norm(gv) * Norm(v)), rounding),
            ("vᵀSv below 0, relative", Relative(Math.Max(0, -Dot(v, sv)), 0, Norm(sv) * Norm(v)), rounding),
        };
        var notes = new List<string>();
        if (material.Options.Block is null && isDouble && material.Mlp is { } network)
        {
            var traces = ExactTraces.Of(new MlpPoint(network, material.Loss, material.Examples, material.Point), material.Team);
            if (n <= MostExact)
                Exact(new MlpPoint(network, material.Loss, material.Examples, material.Point), material, v, hv, gv, checks);
            else
                notes.Add(Invariant($"products are compared with whole matrices up to {MostExact:N0} parameters only"));
            checks.Add(("‖g‖² at most tr S", Relative(Math.Max(0, Square(curvature.Gradient()) - traces.SecondMoment), 0, traces.SecondMoment), rounding));
            if (!network.Activation.IsPiecewiseLinear)
                checks.Add(("central differences of the gradient, relative", Differences(material, v, hv), 1e-5));
            else
                notes.Add("central differences are left out: they also count the kinks of rectifiers that the step crosses");
        }

        var document = new JsonObject(checks.Select(check => KeyValuePair.Create<string, JsonNode?>(check.Name, new JsonObject { ["value"] = check.Value, ["bar"] = check.Bar, ["holds"] = check.Value <= check.Bar })));
        var failed = checks.Count(check => !(check.Value <= check.Bar));
        return new TaskResult(
            [
                .. SpectrumTasks.At(curvature),
                .. checks.Select(check => Invariant($"{(check.Value <= check.Bar ? "holds" : "FAILS"),-6} {check.Name}: {check.Value:0.0e0} (at most {check.Bar:0e0})")),
                .. notes,
                failed == 0 ? "all hold" : Invariant($"{failed} of {checks.Count} fail"),
            ], document)
        {
            Failed = failed > 0,
        };
    }

    /// <summary>Products against the closed forms of whole matrices, which share no code with them.</summary>
    private static void Exact(MlpPoint point, Material material, double[] v, double[] hv, double[] gv, List<(string Name, double Value, double Bar)> checks)
    {
        var n = v.Length;
        double[] Times(CurvatureMatrix matrix, out double trace)
        {
            var entries = ExactHessian.Of(point, new ExactOptions { Matrix = matrix, MemoryBytes = long.MaxValue, Team = material.Team });
            trace = Enumerable.Range(0, n).Sum(i => entries[(i * n) + i]);
            return [.. Enumerable.Range(0, n).Select(row => Dot(entries[(row * n)..((row + 1) * n)], v))];
        }

        double[] h = Times(CurvatureMatrix.Hessian, out var trace), g = Times(CurvatureMatrix.GaussNewton, out var traceG), r = Times(CurvatureMatrix.Residual, out _);
        checks.Add(("Hv by products and by the whole matrix, relative", Relative(Norm([.. h.Zip(hv, (x, y) => x - y)]), 0, Norm(h)), 1e-11));
        checks.Add(("Gv by products and by the whole matrix, relative", Relative(Norm([.. g.Zip(gv, (x, y) => x - y)]), 0, Norm(g)), 1e-11));
        checks.Add(("Hv = Gv + Rv with R in closed form, relative", Relative(Norm([.. hv.Zip(gv, (x, y) => x - y).Zip(r, (x, y) => x - y)]), 0, Norm(hv)), 1e-11));
        if (point.Network.Activation.IsPiecewiseLinear)
            checks.Add(("tr H = tr G for rectified nodes, relative", Relative(trace, traceG, Math.Abs(traceG)), 1e-11));
    }

    private static double Differences(Material material, double[] v, double[] product)
    {
        using var curvature = material.Curvature();
        double[] At(double sign)
        {
            curvature.MoveTo([.. material.Point.Zip(v, (at, direction) => at + (sign * Step * direction))]);
            return curvature.Gradient();
        }

        var difference = At(1).Zip(At(-1), (after, before) => (after - before) / (2 * Step)).Zip(product, (x, y) => x - y);
        return Norm([.. difference]) / Norm(product);
    }

    /// <summary>A direction of length about 1, so that a step along it stays small.</summary>
    private static double[] Draw(RandomSequence draws, long step, int size)
    {
        var values = new double[size];
        draws.FillNormal(step, values);
        return [.. values.Select(value => value / Math.Sqrt(size))];
    }

    private static double[] Product(ISymmetricOperator matrix, double[] vector)
    {
        var product = new double[vector.Length];
        matrix.Apply(vector, product);
        return product;
    }

    /// <summary>Equal numbers agree, whatever their size: of a matrix that vanishes too.</summary>
    private static double Relative(double a, double b, double size) => a.Equals(b) ? 0 : Math.Abs(a - b) / size;

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static double Square(double[] x) => Dot(x, x);

    private static double Norm(double[] x) => Math.Sqrt(Square(x));
}
