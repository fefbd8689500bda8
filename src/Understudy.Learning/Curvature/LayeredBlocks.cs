using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The blocks of fully connected and convolutional layers, chunk by chunk of the examples.</summary>
/// <remarks>The part of layer l in the derivative of example i for column c is Σ_t ā_it δ_ictᵀ over the positions t that share its weights: ā a patch with the one of its bias, δ the derivative by the pre-activation there.</remarks>
internal sealed class LayeredBlocks : LayerBlocks
{
    private readonly LayeredNetwork _network;
    private readonly OutputLoss _loss;
    private readonly ExampleSet _examples;
    private readonly double[] _parameters;
    private readonly KroneckerOptions _options;
    private readonly PatchLayer[] _layers;

    /// <exception cref="ArgumentException">Network, loss, examples and parameters do not fit together, or a layer has no factors.</exception>
    internal LayeredBlocks(LayeredNetwork network, OutputLoss loss, ExampleSet examples, ReadOnlySpan<double> parameters, KroneckerOptions options)
    {
        _layers = PatchLayer.Of(network);
        examples.Check(network, loss);
        if (parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network has {network.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
        (_network, _loss, _examples, _parameters, _options) = (network, loss, examples, parameters.ToArray(), options);
    }

    /// <inheritdoc/>
    internal override int Size => _parameters.Length;

    private bool IsRoot => _options.Matrix == KroneckerMatrix.GaussNewton;

    /// <summary>Columns of the root of an example's output curvature, or the one residual.</summary>
    private int Columns => IsRoot ? _network.Outputs : 1;

    /// <inheritdoc/>
    internal override LayerFactors[] Factors()
    {
        var (ofInputs, ofNodes) = (_layers.Select(layer => new double[layer.Inputs * layer.Inputs]).ToArray(), _layers.Select(layer => new double[layer.Nodes * layer.Nodes]).ToArray());
        ForEach((number, pass) =>
        {
            var layer = _layers[number];
            AddSquare(Gathered(Patches(number, pass), layer.Inputs, layer.Positions), layer.Inputs, ofInputs[number]);
        }, (number, pass) =>
        {
            var layer = _layers[number];
            AddSquare(Gathered(Deltas(number, pass), layer.Nodes, layer.Positions), layer.Nodes, ofNodes[number]);
        });
        return [.. _layers.Select((layer, number) => Mean(layer, ofInputs[number], ofNodes[number]))];

        double[] Gathered(double[] rows, int width, int positions) => _options.Setting == KroneckerSetting.Expand || positions == 1 ? rows : OverPositions(rows, width, positions);

        void AddSquare(double[] rows, int width, double[] sums)
            => Products.Multiply(width, width, rows.Length / width, rows, rows, sums, transposeLeft: true, accumulate: true, team: _options.Team);
    }

    /// <inheritdoc/>
    internal override FactorBasis[] Own() => [.. _layers.Select(layer => new FactorBasis(layer.Offset, layer.Inputs, layer.Nodes, _options.Team))];

    /// <inheritdoc/>
    internal override double[][] Diagonals(IReadOnlyList<FactorBasis> bases)
    {
        var sums = _layers.Select((layer, number) => new PositionSums(layer, bases[number], _options.Team)).ToArray();
        ForEach((number, pass) => sums[number].Begin(Patches(number, pass), pass.Rows), (number, pass) => sums[number].Add(Deltas(number, pass)), number => sums[number].End());
        return [.. sums.Select(sum => sum.Mean(_examples.Count))];
    }

    /// <summary>Goes through all chunks in order: in each forward through all layers, and for each column back.</summary>
    /// <param name="forward">Given a layer's number after the forward pass.</param>
    /// <param name="backward">Given a layer's number after the backward pass of each column.</param>
    /// <param name="end">Given a layer's number after all columns.</param>
    private void ForEach(Action<int, LayeredPass> forward, Action<int, LayeredPass> backward, Action<int>? end = null)
    {
        var (most, outputs) = (Rows(), _network.Outputs);
        LayeredPass? pass = null;
        try
        {
            for (var first = 0; first < _examples.Count; first += most)
            {
                var rows = Math.Min(most, _examples.Count - first);
                if (pass?.Rows != rows)
                {
                    pass?.Dispose();
                    pass = new LayeredPass(_network, rows, _options.Team);
                }

                pass.Forward(_examples.Inputs.Slice(first * _network.Inputs, rows * _network.Inputs), _parameters);
                for (var layer = 0; layer < _layers.Length; layer++)
                    forward(layer, pass);
                var (all, column) = (Cotangents(pass, first), new double[rows * outputs]);
                for (var c = 0; c < Columns; c++)
                {
                    for (var i = 0; i < rows; i++)
                        all.AsSpan(((i * Columns) + c) * outputs, outputs).CopyTo(column.AsSpan(i * outputs));
                    pass.Backward(column);
                    for (var layer = 0; layer < _layers.Length; layer++)
                        backward(layer, pass);
                }

                for (var layer = 0; layer < _layers.Length; layer++)
                    end?.Invoke(layer);
            }
        }
        finally
        {
            pass?.Dispose();
        }
    }

    /// <summary>Examples of a chunk: as many as take 64 MiB in patches, derivatives and cotangents, but not more than 1,024.</summary>
    private int Rows()
        => (int)Math.Clamp((1L << 23) / (((long)Columns * _network.Outputs) + _layers.Sum(layer => (long)layer.Positions * (layer.Inputs + (2L * layer.Nodes)))), 1, 1024);

    /// <summary>The cotangents of each example, [rows, columns, C].</summary>
    private double[] Cotangents(LayeredPass pass, int first)
    {
        var (outputs, width) = (_network.Outputs, _examples.TargetWidth);
        var (output, cotangents) = (new double[pass.Rows * outputs], new double[pass.Rows * Columns * outputs]);
        pass.ReadOutputs(output);
        for (var i = 0; i < pass.Rows; i++)
        {
            var f = output.AsSpan(i * outputs, outputs);
            var own = cotangents.AsSpan(i * Columns * outputs, Columns * outputs);
            if (IsRoot)
                _loss.Roots(f, own);
            else
                _loss.Residual(f, _examples.Targets.Slice((first + i) * width, width), own);
        }

        return cotangents;
    }

    /// <summary>ā of a layer, [rows, T, n].</summary>
    private double[] Patches(int number, LayeredPass pass)
    {
        var layer = _layers[number];
        var (values, patches) = (new double[pass.Rows * layer.Values], new double[pass.Rows * layer.Positions * layer.Inputs]);
        pass.ReadValues(number, values);
        layer.WritePatches(values, pass.Rows, patches);
        return patches;
    }

    /// <summary>δ of a layer, [rows, T, m].</summary>
    private double[] Deltas(int number, LayeredPass pass)
    {
        var deltas = new double[pass.Rows * _layers[number].Positions * _layers[number].Nodes];
        pass.ReadDeltas(number, deltas);
        return deltas;
    }

    /// <summary>Sums over positions, [rows, T, width] to [rows, width].</summary>
    private static double[] OverPositions(double[] rows, int width, int positions)
    {
        var sums = new double[rows.Length / positions];
        for (var at = 0; at < rows.Length; at += width)
            FeatureRows.Add(rows.AsSpan(at, width), sums.AsSpan(at / (width * positions) * width, width));
        return sums;
    }

    /// <summary>Factors from sums: expanding divides those of the nodes by positions too, reducing takes means of patches where sums were added.</summary>
    private LayerFactors Mean(PatchLayer layer, double[] ofInputs, double[] ofNodes)
    {
        var (examples, positions) = (1.0 / _examples.Count, (double)layer.Positions);
        var isExpanded = _options.Setting == KroneckerSetting.Expand;
        FeatureRows.Scale(isExpanded ? examples : examples / (positions * positions), ofInputs, ofInputs);
        FeatureRows.Scale(isExpanded ? examples / positions : examples, ofNodes, ofNodes);
        return new LayerFactors(layer.Offset, layer.Inputs, layer.Nodes, ofInputs, ofNodes);
    }
}
