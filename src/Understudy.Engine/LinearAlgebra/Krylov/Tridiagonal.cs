namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>A symmetric tridiagonal matrix T = Vᵀ A V, what a Lanczos process knows of A.</summary>
public sealed class Tridiagonal
{
    private readonly double[] _alpha;
    private readonly double[] _beta;

    /// <summary>The matrix with these entries.</summary>
    /// <param name="alpha">The diagonal [m].</param>
    /// <param name="beta">What is beside the diagonal [m - 1]; empty for m = 0.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public Tridiagonal(ReadOnlySpan<double> alpha, ReadOnlySpan<double> beta)
    {
        if (beta.Length != Math.Max(0, alpha.Length - 1))
            throw new ArgumentException($"A diagonal of {alpha.Length} does not have {beta.Length} entries beside it.", nameof(beta));
        _alpha = alpha.ToArray();
        _beta = beta.ToArray();
    }

    /// <summary>m, the number of rows.</summary>
    public int Size => _alpha.Length;

    /// <summary>The diagonal [m].</summary>
    public ReadOnlySpan<double> Alpha => _alpha;

    /// <summary>What is beside the diagonal [m - 1].</summary>
    public ReadOnlySpan<double> Beta => _beta;

    /// <summary>The upper left part, what was known after so many steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative size, or one above <see cref="Size"/>.</exception>
    public Tridiagonal Leading(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return new Tridiagonal(Alpha[..size], Beta[..Math.Max(0, size - 1)]);
    }

    /// <summary>Its eigenvalues, and the first and last components of its eigenvectors.</summary>
    /// <remarks>Costs about 10 m² operations; the eigenvectors are never formed.</remarks>
    /// <exception cref="ArithmeticException">The entries are not all finite.</exception>
    public GaussQuadrature Quadrature()
    {
        int size = Size;
        double scale = 0;
        foreach (double value in _alpha)
            scale = Math.Max(scale, Math.Abs(value));
        foreach (double value in _beta)
            scale = Math.Max(scale, Math.Abs(value));
        if (!double.IsFinite(scale))
            throw new ArithmeticException("A tridiagonal matrix with entries that are not finite has no quadrature.");

        scale = scale > 0 ? scale : 1;
        var nodes = new double[size];
        var beside = new double[size];
        for (int i = 0; i < size; i++)
            nodes[i] = _alpha[i] / scale;
        for (int i = 0; i < size - 1; i++)
            beside[i] = _beta[i] / scale;
        var ends = new double[2 * size];
        if (size > 0)
            ends[0] = ends[^1] = 1;
        TridiagonalQl.Diagonalize(nodes, beside, new NarrowRows(ends, 2), CancellationToken.None);
        Sort(nodes, ends, 2);
        RowAlgebra.Scale(scale, nodes);
        return new GaussQuadrature(nodes, ends);
    }

    /// <summary>Ascending eigenvalues, with the rows [n, width] that belong to them.</summary>
    private static void Sort(double[] values, double[] rows, int width)
    {
        int size = values.Length;
        for (int i = 0; i < size - 1; i++)
        {
            int least = i;
            for (int j = i + 1; j < size; j++)
            {
                if (values[j] < values[least])
                    least = j;
            }

            if (least == i)
                continue;
            (values[i], values[least]) = (values[least], values[i]);
            for (int column = 0; column < width; column++)
                (rows[(i * width) + column], rows[(least * width) + column]) = (rows[(least * width) + column], rows[(i * width) + column]);
        }
    }
}
