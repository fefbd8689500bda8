using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>The factor L of a symmetric positive definite matrix, A + μI = L Lᵀ, and what it solves.</summary>
/// <remarks>
/// By panels, each corrected by one product with all before it (Golub and Van Loan 2013, section 4.2). Costs n³/6 multiplications with an addition, n² for each
/// right-hand side. The same to the bit with any team and on every processor.
/// </remarks>
public sealed class Cholesky
{
    private const int PanelColumns = 64;
    private const int ChunkRows = 32;

    private readonly int _size;

    // row-major; what stands above the diagonal is left over from the matrix
    private readonly double[] _factor;

    private Cholesky(int size, double[] factor) => (_size, _factor) = (size, factor);

    /// <summary>Whether every pivot is positive: false also where the matrix holds infinities or not-a-numbers.</summary>
    public bool IsPositiveDefinite { get; private set; }

    /// <summary>Factorizes A + μI.</summary>
    /// <param name="matrix">A: [n, n], row-major; only the lower triangle is read.</param>
    /// <param name="size">n, which may be 0.</param>
    /// <param name="shift">μ.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <param name="cancellation">Looked at once per panel of 64 columns.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements.</exception>
    public static Cholesky Of(ReadOnlySpan<double> matrix, int size, double shift = 0, Team? team = null, CancellationToken cancellation = default)
    {
        LowerTriangleScale.ThrowIfNotSquare(matrix, size);
        var factor = matrix.ToArray();
        for (int i = 0; i < size; i++)
            factor[(i * size) + i] += shift;
        var cholesky = new Cholesky(size, factor);
        cholesky.IsPositiveDefinite = cholesky.Factorize(team, cancellation);
        return cholesky;
    }

    /// <summary>Solves (A + μI) xᵢ = bᵢ for right-hand sides as rows, each of which becomes its solution.</summary>
    /// <param name="rows">[count, n].</param>
    /// <exception cref="ArgumentException">The span is not rows of n.</exception>
    /// <exception cref="InvalidOperationException">The matrix is not positive definite.</exception>
    public void Solve(Span<double> rows)
    {
        if (!IsPositiveDefinite)
            throw new InvalidOperationException("The matrix is not positive definite, so that it has no such factor.");
        if (_size == 0 ? !rows.IsEmpty : rows.Length % _size != 0)
            throw new ArgumentException($"{rows.Length} numbers are not rows of {_size}.", nameof(rows));
        for (; !rows.IsEmpty; rows = rows[_size..])
        {
            var x = rows[.._size];
            for (int i = 0; i < _size; i++)
                x[i] = (x[i] - RowAlgebra.Dot(Row(i)[..i], x)) / Row(i)[i];
            for (int i = _size - 1; i >= 0; i--)
            {
                x[i] /= Row(i)[i];
                RowAlgebra.Add(-x[i], Row(i)[..i], x[..i]);
            }
        }
    }

    private Span<double> Row(int row) => _factor.AsSpan(row * _size, _size);

    private bool Factorize(Team? team, CancellationToken cancellation)
    {
        for (int first = 0; first < _size; first += PanelColumns)
        {
            cancellation.ThrowIfCancellationRequested();
            int next = Math.Min(first + PanelColumns, _size);
            var below = _factor.AsSpan(first * _size);
            if (first > 0)
                Products.Multiply(
                    _size - first, next - first, first, below, _size, below, _size, below[first..], _size, transposeRight: true, factor: -1, accumulate: true, team: team);
            if (!FactorizeDiagonal(first, next))
                return false;
            FinishBelow(first, next, team);
        }

        return true;
    }

    private bool FactorizeDiagonal(int first, int next)
    {
        for (int row = first; row < next; row++)
        {
            FinishRow(row, first, row);
            var before = Row(row)[first..row];
            double pivot = Row(row)[row] - RowAlgebra.Dot(before, before);
            if (!(pivot > 0 && double.IsFinite(pivot)))
                return false;
            Row(row)[row] = Math.Sqrt(pivot);
        }

        return true;
    }

    private void FinishBelow(int first, int next, Team? team)
    {
        if (team is null)
        {
            FinishRows(next, _size, first, next);
            return;
        }

        team.Run((_size - next + ChunkRows - 1) / ChunkRows, chunk =>
        {
            int from = next + (chunk * ChunkRows);
            FinishRows(from, Math.Min(from + ChunkRows, _size), first, next);
        });
    }

    private void FinishRows(int from, int to, int first, int end)
    {
        for (int row = from; row < to; row++)
            FinishRow(row, first, end);
    }

    /// <summary>The columns of L from <paramref name="first"/> on in a row, from those of the rows that they belong to.</summary>
    private void FinishRow(int row, int first, int end)
    {
        var own = Row(row);
        for (int column = first; column < end; column++)
            own[column] = (own[column] - RowAlgebra.Dot(own[first..column], Row(column)[first..column])) / Row(column)[column];
    }
}
