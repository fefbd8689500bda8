using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The forward pass of a network over a chunk of examples, kept for backward passes of any cotangents of the output.</summary>
/// <remarks>
/// Everything is stored by feature: [n, rows], a row per node and a column per example. Several cotangents at once are [n, columns, rows]. Layer l has the pre-activation z_l, its
/// delta is the derivative by z_l, and its input is h_l: h_0 = x, h_l = ψ(z_l−1).
/// </remarks>
internal sealed class MlpPass
{
    private readonly MlpPoint _point;
    private readonly double[][] _inputs;
    private readonly double[][] _slopes;
    private readonly double[][] _preActivations;

    internal MlpPass(MlpPoint point, int first, int rows, Team? team)
    {
        (_point, First, Rows, Team) = (point, first, rows, team);
        var layers = Network.Layers;
        (_inputs, _slopes, _preActivations) = (new double[layers][], new double[layers - 1][], new double[layers][]);
        for (var layer = 0; layer < layers; layer++)
        {
            var (before, width) = (Network.Widths[layer], Network.Widths[layer + 1]);
            var z = new double[width * rows];
            if (layer == 0)
                Products.Multiply(width, rows, before, point.Weight(0), Examples, z, transposeLeft: true, transposeRight: true, team: team);
            else
                Products.Multiply(width, rows, before, point.Weight(layer), _inputs[layer], z, transposeLeft: true, team: team);
            _preActivations[layer] = z;
            if (layer < layers - 1)
                (_inputs[layer + 1], _slopes[layer]) = (new double[z.Length], new double[z.Length]);
            Team.ForEach(width, node => Activate(layer, node));
        }
    }

    internal Mlp Network => _point.Network;

    /// <summary>The first example of the chunk.</summary>
    internal int First { get; }

    /// <summary>Threads.</summary>
    internal Team? Team { get; }

    /// <summary>The number of examples.</summary>
    internal int Rows { get; }

    /// <summary>The inputs as they come, [rows, d].</summary>
    internal ReadOnlySpan<double> Examples => _point.Examples.Inputs.Slice(First * Network.Inputs, Rows * Network.Inputs);

    /// <summary>f, [C, rows].</summary>
    internal double[] Output => _preActivations[^1];

    /// <summary>z_l, [n_l+1, rows].</summary>
    internal double[] PreActivations(int layer) => _preActivations[layer];

    /// <summary>h_l, [n_l, rows].</summary>
    internal double[] Input(int layer)
    {
        if (layer == 0 && _inputs[0] is null)
        {
            _inputs[0] = new double[Network.Inputs * Rows];
            FeatureRows.Transpose(Examples, Rows, Network.Inputs, _inputs[0]);
        }

        return _inputs[layer];
    }

    /// <summary>ψ'(z_l) of a hidden layer, [n_l+1, rows].</summary>
    internal double[] Slopes(int layer) => _slopes[layer];

    /// <summary>ψ''(z_l) of a hidden layer, [n_l+1, rows].</summary>
    internal double[] Bends(int layer)
    {
        var (z, bends) = (_preActivations[layer], new double[_preActivations[layer].Length]);
        Team.ForEach(Network.Widths[layer + 1], node =>
        {
            for (var i = node * Rows; i < (node + 1) * Rows; i++)
                bends[i] = Network.Activation.SecondDerivative(z[i]);
        });
        return bends;
    }

    /// <summary>The squared norms of each example's gradients by the weights of a layer, ‖δ‖² ‖h_l‖², and by its biases, ‖δ‖²; summed over cotangents, [rows].</summary>
    /// <param name="layer">l.</param>
    /// <param name="deltas">δ, [n_l+1, columns, rows].</param>
    internal (double[] Weights, double[] Biases) SquaredNorms(int layer, ReadOnlySpan<double> deltas)
    {
        var (weights, biases) = (InputSquares(layer), new double[Rows]);
        AddSquares(deltas, biases);
        FeatureRows.Multiply(weights, biases, weights);
        return (weights, biases);
    }

    /// <summary>r of every example, [C, rows].</summary>
    internal double[] Residuals()
        => Cotangents(1, (output, example, residual) => _point.Loss.Residual(output, _point.Examples.Targets.Slice(example * _point.Examples.TargetWidth, _point.Examples.TargetWidth), residual));

