using Understudy.Engine.LinearAlgebra;

namespace Understudy.Learning.Curvature;

/// <summary>Kronecker factors of the diagonal blocks of a fully connected network's Gauss-Newton matrix, a pair for each layer.</summary>
/// <remarks>
/// <para>A layer's block of G is the mean over examples of h̄ h̄ᵀ ⊗ Σ_c δ_c δ_cᵀ; its approximation is the product of the two means. They agree for one example, and where either
/// factor is the same for all examples, as in a linear network under a squared error.</para>
/// <para>Costs N Σ (n² + C m²) multiply-adds over layers of n inputs and m nodes beside a forward and C backward passes, and some 8 Σ (n³ + m³) operations for the eigenvectors of the
/// factors. Source: Martens and Grosse 2015; George, Laurent, Bouthillier, Ballas and Vincent 2018.</para>
/// </remarks>
public sealed class KroneckerFactors
{
    private readonly MlpPoint _point;
    private readonly KroneckerOptions _options;
    private readonly FactorBasis[] _bases;

    private KroneckerFactors(MlpPoint point, KroneckerOptions options, LayerFactors[] layers)
    {
        (_point, _options, Layers) = (point, options, layers);
        _bases = [.. layers.Select(layer => new FactorBasis(layer, options.Team))];
    }

    /// <summary>The factors of each layer, from the input on.</summary>
    public IReadOnlyList<LayerFactors> Layers { get; }

    /// <summary>The factors at a point.</summary>
    /// <param name="point">The network on its examples.</param>
    /// <param name="options">Which matrix, and threads.</param>
    public static KroneckerFactors Of(MlpPoint point, KroneckerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(point);
        options ??= new KroneckerOptions();
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
        return new KroneckerFactors(point, options,
        [
            .. network.Widths.Skip(1).Select((nodes, layer) => new LayerFactors(network.Layout.Slots[2 * layer].Offset, network.Widths[layer] + 1, nodes, ofInputs[layer], ofNodes[layer])),
        ]);

        void AddSquare(double[] features, int length, double[] sums)
        {
            var count = features.Length / length;
            Products.Multiply(count, count, length, features, features, sums, transposeRight: true, accumulate: true, team: options.Team);
        }
    }

    /// <summary>A ⊗ B in every diagonal block (KFAC): eigenvalues are the products of those of the factors.</summary>
    public KroneckerCurvature Kfac()
        => new(_point.Size, _bases, [.. _bases.Select(basis => basis.Eigenvalues())]);

    /// <summary>The same eigenvectors with the diagonal that the block itself has in them (EKFAC): no diagonal in this basis is nearer to the block.</summary>
    /// <remarks>Keeps the trace of every layer. Costs another forward and C backward passes, and N Σ (n² + C m² + n m) multiply-adds.</remarks>
    public KroneckerCurvature Ekfac()
    {
        var diagonals = _bases.Select(basis => new double[basis.Inputs * basis.Nodes]).ToArray();
        LayerTerms.ForEach(_point, _options, terms => _bases[terms.Layer].AddDiagonal(terms, diagonals[terms.Layer]));
        foreach (var diagonal in diagonals)
            FeatureRows.Scale(1.0 / _point.Examples.Count, diagonal, diagonal);
        return new KroneckerCurvature(_point.Size, _bases, diagonals);
    }
}
