using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>How two subspaces, or a vector and a subspace, lie to each other.</summary>
/// <remarks>Subspaces are given by orthonormal rows [k, n], which is not looked at. Bases of the same subspace give the same numbers up to rounding.</remarks>
public static class Subspaces
{
    /// <summary>|U Vᵀ|² / k, the mean squared cosine of the principal angles: 1 for the same subspace, about k/n for random ones.</summary>
    /// <param name="left">U: [k, n].</param>
    /// <param name="right">V: [l, n]; where l differs from k the smaller of the two divides.</param>
    /// <param name="n">The dimension of the space.</param>
    /// <param name="team">Threads for the product; null for the caller's alone.</param>
    /// <exception cref="ArgumentException">A span does not hold whole rows, or none.</exception>
    public static double Overlap(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int n, Team? team = null)
    {
        int k = Rows(left, n, nameof(left));
        int l = Rows(right, n, nameof(right));
        var cosines = RandomRange.Gram(k, l, n, left, right, team);
        return RowAlgebra.Dot(cosines, cosines) / Math.Min(k, l);
    }

    /// <summary>The principal angles in radians, ascending, one for each dimension of the smaller subspace.</summary>
    /// <remarks>
    /// Cosines are the singular values of U Vᵀ, sines those of what V leaves beside U (Björck and Golub 1973); each angle is taken from both, so
    /// that small ones are as accurate as large ones: to about 1e-15. Costs O(n k²) with a few dozen for the constant.
    /// </remarks>
    /// <param name="left">U: [k, n].</param>
    /// <param name="right">V: [l, n].</param>
    /// <param name="n">The dimension of the space.</param>
    /// <param name="team">Threads for the products; null for the caller's alone.</param>
    /// <exception cref="ArgumentException">A span does not hold whole rows, or none.</exception>
    public static double[] PrincipalAngles(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int n, Team? team = null)
    {
        int k = Rows(left, n, nameof(left));
        int l = Rows(right, n, nameof(right));
        if (k < l)
            return PrincipalAngles(right, left, n, team);
        var cosines = RandomRange.Gram(l, k, n, right, left, team);
        var beside = new double[l * n];
        Products.Multiply(l, n, k, cosines, left, beside, team: team);
        for (int i = 0; i < beside.Length; i++)
            beside[i] = right[i] - beside[i];
        double[] along = SingularValues.Of(cosines, l, k);
        double[] across = SingularValues.Of(beside, l, n);
        var angles = new double[l];
        for (int i = 0; i < l; i++)
            angles[i] = Arctangent.Of(across[l - 1 - i], along[i]);
        return angles;
    }

    /// <summary>|U g|² / |g|², the share of a vector that lies in a subspace; not a number for a zero vector.</summary>
    /// <param name="subspace">U: [k, n]; no rows give 0.</param>
    /// <param name="vector">g: [n].</param>
    /// <exception cref="ArgumentException">The rows do not have the length of the vector.</exception>
    public static double Share(ReadOnlySpan<double> subspace, ReadOnlySpan<double> vector)
    {
        if (!subspace.IsEmpty)
            Rows(subspace, vector.Length, nameof(subspace));
        double inside = 0;
        for (int start = 0; start < subspace.Length; start += vector.Length)
        {
            double component = RowAlgebra.Dot(subspace.Slice(start, vector.Length), vector);
            inside += component * component;
        }

        return inside / RowAlgebra.Dot(vector, vector);
    }

    private static int Rows(ReadOnlySpan<double> rows, int n, string name)
    {
        if (n < 1 || rows.IsEmpty || rows.Length % n != 0)
            throw new ArgumentException($"{rows.Length} numbers are not whole rows of length {n}.", name);
        return rows.Length / n;
    }
}
