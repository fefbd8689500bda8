using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Curvature;

/// <summary>The traces of a network's curvature matrices, exact, without a matrix and without random vectors.</summary>
/// <remarks>
/// tr S is the mean of ‖g_i‖², tr G that of Σ_c ‖J_iᵀ b_ic‖² with b the columns of the root of the output's curvature, so it takes C backward passes; in a fully connected layer the
/// squared norm of an example's gradient is ‖δ‖² (‖h‖² + 1). Where the hidden nodes are piecewise linear, the Hessian has the diagonal of G. Costs one forward pass and C + 1 backward
/// passes. Any other network, and a block of parameters, takes C + 1 reverse passes per example (<see cref="Of(NetworkCurvature)"/>). Source: hessian specification, sections 1.4 and 3.4.
/// </remarks>
public sealed class ExactTraces
{
    private readonly double[] _gaussNewton;
    private readonly double[] _secondMoment;
    private readonly bool _isPiecewiseLinear;

    private ExactTraces(double[] gaussNewton, double[] secondMoment, bool isPiecewiseLinear)
        => (_gaussNewton, _secondMoment, _isPiecewiseLinear) = (gaussNewton, secondMoment, isPiecewiseLinear);

    /// <summary>tr G, of the generalised Gauss-Newton matrix.</summary>
    public double GaussNewton => FeatureRows.Sum(_gaussNewton);

    /// <summary>tr S, of the second moment of the examples' gradients.</summary>
    public double SecondMoment => FeatureRows.Sum(_secondMoment);

    /// <summary>tr H = tr G where the network is piecewise linear or has no hidden layer; null elsewhere.</summary>
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
        return new ExactTraces(gaussNewton, secondMoment, network.Layers == 1 || network.Activation.IsPiecewiseLinear);
    }

    /// <summary>The traces at a point of any network, of a block of its parameters.</summary>
    /// <remarks>
    /// tr H is known where all layers are fully connected, with weights as they are, convolutions, pools, or piecewise linear hidden nodes. Costs N (C + 1) reverse passes of one example, on one thread; where the
    /// network couples examples, of all of them.
    /// </remarks>
    public static ExactTraces Of(NetworkCurvature curvature)
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
            source.Fill(i, 1, source.Outputs, curvature.WriteRoots, rows);
            for (var column = 0; column < source.Outputs; column++)
                Add(slots, rows.AsSpan(column * source.Size, source.Size), gaussNewton);
            source.Fill(i, 1, 1, curvature.WriteResidual, rows);
            Add(slots, rows.AsSpan(0, source.Size), secondMoment);
        }

        FeatureRows.Scale(1.0 / source.Examples, gaussNewton, gaussNewton);
        FeatureRows.Scale(1.0 / source.Examples, secondMoment, secondMoment);
        return new ExactTraces(gaussNewton, secondMoment, IsPiecewiseLinear(curvature.Network));
    }

    /// <summary>Whether a network is known to be affine in the parameters of each layer around almost every point.</summary>
    internal static bool IsPiecewiseLinear(INetwork network) => network switch
    {
        Mlp mlp => mlp.Layers == 1 || mlp.Activation.IsPiecewiseLinear,
        LayeredNetwork layered => IsPiecewiseLinear(layered.Layers),
        _ => false,
    };

    private static bool IsPiecewiseLinear(ILayer layer)
    {
        if (layer is not SequenceLayer sequence)
            // nodes of length 1 are not linear in their weights
            return layer is DenseLayer { HasUnitNodes: false } or ConvolutionLayer or PoolLayer or FlattenLayer or ActivationLayer { Activation.IsPiecewiseLinear: true };
        foreach (var part in sequence.Layers)
        {
            if (!IsPiecewiseLinear(part))
                return false;
        }

        return true;
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
