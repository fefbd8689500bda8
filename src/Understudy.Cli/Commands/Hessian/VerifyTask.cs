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
            ("H = G + R, relative", Norm([.. hv.Zip(gv, (h, g) => h - g).Zip(Product(curvature.Residual, v), (x, y) => x - y)]) / Norm(hv), rounding),
            ("vᵀGv below 0, relative", Math.Max(0, -Dot(v, gv)) / (Norm(gv) * Norm(v)), rounding),
            ("vᵀSv below 0, relative", Math.Max(0, -Dot(v, sv)) / (Norm(sv) * Norm(v)), rounding),
        };
        var notes = new List<string>();
        if (material.Options.Block is null && isDouble && material.Mlp is { } network)
        {
            var traces = ExactTraces.Of(new MlpPoint(network, material.Loss, material.Examples, material.Point), material.Team);
            checks.Add(("‖g‖² at most tr S", Math.Max(0, Square(curvature.Gradient()) - traces.SecondMoment) / traces.SecondMoment, rounding));
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
            ], document);
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

    private static double Relative(double a, double b, double size) => Math.Abs(a - b) / size;

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static double Square(double[] x) => Dot(x, x);

    private static double Norm(double[] x) => Math.Sqrt(Square(x));
}