    /// <summary>The columns of B of every example, [C, columns, rows].</summary>
    internal double[] Roots() => Cotangents(_point.RootColumns, (output, _, roots) => _point.Loss.Roots(output, roots));

    /// <summary>Cotangents [C, columns, rows] from a rule that writes those of one example as [columns, C].</summary>
    internal double[] Cotangents(int columns, CotangentRule rule)
    {
        var outputs = Network.Outputs;
        var cotangents = new double[outputs * columns * Rows];
        var (output, rows) = (new double[outputs], new double[columns * outputs]);
        for (var i = 0; i < Rows; i++)
        {
            for (var c = 0; c < outputs; c++)
                output[c] = Output[(c * Rows) + i];
            rule(output, First + i, rows);
            for (var column = 0; column < columns; column++)
            {
                for (var c = 0; c < outputs; c++)
                    cotangents[(((c * columns) + column) * Rows) + i] = rows[(column * outputs) + c];
            }
        }

        return cotangents;
    }

    /// <summary>The deltas [n_l+1, columns, rows] of all layers for cotangents of the output.</summary>
    /// <param name="cotangents">[C, columns, rows].</param>
    /// <param name="columns">Cotangents of one example.</param>
    /// <param name="arriving">Where it is given, filled with the derivatives by the hidden activations: the deltas before they are multiplied by ψ'.</param>
    internal double[][] Deltas(double[] cotangents, int columns, double[][]? arriving = null)
    {
        var deltas = new double[Network.Layers][];
        deltas[^1] = cotangents;
        for (var layer = Network.Layers - 2; layer >= 0; layer--)
        {
            var (width, after) = (Network.Widths[layer + 1], Network.Widths[layer + 2]);
            var (delta, above, slopes) = (new double[width * columns * Rows], deltas[layer + 1], _slopes[layer]);
            Products.Multiply(width, columns * Rows, after, _point.Weight(layer + 1), above, delta, team: Team);
            if (arriving is not null)
                arriving[layer] = (double[])delta.Clone();
            Team.ForEach(width, node =>
            {
                for (var start = node * columns * Rows; start < (node + 1) * columns * Rows; start += Rows)
                    FeatureRows.Multiply(delta.AsSpan(start, Rows), slopes.AsSpan(node * Rows, Rows), delta.AsSpan(start, Rows));
            });
            deltas[layer] = delta;
        }

        return deltas;
    }

    /// <summary>‖h_l‖² of each example, [rows].</summary>
    private double[] InputSquares(int layer)
    {
        var squares = new double[Rows];
        if (layer > 0)
        {
            AddSquares(_inputs[layer], squares);
            return squares;
        }

        for (var i = 0; i < Rows; i++)
        {
            foreach (var x in Examples.Slice(i * Network.Inputs, Network.Inputs))
                squares[i] += x * x;
        }

        return squares;
    }

    /// <summary>Σ over nodes and cotangents of the squares of [n, columns, rows], added to a sum for each example.</summary>
    private void AddSquares(ReadOnlySpan<double> features, Span<double> squares)
    {
        for (var start = 0; start < features.Length; start += Rows)
            FeatureRows.AddProduct(features.Slice(start, Rows), features.Slice(start, Rows), squares);
    }

    private void Activate(int layer, int node)
    {
        var z = _preActivations[layer].AsSpan(node * Rows, Rows);
        var bias = _point.Bias(layer)[node];
        foreach (ref var value in z)
            value += bias;
        if (layer == Network.Layers - 1)
            return;
        var activation = _inputs[layer + 1].AsSpan(node * Rows, Rows);
        var slopes = _slopes[layer].AsSpan(node * Rows, Rows);
        for (var i = 0; i < z.Length; i++)
            (activation[i], slopes[i]) = (Network.Activation.Of(z[i]), Network.Activation.Derivative(z[i]));
    }
}

/// <summary>Writes the cotangents of one example, [columns, C], given its output and its number.</summary>
internal delegate void CotangentRule(ReadOnlySpan<double> output, int example, Span<double> cotangents);
