namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Eigenvalues at one end of a spectrum, with their vectors and the residuals that tell how good they are.</summary>
public sealed class Eigenpairs
{
    private readonly double[] _values;
    private readonly double[] _vectors;
    private readonly double[] _residuals;
    private readonly double[] _trueResiduals;
    private readonly bool[] _converged;

    internal Eigenpairs(double[] values, double[] vectors, double[] residuals, bool[] converged, double[] trueResiduals)
    {
        _values = values;
        _vectors = vectors;
        _residuals = residuals;
        _converged = converged;
        _trueResiduals = trueResiduals;
    }

    /// <summary>No pairs.</summary>
    public static Eigenpairs None { get; } = new([], [], [], [], []);

    /// <summary>How many pairs there are, which is fewer than asked for where a search was cancelled early.</summary>
    public int Count => _values.Length;

    /// <summary>The eigenvalues [count], the outermost first.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The eigenvectors [count, n]: row i belongs to value i, has length 1, and its component of largest magnitude is positive.</summary>
    public ReadOnlySpan<double> Vectors => _vectors;

    /// <summary>The norms ρ = |A u - θ u| [count], as the recurrence knows them.</summary>
    /// <remarks>There is an eigenvalue within ρ of θ; where the others are at a distance of at least δ, the error is at most ρ²/δ.</remarks>
    public ReadOnlySpan<double> Residuals => _residuals;

    /// <summary>The same norms by one more product each; empty unless they were asked for.</summary>
    public ReadOnlySpan<double> TrueResiduals => _trueResiduals;

    /// <summary>Which pairs met the tolerance [count].</summary>
    public ReadOnlySpan<bool> Converged => _converged;

    /// <summary>The vector of value <paramref name="index"/> [n].</summary>
    public ReadOnlySpan<double> Vector(int index)
    {
        int size = Count > 0 ? _vectors.Length / Count : 0;
        return _vectors.AsSpan(index * size, size);
    }

    /// <summary>How many pairs met the tolerance.</summary>
    public int ConvergedCount => _converged.AsSpan().Count(true);

    /// <summary>The same pairs with true residuals.</summary>
    internal Eigenpairs Verified(ISymmetricOperator matrix) => Count == 0 ? this : new(_values, _vectors, _residuals, _converged, Measure(matrix));

    /// <summary>|A u - θ u| of each pair, by one product of all vectors.</summary>
    private double[] Measure(ISymmetricOperator matrix)
    {
        int size = matrix.Size;
        var images = new double[_vectors.Length];
        matrix.Apply(_vectors, images);
        var lengths = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            var image = images.AsSpan(i * size, size);
            RowAlgebra.Add(-_values[i], Vector(i), image);
            lengths[i] = Math.Sqrt(RowAlgebra.Dot(image, image));
        }

        return lengths;
    }
}
