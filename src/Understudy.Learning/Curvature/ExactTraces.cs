using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The traces of a network's curvature matrices, exact, without a matrix and without random vectors.</summary>
/// <remarks>
/// tr S is the mean of ‖g_i‖², tr G that of Σ_c ‖J_iᵀ b_ic‖² with b the columns of the root of the output's curvature, so it takes C backward passes; in a fully connected layer the
/// squared norm of an example's gradient is ‖δ‖² (‖h‖² + 1). Where the hidden nodes are piecewise linear, the Hessian has the diagonal of G. Costs one forward pass and C + 1 backward
/// passes. Any other network, and a block of parameters, takes C + 1 reverse passes per example (<see cref="Of(NetworkCurvature, IProgress{double}?, CancellationToken)"/>). Source: hessian specification, sections 1.4 and 3.4.
/// </remarks>
public sealed class ExactTraces
{
    private const int MostOutputs = 32;

    private readonly double[] _gaussNewton;
    private readonly double[] _secondMoment;
    private readonly bool _isPiecewiseLinear;

    private ExactTraces(double[] gaussNewton, double[] secondMoment, bool isPiecewiseLinear)
        => (_gaussNewton, _secondMoment, _isPiecewiseLinear) = (gaussNewton, secondMoment, isPiecewiseLinear);

    /// <summary>tr G, of the generalised Gauss-Newton matrix.</summary>
    public double GaussNewton => FeatureRows.Sum(_gaussNewton);

    /// <summary>tr S, of the second moment of the examples' gradients.</summary>
    public double SecondMoment => FeatureRows.Sum(_secondMoment);

    /// <summary>tr H = tr G where <see cref="HaveHessian"/> says so, as of networks that are piecewise linear or have no hidden layer; null elsewhere.</summary>
    public double? Hessian => _isPiecewiseLinear ? GaussNewton : null;

    /// <summary>The share of each parameter in tr G, by slot of the layout, or of the block: the trace of its diagonal block.</summary>
    public IReadOnlyList<double> GaussNewtonBySlot => _gaussNewton;

    /// <summary>The share of each parameter in tr S, by slot of the layout.</summary>
    public IReadOnlyList<double> SecondMomentBySlot => _secondMoment;

    /// <summary>The traces at a point.</summary>
    /// <param name="point">The network on its examples.</param>
    /// <param name="team">Threads; null for the caller's alone. Results do not depend on it.</param>
    public static ExactTraces Of(MlpPoint point, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(point);
        var network = point.Network;
        var (gaussNewton, secondMoment) = (new double[2 * network.Layers], new double[2 * network.Layers]);
        foreach (var (first, rows) in point.Chunks((point.RootColumns + 4L) * network.Widths.Skip(1).Sum()))
        {
            var pass = new MlpPass(point, first, rows, team);
            var (residuals, roots) = (pass.Deltas(pass.Residuals(), 1), pass.Deltas(pass.Roots(), point.RootColumns));
            for (var layer = 0; layer < network.Layers; layer++)
            {
                Add(pass.SquaredNorms(layer, residuals[layer]), secondMoment.AsSpan(2 * layer, 2));
                Add(pass.SquaredNorms(layer, roots[layer]), gaussNewton.AsSpan(2 * layer, 2));
            }
        }

        FeatureRows.Scale(1.0 / point.Examples.Count, gaussNewton, gaussNewton);
        FeatureRows.Scale(1.0 / point.Examples.Count, secondMoment, secondMoment);
        return new ExactTraces(gaussNewton, secondMoment, HaveHessian(network));
    }

    /// <summary>The traces at a point of any network, of a block of its parameters.</summary>
    /// <remarks>
    /// tr H is known where <see cref="HaveHessian"/> says so. Costs N (C + 1) reverse passes of one example, on one thread; where the network couples examples, of all of them.
    /// </remarks>
    /// <param name="curvature">The network on its examples.</param>
    /// <param name="progress">Told the share of the examples that is done, from 0 to 1.</param>
    /// <param name="cancellation">Looked at once per example.</param>
    public static ExactTraces Of(NetworkCurvature curvature, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        if (curvature.ClosedForm is { } point)
            return Of(point, curvature.Team);
        using var source = curvature.Rows();
        var slots = curvature.Block.Slots;
        var (gaussNewton, secondMoment) = (new double[slots.Count], new double[slots.Count]);
        var rows = new double[checked(source.Outputs * source.Size)];
        for (var i = 0; i < source.Examples; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            source.Fill(i, 1, source.Outputs, curvature.WriteRoots, rows);
            for (var column = 0; column < source.Outputs; column++)
                Add(slots, rows.AsSpan(column * source.Size, source.Size), gaussNewton);
            source.Fill(i, 1, 1, curvature.WriteResidual, rows);
            Add(slots, rows.AsSpan(0, source.Size), secondMoment);
            progress?.Report((i + 1) / (double)source.Examples);
        }

        FeatureRows.Scale(1.0 / source.Examples, gaussNewton, gaussNewton);
        FeatureRows.Scale(1.0 / source.Examples, secondMoment, secondMoment);
        return new ExactTraces(gaussNewton, secondMoment, HaveHessian(curvature.Network));
    }

    /// <summary>Whether the trace of H of a network is that of G: where its outputs are piecewise affine in each parameter by itself, the others fixed, as those of rectifiers are. A yes is certain, a no may be wrong.</summary>
    public static bool HaveHessian(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var parameters = network.Layout.ToInputs();
        return PiecewiseAffine.InEach(network.Output(Ops.Input("x", new Shape(2, network.Inputs)), parameters), parameters);
    }

    /// <summary>Whether they take about as long as an estimate by 60 products, or less: where there is a closed form, or at most 32 outputs.</summary>
    /// <remarks>Traces of 1,000 examples with ten outputs took 1.6 s of a convolutional network and 1.7 s of a fully connected one from ONNX files, <see cref="XTrace"/> with 60 products 3.9 and 1.2 s (two cores with other work, November 2026).</remarks>
    public static bool AreCheap(NetworkCurvature curvature)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        return curvature.ClosedForm is not null || curvature.Network.Outputs <= MostOutputs;
    }

    private static void Add(IReadOnlyList<ParameterSlot> slots, ReadOnlySpan<double> row, Span<double> bySlot)
    {
        foreach (var (i, slot) in slots.Index())
            bySlot[i] += Dense.Dot(slot.Of(row), slot.Of(row));
    }

    private static void Add((double[] Weights, double[] Biases) squares, Span<double> bySlot)
    {
        bySlot[0] += FeatureRows.Sum(squares.Weights);
        bySlot[1] += FeatureRows.Sum(squares.Biases);
    }
}
