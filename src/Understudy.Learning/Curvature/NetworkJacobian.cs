using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The Jacobian J = ∂f/∂θ of all outputs of all examples, [N·C, P], by its products from both sides.</summary>
/// <remarks>Exact, in forward and in reverse mode. Examples go through one after the other in batches. Not for two threads at once. Source: hessian specification, section 2.1.</remarks>
public sealed class NetworkJacobian : IDisposable
{
    private readonly INetwork _network;
    private readonly ExampleSet _examples;
    private readonly CurvatureOptions _options;
    private readonly double[] _parameters;
    private readonly Dictionary<int, Sides> _sides = [];

    /// <summary>The Jacobian at a point.</summary>
    /// <param name="network">f.</param>
    /// <param name="examples">The inputs; targets are not read.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="options">Precision, size of a batch and threads within it; the block is not read.</param>
    /// <exception cref="ArgumentException">Inputs or parameters do not fit the network.</exception>
    public NetworkJacobian(INetwork network, ExampleSet examples, ReadOnlySpan<double> parameters, CurvatureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.InputWidth != network.Inputs || parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network reads {network.Inputs} numbers and has {network.Layout.Count} parameters, but was given {examples.InputWidth} and {parameters.Length}.", nameof(examples));
        (_network, _examples, _options, _parameters) = (network, examples, (options ?? new CurvatureOptions()).For(network, examples), parameters.ToArray());
    }

    /// <summary>N·C.</summary>
    public int Rows => _examples.Count * _network.Outputs;

    /// <summary>P.</summary>
    public int Columns => _parameters.Length;

    /// <summary>J v: how the outputs change along a direction.</summary>
    /// <param name="direction">v, [P].</param>
    /// <param name="change">Becomes [N, C].</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Multiply(ReadOnlySpan<double> direction, Span<double> change)
    {
        Check(direction.Length, change.Length);
        for (var first = 0; first < _examples.Count; first += _options.BatchRows)
        {
            var sides = At(first);
            for (var i = 0; i < sides.Directions.Length; i++)
                sides.Forward.Write(sides.Directions[i], _network.Layout.Slots[i].Of(direction));
            Write(sides.Forward, sides, first);
            sides.Forward.Run();
            sides.Forward.Read(0, change.Slice(first * _network.Outputs, sides.Rows * _network.Outputs));
        }
    }

    /// <summary>Jᵀ u: a weighted sum of the gradients of all outputs.</summary>
    /// <param name="weights">u, [N, C].</param>
    /// <param name="sum">Becomes [P].</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void MultiplyTransposed(ReadOnlySpan<double> weights, Span<double> sum)
    {
        Check(sum.Length, weights.Length);
        sum.Clear();
        var largest = new double[_network.Layout.Slots.Max(slot => slot.Shape.Count)];
        for (var first = 0; first < _examples.Count; first += _options.BatchRows)
        {
            var sides = At(first);
            sides.Reverse.Write(sides.Weights, weights.Slice(first * _network.Outputs, sides.Rows * _network.Outputs));
            Write(sides.Reverse, sides, first);
            sides.Reverse.Run();
            for (var i = 0; i < sides.Directions.Length; i++)
            {
                var slot = _network.Layout.Slots[i];
                var part = largest.AsSpan(0, slot.Shape.Count);
                sides.Reverse.Read(i, part);
                var target = slot.Of(sum);
                for (var at = 0; at < part.Length; at++)
                    target[at] += part[at];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sides in _sides.Values)
            sides.Dispose();
    }

    private void Check(int columns, int rows)
    {
        if (columns != Columns || rows != Rows)
            throw new ArgumentException($"The Jacobian is [{Rows}, {Columns}], but was given {rows} and {columns} numbers.");
    }

    private Sides At(int first)
    {
        var rows = Math.Min(_options.BatchRows, _examples.Count - first);
        if (!_sides.TryGetValue(rows, out var sides))
            _sides[rows] = sides = new Sides(_network, rows, _options);
        return sides;
    }

    private void Write(Plan plan, Sides sides, int first)
    {
        plan.Write(sides.Traced.Inputs, _examples.Inputs.Slice(first * _network.Inputs, sides.Rows * _network.Inputs));
        for (var i = 0; i < sides.Traced.Parameters.Length; i++)
            plan.Write(sides.Traced.Parameters[i], _network.Layout.Slots[i].Of<double>(_parameters));
    }

    /// <summary>Both products for batches of one size.</summary>
    private sealed class Sides : IDisposable
    {
        internal Sides(INetwork network, int rows, CurvatureOptions options)
        {
            // no loss takes part; half squared errors have targets of the outputs' shape, which nothing reads
            Traced = new TracedLoss(network, OutputLoss.HalfSquared, rows, rows, [.. network.Layout.Slots.Select(_ => true)]);
            (Rows, Weights) = (rows, Ops.Input("u", Traced.Output.Shape));
            var compiled = new PlanOptions { Precision = options.Precision, Team = options.Team };
            Forward = Plan.Compile([Traced.OutputChange], compiled);
            Reverse = Plan.Compile(Traced.Pulled(Weights), compiled);
        }

        internal TracedLoss Traced { get; }

        internal int Rows { get; }

        internal Sym Weights { get; }

        internal Sym[] Directions => Traced.Directions;

        internal Plan Forward { get; }

        internal Plan Reverse { get; }

        public void Dispose()
        {
            Forward.Dispose();
            Reverse.Dispose();
        }
    }
}
