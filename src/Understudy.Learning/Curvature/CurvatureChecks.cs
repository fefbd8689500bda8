using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Learning.Geometry;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>Whether the curvature of a network keeps its laws at a point: symmetry, signs, the split H = G + R, whole matrices, traces, differences.</summary>
/// <remarks>
/// Loss, gradient and products are computed twice, the second time by other plans on one thread, and have to be the same to the bit. Every other check draws on two random directions and costs a few products; whole matrices, up to <see cref="MostExact"/> parameters, cost what <see cref="ExactHessian"/> says. A check that
/// does not apply is left out, and a note says why. Source: hessian specification, sections 1.4 and 2.3.
/// </remarks>
public sealed class CurvatureChecks
{
    /// <summary>The largest number of parameters of a network whose products are compared with whole matrices.</summary>
    public const int MostExact = 2500;

    // reverse passes of single examples
    private const int MostPasses = 1000;

    private const double Step = 1e-5;
    private const double DoubleBar = 1e-12;
    private const double SingleBar = 1e-4;
    private const double WholeBar = 1e-11;
    private const double DifferenceBar = 1e-5;

    private readonly List<CurvatureCheck> _checks = [];
    private readonly List<string> _notes = [];
    private readonly IProgress<CurvatureCheck>? _progress;

    private CurvatureChecks(IProgress<CurvatureCheck>? progress) => _progress = progress;

    /// <summary>The checks that were made, in order.</summary>
    public IReadOnlyList<CurvatureCheck> Checks => _checks;

    /// <summary>A sentence for every group of checks that was left out, with the reason.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>How many checks do not hold.</summary>
    public int Failures => _checks.Count(check => !check.Holds);

