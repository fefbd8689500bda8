using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>The diagonal of one layer's block in a basis u_a ⊗ u_b: the mean over examples of Σ_c (Σ_t (u_a·ā_t) (u_b·δ_ct))².</summary>
/// <remarks>Costs N T n² + N C T (m² + n m) multiply-adds; N C n m instead of the last where there is one position.</remarks>
internal sealed class PositionSums
{
    // numbers that partial sums of fixed groups of examples take, and the most groups: both decide the order of additions
    private const int PartialNumbers = 1 << 20;
    private const int MostGroups = 8;

    private readonly PatchLayer _layer;
    private readonly FactorBasis _basis;
    private readonly Team? _team;
    private readonly double[] _diagonal;
    private readonly double[][] _partial;
    private readonly double[][] _products;
    private double[] _inputs = [];
    private double[] _squares = [];
    private int _rows;

    internal PositionSums(PatchLayer layer, FactorBasis basis, Team? team)
    {
        (_layer, _basis, _team, _diagonal) = (layer, basis, team, new double[layer.Inputs * layer.Nodes]);
        var groups = layer.Positions == 1 ? 0 : Math.Clamp(PartialNumbers / _diagonal.Length, 1, MostGroups);
        _partial = [.. Enumerable.Range(0, groups).Select(_ => new double[_diagonal.Length])];
        _products = [.. Enumerable.Range(0, groups).Select(_ => new double[_diagonal.Length])];
    }

    /// <summary>Takes the patches of a chunk, [rows, T, n].</summary>
    internal void Begin(double[] patches, int rows)
    {
        _rows = rows;
        _inputs = _basis.OnInputs(patches);
        if (_layer.Positions > 1)
            return;
        FeatureRows.Multiply(_inputs, _inputs, _inputs);
        _squares = new double[rows * _layer.Nodes];
    }

    /// <summary>Takes the derivatives of a chunk for one column, [rows, T, m].</summary>
    internal void Add(double[] deltas)
    {
        var nodes = _basis.OnNodes(deltas);
        if (_layer.Positions == 1)
            FeatureRows.AddProduct(nodes, nodes, _squares);
        else if (_partial.Length == 1)
            AddExamples(0, _rows, nodes, 0, _team);
        else
            _team.ForEach(_partial.Length, group => AddExamples(group * _rows / _partial.Length, (group + 1) * _rows / _partial.Length, nodes, group, null));
    }

    /// <summary>Ends a chunk.</summary>
    internal void End()
    {
        if (_layer.Positions == 1)
            Products.Multiply(_layer.Inputs, _layer.Nodes, _rows, _inputs, _squares, _diagonal, transposeLeft: true, accumulate: true, team: _team);
    }

    /// <summary>The diagonal, [n, m].</summary>
    internal double[] Mean(int examples)
    {
        foreach (var partial in _partial)
            FeatureRows.Add(partial, _diagonal);
        FeatureRows.Scale(1.0 / examples, _diagonal, _diagonal);
        return _diagonal;
    }

    private void AddExamples(int first, int end, double[] nodes, int group, Team? team)
    {
        var (positions, inputs, width) = (_layer.Positions, _layer.Inputs, _layer.Nodes);
        for (var example = first; example < end; example++)
        {
            Products.Multiply(
                inputs, width, positions, _inputs.AsSpan(example * positions * inputs, positions * inputs), nodes.AsSpan(example * positions * width, positions * width), _products[group],
                transposeLeft: true, team: team);
            FeatureRows.AddProduct(_products[group], _products[group], _partial[group]);
        }
    }
}
