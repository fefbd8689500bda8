using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>Kronecker factors of the diagonal blocks of a network's Gauss-Newton matrix, a pair for each fully connected or convolutional layer.</summary>
/// <remarks>
/// <para>A fully connected layer's block of G is the mean over examples of h̄ h̄ᵀ ⊗ Σ_c δ_c δ_cᵀ; its approximation is the product of the two means. They agree for one example, and where
/// either factor is the same for all examples, as in a linear network under a squared error.</para>
/// <para>A convolution has Σ_c vec(Σ_t ā_t δ_ctᵀ) vec(…)ᵀ in that mean, with ā_t the patch of its input at position t of T; what is made of the positions is <see cref="KroneckerOptions.Setting"/>.
/// With one position it is the same as a fully connected layer. Reduced factors are exact, too, where δ is the same at all positions of all examples: for a linear convolution
/// whose results are averaged over the whole image, under a squared error.</para>
/// <para>Costs N Σ T (n² + C m²) multiply-adds over layers of n inputs and m nodes beside a forward and C backward passes, and some 8 Σ (n³ + m³) operations for the eigenvectors of the
/// factors. Source: Martens and Grosse 2015; Grosse and Martens 2016; George, Laurent, Bouthillier, Ballas and Vincent 2018; Eschenhagen et al. 2023.</para>
/// </remarks>
public sealed class KroneckerFactors
{
    private readonly LayerBlocks _blocks;
    private readonly FactorBasis[] _bases;

    private KroneckerFactors(LayerBlocks blocks, KroneckerOptions options)
    {
        (_blocks, Layers) = (blocks, blocks.Factors());
        _bases = [.. Layers.Select(layer => new FactorBasis(layer, options.Team))];
    }

    /// <summary>The factors of each layer, from the input on.</summary>
    public IReadOnlyList<LayerFactors> Layers { get; }

    /// <summary>The factors of a fully connected network at a point.</summary>
    /// <param name="point">The network on its examples.</param>
    /// <param name="options">Which matrix, and threads.</param>
    public static KroneckerFactors Of(MlpPoint point, KroneckerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(point);
        options ??= new KroneckerOptions();
        return new KroneckerFactors(new MlpBlocks(point, options), options);
    }

    /// <summary>The factors of a network of fully connected and convolutional layers, with activations, pools and flattening between them.</summary>
    /// <param name="network">f.</param>
    /// <param name="loss">ℓ; the mean over examples is taken, without weight decay.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="parameters">θ, in the order of the network's layout.</param>
    /// <param name="options">Which matrix, what becomes of positions, and threads.</param>
    /// <exception cref="ArgumentException">Network, loss, examples and parameters do not fit together, or the network has another layer, such as a normalization or a residual block; the message names it.</exception>
    public static KroneckerFactors Of(LayeredNetwork network, OutputLoss loss, ExampleSet examples, ReadOnlySpan<double> parameters, KroneckerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(examples);
        options ??= new KroneckerOptions();
        return new KroneckerFactors(new LayeredBlocks(network, loss, examples, parameters, options), options);
    }

    /// <summary>A ⊗ B in every diagonal block (KFAC): eigenvalues are the products of those of the factors.</summary>
    public KroneckerCurvature Kfac()
        => new(_blocks.Size, _bases, [.. _bases.Select(basis => basis.Eigenvalues())]);

    /// <summary>The same eigenvectors with the diagonal that the block itself has in them (EKFAC): no diagonal in this basis is nearer to the block.</summary>
    /// <remarks>Keeps the trace of every layer. Costs another forward and C backward passes, and N Σ T (n² + C m² + C n m) multiply-adds; N Σ (n² + C m² + n m) with one position.</remarks>
    public KroneckerCurvature Ekfac() => new(_blocks.Size, _bases, _blocks.Diagonals(_bases));
}
