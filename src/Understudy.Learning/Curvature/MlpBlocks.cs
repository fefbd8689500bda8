using Understudy.Engine.LinearAlgebra;

namespace Understudy.Learning.Curvature;

/// <summary>The blocks of a fully connected network.</summary>
internal sealed class MlpBlocks(MlpPoint point, KroneckerOptions options) : LayerBlocks
{
    /// <inheritdoc/>
    internal override int Size => point.Size;

    /// <inheritdoc/>
    internal override LayerFactors[] Factors()
    {
        var network = point.Network;
        var (ofInputs, ofNodes) = (new double[network.Layers][], new double[network.Layers][]);
        for (var layer = 0; layer < network.Layers; layer++)
        {
            var (inputs, nodes) = (network.Widths[layer] + 1, network.Widths[layer + 1]);
            (ofInputs[layer], ofNodes[layer]) = (new double[inputs * inputs], new double[nodes * nodes]);
        }

        LayerTerms.ForEach(point, options, terms =>
        {
            AddSquare(terms.Inputs, terms.Rows, ofInputs[terms.Layer]);
            AddSquare(terms.Deltas, terms.Columns * terms.Rows, ofNodes[terms.Layer]);
        });
        foreach (var sums in ofInputs.Concat(ofNodes))
            FeatureRows.Scale(1.0 / point.Examples.Count, sums, sums);
        return
        [
            .. network.Widths.Skip(1).Select((nodes, layer) => new LayerFactors(network.Layout.Slots[2 * layer].Offset, network.Widths[layer] + 1, nodes, ofInputs[layer], ofNodes[layer])),
        ];

        void AddSquare(double[] features, int length, double[] sums)
        {
            var count = features.Length / length;
            Products.Multiply(count, count, length, features, features, sums, transposeRight: true, accumulate: true, team: options.Team);
        }
    }

    /// <inheritdoc/>
    internal override FactorBasis[] Own()
        => [.. point.Network.Widths.Skip(1).Select((nodes, layer) => new FactorBasis(point.Network.Layout.Slots[2 * layer].Offset, point.Network.Widths[layer] + 1, nodes, options.Team))];

    /// <inheritdoc/>
    internal override double[][] Diagonals(IReadOnlyList<FactorBasis> bases)
    {
        var diagonals = bases.Select(basis => new double[basis.Inputs * basis.Nodes]).ToArray();
        LayerTerms.ForEach(point, options, terms => bases[terms.Layer].AddDiagonal(terms, diagonals[terms.Layer]));
        foreach (var diagonal in diagonals)
            FeatureRows.Scale(1.0 / point.Examples.Count, diagonal, diagonal);
        return diagonals;
    }
}
