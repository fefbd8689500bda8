using Understudy.Engine.LinearAlgebra;

namespace Understudy.Learning.Curvature;

/// <summary>A block-diagonal approximation of G, or of S, that is diagonal in products of eigenvectors of Kronecker factors, of <see cref="KroneckerFactors"/>.</summary>
/// <remarks>
/// Positive semidefinite; parameters in the order of the network's layout. A product and a solution cost 2 Σ n m (n + m) multiply-adds over layers of n inputs and m nodes, whatever the
/// number of examples. Not for two threads at once.
/// </remarks>
public sealed class KroneckerCurvature : ISymmetricOperator
{
    private readonly FactorBasis[] _bases;
    private readonly double[][] _values;
    private readonly double[][] _scales;
    private readonly double[] _work;

    internal KroneckerCurvature(int size, FactorBasis[] bases, double[][] values)
    {
        (Size, _bases, _values) = (size, bases, values);
        _scales = [.. values.Select(own => new double[own.Length])];
        _work = new double[values.Max(own => own.Length)];
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Its trace; of EKFAC that of the matrix it stands for.</summary>
    public double Trace => _values.Sum(own => FeatureRows.Sum(own));

    /// <summary>All P eigenvalues, ascending.</summary>
    public double[] Eigenvalues() => [.. _values.SelectMany(own => own).Order()];

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> vectors, Span<double> products) => Multiply(_values, vectors, products);

    /// <summary>Multiplies by (K + μI)⁻¹, such as gradients to be preconditioned.</summary>
    /// <param name="damping">μ, positive.</param>
    /// <param name="vectors">[count, P], one vector per row.</param>
    /// <param name="solutions">Becomes [count, P].</param>
    /// <exception cref="ArgumentOutOfRangeException">The damping is not positive.</exception>
    /// <exception cref="ArgumentException">The spans differ in length, or do not hold whole rows.</exception>
    public void Solve(double damping, ReadOnlySpan<double> vectors, Span<double> solutions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(damping);
        foreach (var (values, scales) in _values.Zip(_scales))
        {
            for (var i = 0; i < values.Length; i++)
                scales[i] = 1 / (values[i] + damping);
        }

        Multiply(_scales, vectors, solutions);
    }

    private void Multiply(double[][] scales, ReadOnlySpan<double> vectors, Span<double> products)
    {
        if (vectors.Length != products.Length || vectors.Length % Size != 0)
            throw new ArgumentException($"Vectors of {vectors.Length} and products of {products.Length} numbers are not rows of {Size}.", nameof(vectors));
        for (var start = 0; start < vectors.Length; start += Size)
        {
            for (var layer = 0; layer < _bases.Length; layer++)
            {
                var (at, length) = (start + _bases[layer].Offset, scales[layer].Length);
                _bases[layer].Apply(vectors.Slice(at, length), scales[layer], products.Slice(at, length), _work.AsSpan(0, length));
            }
        }
    }
}
