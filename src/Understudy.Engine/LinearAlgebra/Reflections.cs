using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>The orthogonal Q of a reduction: Householder reflections in the rows of the matrix that was reduced, the last row's first.</summary>
internal sealed class Reflections
{
    private const int Panel = 64;

    private readonly int _size;
    private readonly int _width;

    /// <param name="size">n.</param>
    /// <param name="width">The reflection of row i has i + 1 - width components.</param>
    internal Reflections(int size, int width)
    {
        (_size, _width) = (size, width);
        Factors = new double[size];
    }

    /// <summary>The factor of each row's reflection; 0 where there is none.</summary>
    internal double[] Factors { get; }

    /// <summary>Takes eigenvectors of the reduced matrix, the rows of X, to those of A: X becomes X Qᵀ.</summary>
    /// <param name="matrix">The matrix as the reduction left it.</param>
    /// <param name="vectors">X: [count, n].</param>
    /// <param name="count">Rows of X.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <param name="cancellation">Looked at once per block of reflections.</param>
    /// <param name="areUnits">X is the unit matrix, and becomes Qᵀ at two thirds of the cost.</param>
    internal void Apply(
        ReadOnlySpan<double> matrix, Span<double> vectors, int count, Team? team, CancellationToken cancellation, bool areUnits = false)
    {
        var reflections = new double[Panel * _size];
        var gram = new double[Panel * Panel];
        var triangle = new double[Panel * Panel];
        var factors = new double[Panel];
        var parts = new double[Panel * count];
        var combined = new double[Panel * count];
        for (int begin = _width; begin < _size; begin += Panel)
        {
            cancellation.ThrowIfCancellationRequested();
            int last = Math.Min(_size, begin + Panel) - 1;
            int width = last + 1 - begin;
            int length = last + 1 - _width;
            // later unit vectors have not been touched yet
            int rows = areUnits ? length : count;
            var v = reflections.AsSpan(0, width * length);
            v.Clear();
            for (int j = 0; j < width; j++)
            {
                matrix.Slice((last - j) * _size, length - j).CopyTo(v[(j * length)..]);
                factors[j] = Factors[last - j];
            }

            Products.Multiply(width, width, length, v, v, gram, transposeRight: true, team: team);
            CompactReflections.Triangle(gram, factors, triangle, width);
            Products.Multiply(rows, width, length, vectors, _size, v, length, parts, width, transposeRight: true, team: team);
            Products.Multiply(rows, width, width, parts, triangle, combined, transposeRight: true, team: team);
            Products.Multiply(rows, length, width, combined, width, v, length, vectors, _size, factor: -1, accumulate: true, team: team);
        }
    }
}