    /// <summary>Checks a network at a point.</summary>
    /// <param name="network">f.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="parameters">θ [P], in the order of the network's layout.</param>
    /// <param name="options">Precision, block, batches and threads of the products that are checked.</param>
    /// <param name="seed">Of the two directions.</param>
    /// <param name="progress">Told of every check as soon as it is made.</param>
    /// <param name="cancellation">Looked at between checks.</param>
    /// <exception cref="ArgumentException">Network, loss, examples and parameters do not fit together, or the block is empty.</exception>
    public static CurvatureChecks Of(
        INetwork network, OutputLoss loss, ExampleSet examples, double[] parameters, CurvatureOptions? options = null, ulong seed = 1, IProgress<CurvatureCheck>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        options ??= new CurvatureOptions();
        using var curvature = new NetworkCurvature(network, loss, examples, parameters, options);
        var draws = new RandomSequence(seed, "hessian/verify");
        double[] u = Direction(draws, 0, curvature.Size), v = Direction(draws, 1, curvature.Size);
        var found = new CurvatureChecks(progress);
        var (hv, gv) = found.Products(curvature, u, v, options.Precision == DType.F64 ? DoubleBar : SingleBar, cancellation);
        using (var again = new NetworkCurvature(network, loss, examples, parameters, options with { Team = null }))
            found.Repeats(curvature, again, v, hv, gv, cancellation);
        if (options.Precision != DType.F64)
        {
            found._notes.Add("comparisons with whole matrices, exact traces and central differences are left out: they are for products in double precision");
            return found;
        }

        var block = new ChosenParameters(network.Layout, options.Block);
        if (network is Mlp own)
            found.ClosedForms(new MlpPoint(own, loss, examples, parameters), curvature, block, options, v, hv, gv, cancellation);
        else
            found.OneByOne(network, loss, examples, parameters, options, v, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (Kinks.Of(network) is { } kink)
            found._notes.Add($"central differences are left out: they also count the kinks of {kink} that the step crosses");
        else
            found.Add("central differences of the gradient, relative", Relative(Difference(Slope(curvature, parameters, block.Spread(v)), hv), hv), DifferenceBar);
        return found;
    }

    /// <summary>The same numbers again, of which none may differ: what changes between calls breaks symmetry, and a search for eigenvalues then fails without a word.</summary>
    private void Repeats(NetworkCurvature curvature, NetworkCurvature again, double[] v, double[] hv, double[] gv, CancellationToken cancellation)
    {
        double[] Times(ISymmetricOperator matrix)
        {
            cancellation.ThrowIfCancellationRequested();
            var product = new double[v.Length];
            matrix.Apply(v, product);
            return product;
        }

        double[] gradient = curvature.Gradient(out var loss), repeated = again.Gradient(out var repeatedLoss);
        Add("loss twice, numbers that differ", Differing([loss], [repeatedLoss]), 0);
        Add("gradient twice, numbers that differ", Differing(gradient, repeated), 0);
        Add("Hv twice, numbers that differ", Differing(hv, Times(curvature.Hessian)) + Differing(hv, Times(again.Hessian)), 0);
        Add("Gv twice, numbers that differ", Differing(gv, Times(curvature.GaussNewton)) + Differing(gv, Times(again.GaussNewton)), 0);
    }

    /// <summary>How many numbers have other bits.</summary>
    public static int Differing(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var count = Math.Abs(a.Length - b.Length);
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
            count += BitConverter.DoubleToInt64Bits(a[i]) == BitConverter.DoubleToInt64Bits(b[i]) ? 0 : 1;
        return count;
    }

    /// <summary>Laws that products keep by themselves.</summary>
    /// <returns>H v and G v.</returns>
    private (double[] Hv, double[] Gv) Products(NetworkCurvature curvature, double[] u, double[] v, double bar, CancellationToken cancellation)
    {
        double[] Times(ISymmetricOperator matrix, double[] vector)
        {
            cancellation.ThrowIfCancellationRequested();
            var product = new double[vector.Length];
            matrix.Apply(vector, product);
            return product;
        }

        double[] hv = Times(curvature.Hessian, v), gv = Times(curvature.GaussNewton, v), sv = Times(curvature.SecondMoment, v);
        Add("uᵀHv = vᵀHu, relative", Relative(Dense.Dot(u, hv), Dense.Dot(v, Times(curvature.Hessian, u)), Dense.Norm(hv) * Dense.Norm(u)), bar);
        Add("uᵀGv = vᵀGu, relative", Relative(Dense.Dot(u, gv), Dense.Dot(v, Times(curvature.GaussNewton, u)), Dense.Norm(gv) * Dense.Norm(u)), bar);
        Add("vᵀGv below 0, relative", Relative(Math.Max(0, -Dense.Dot(v, gv)), 0, Dense.Norm(gv) * Dense.Norm(v)), bar);
        Add("vᵀSv below 0, relative", Relative(Math.Max(0, -Dense.Dot(v, sv)), 0, Dense.Norm(sv) * Dense.Norm(v)), bar);
        return (hv, gv);
    }

    /// <summary>Products and gradient on the first examples against sums over single ones, which know nothing of second derivatives.</summary>
    private void OneByOne(INetwork network, OutputLoss loss, ExampleSet examples, double[] parameters, CurvatureOptions options, double[] v, CancellationToken cancellation)
    {
        _notes.Add("comparisons with whole matrices are left out: the closed forms are of fully connected networks");
        if (network.CouplesExamples)
        {
            _notes.Add("comparisons with sums over single examples are left out: here each example changes the outputs of the others");
            return;
        }

        using var curvature = new NetworkCurvature(network, loss, examples.Slice(0, Math.Clamp(MostPasses / (network.Outputs + 1), 1, examples.Count)), parameters, options);
        var sums = ExampleByExample.Of(curvature, v, cancellation);
        double[] gradient = curvature.Gradient(), gv = new double[v.Length], sv = new double[v.Length];
        curvature.GaussNewton.Apply(v, gv);
        curvature.SecondMoment.Apply(v, sv);
        Add("gradient in batches and example by example, relative", Relative(Difference(sums.Gradient, gradient), gradient), WholeBar);
        Add("Gv in batches and example by example, relative", Relative(Difference(sums.GaussNewton, gv), sums.GaussNewton), WholeBar);
        Add("Sv in batches and example by example, relative", Relative(Difference(sums.SecondMoment, sv), sums.SecondMoment), WholeBar);
        Add("‖g‖² at most tr S", Relative(Math.Max(0, Dense.Dot(gradient, gradient) - sums.SecondMomentTrace), 0, sums.SecondMomentTrace), DoubleBar);
    }

    /// <summary>Products and gradient against closed forms, which share no code with them.</summary>
    private void ClosedForms(
        MlpPoint point, NetworkCurvature curvature, ChosenParameters block, CurvatureOptions options, double[] v, double[] hv, double[] gv, CancellationToken cancellation)
    {
        if (point.Size <= MostExact)
            Whole(point, block, options, v, hv, gv, cancellation);
        else
            _notes.Add(FormattableString.Invariant($"comparisons with whole matrices are left out: they are made up to {MostExact:N0} parameters"));
        cancellation.ThrowIfCancellationRequested();
        var (gradient, secondMoment) = (curvature.Gradient(), block.Sum(ExactTraces.Of(point, options.Team).SecondMomentBySlot));
        Add("‖g‖² at most tr S", Relative(Math.Max(0, Dense.Dot(gradient, gradient) - secondMoment), 0, secondMoment), DoubleBar);
    }

    private void Whole(MlpPoint point, ChosenParameters block, CurvatureOptions options, double[] v, double[] hv, double[] gv, CancellationToken cancellation)
    {
        var (n, spread) = (point.Size, block.Spread(v));
        (double[] Product, double Trace) Times(CurvatureMatrix matrix)
        {
            var entries = ExactHessian.Of(point, new ExactOptions { Matrix = matrix, MemoryBytes = long.MaxValue, Team = options.Team }, cancellation: cancellation);
            double[] product = [.. Enumerable.Range(0, n).Select(row => Dense.Dot(entries.AsSpan(row * n, n), spread))];
            return (block.Gather(product), block.Gather([.. Enumerable.Range(0, n).Select(i => entries[(i * n) + i])]).Sum());
        }

        var (h, g, r) = (Times(CurvatureMatrix.Hessian), Times(CurvatureMatrix.GaussNewton), Times(CurvatureMatrix.Residual));
        Add("Hv by products and by the whole matrix, relative", Relative(Difference(h.Product, hv), h.Product), WholeBar);
        Add("Gv by products and by the whole matrix, relative", Relative(Difference(g.Product, gv), g.Product), WholeBar);
        Add("Hv = Gv + Rv with R in closed form, relative", Relative(Difference(Difference(hv, gv), r.Product), hv), WholeBar);
        if (point.Network.Activation.IsPiecewiseLinear)
            Add("tr H = tr G for rectified nodes, relative", Relative(h.Trace, g.Trace, Math.Abs(g.Trace)), WholeBar);
    }

    /// <summary>(∇L(θ + s v) − ∇L(θ − s v)) / 2s.</summary>
    private static double[] Slope(NetworkCurvature curvature, double[] parameters, double[] direction)
    {
        double[] At(double step)
        {
            var point = (double[])parameters.Clone();
            Dense.Add(step, direction, point);
            curvature.MoveTo(point);
            return curvature.Gradient();
        }

        return [.. At(Step).Zip(At(-Step), (after, before) => (after - before) / (2 * Step))];
    }

    private void Add(string name, double value, double bar)
    {
        _checks.Add(new CurvatureCheck(name, value, bar));
        _progress?.Report(_checks[^1]);
    }

    /// <summary>A direction of length about 1, so that a step along it stays small.</summary>
    private static double[] Direction(RandomSequence draws, long step, int size)
    {
        var values = new double[size];
        draws.FillNormal(step, values);
        return [.. values.Select(value => value / Math.Sqrt(size))];
    }

    private static double[] Difference(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a - b)];

    private static double Relative(double[] difference, double[] of) => Relative(Dense.Norm(difference), 0, Dense.Norm(of));

    /// <summary>Equal numbers agree, whatever their size: of a matrix that vanishes too.</summary>
    private static double Relative(double a, double b, double size) => a.Equals(b) ? 0 : Math.Abs(a - b) / size;
}

/// <summary>One law, and how far it is off.</summary>
/// <param name="Name">The law.</param>
/// <param name="Value">How far it is off; not a number where products are not.</param>
/// <param name="Bar">The most that rounding explains.</param>
public readonly record struct CurvatureCheck(string Name, double Value, double Bar)
{
    /// <summary>Whether it holds; not where the value is not a number.</summary>
    public bool Holds => Value <= Bar;
}
