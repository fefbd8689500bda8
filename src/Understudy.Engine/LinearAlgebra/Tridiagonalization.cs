using Understudy.Engine.Kernels;
using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>A = Q T Qᵀ by Householder reflections, with the trailing updates of a panel of rows done as one product.</summary>
/// <remarks>
/// Rows are reduced from the last to the first, so that all that is read of the lower triangle is contiguous: the reflection of row i
/// has i components and is left in the matrix, in front of the diagonal. Half of the 4/3 n³ operations read the matrix once per row
/// (Dongarra, Sorensen, Hammarling 1989).
/// </remarks>
internal sealed class Tridiagonalization
{
    private const int Panel = 32;
    private const int ApplyPanel = 64;

    private readonly int _size;
    private readonly double[] _factors;

    private Tridiagonalization(int size)
    {
        _size = size;
        _factors = new double[size];
        Diagonal = new double[size];
        Beside = new double[size];
    }

    /// <summary>The diagonal of T.</summary>
    internal double[] Diagonal { get; }

    /// <summary>Element i stands beside the diagonal in rows i and i + 1 of T; the last is 0.</summary>
    internal double[] Beside { get; }

    /// <summary>Reduces a matrix whose lower triangle then holds the reflections.</summary>
    internal static Tridiagonalization Of(Span<double> matrix, int size, Team? team, IProgress<double>? progress, CancellationToken cancellation)
    {
        var result = new Tridiagonalization(size);
        // V, W and V again: the update takes L = (V, W) and R = (W, V)
        var panels = new double[3 * Panel * size];
        var parts = new double[LowerTriangle.MaximumChunks * size];
        for (int end = size; end > 0; end -= Panel)
        {
            cancellation.ThrowIfCancellationRequested();
            int begin = Math.Max(0, end - Panel);
            result.ReducePanel(matrix, begin, end, panels, parts, team);
            if (begin == 0)
                break;
            panels.AsSpan(0, Panel * size).CopyTo(panels.AsSpan(2 * Panel * size));
            LowerTriangle.Subtract(matrix, size, begin, panels, panels.AsSpan(Panel * size), size, 2 * Panel, areRows: true, team);
            double rest = (double)begin / size;
            progress?.Report(1 - (rest * rest * rest));
        }

        return result;
    }

    /// <summary>Takes eigenvectors of T, the rows of X, to those of A: X becomes X Qᵀ.</summary>
    /// <param name="matrix">The matrix as the reduction left it.</param>
    /// <param name="vectors">X: [count, n].</param>
    /// <param name="count">Rows of X.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <param name="cancellation">Looked at once per block of reflections.</param>
    /// <param name="areUnits">X is the unit matrix, and becomes Qᵀ at two thirds of the cost.</param>
    internal void Apply(
        ReadOnlySpan<double> matrix, Span<double> vectors, int count, Team? team, CancellationToken cancellation, bool areUnits = false)
    {
        var reflections = new double[ApplyPanel * _size];
        var gram = new double[ApplyPanel * ApplyPanel];
        var triangle = new double[ApplyPanel * ApplyPanel];
        var factors = new double[ApplyPanel];
        var parts = new double[ApplyPanel * count];
        var combined = new double[ApplyPanel * count];
        for (int begin = 1; begin < _size; begin += ApplyPanel)
        {
            cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(_size, begin + ApplyPanel);
            int width = end - begin;
            // the reflection of row i has i components; later unit vectors have not been touched yet
            int length = end - 1;
            int rows = areUnits ? length : count;
            var v = reflections.AsSpan(0, width * length);
            v.Clear();
            for (int j = 0; j < width; j++)
            {
                matrix.Slice((length - j) * _size, length - j).CopyTo(v[(j * length)..]);
                factors[j] = _factors[length - j];
            }

            Products.Multiply(width, width, length, v, v, gram, transposeRight: true, team: team);
            CompactReflections.Triangle(gram, factors, triangle, width);
            Products.Multiply(rows, width, length, vectors, _size, v, length, parts, width, transposeRight: true, team: team);
            Products.Multiply(rows, width, width, parts, triangle, combined, transposeRight: true, team: team);
            Products.Multiply(rows, length, width, combined, width, v, length, vectors, _size, factor: -1, accumulate: true, team: team);
        }
    }

    private void ReducePanel(Span<double> matrix, int begin, int end, double[] panels, double[] parts, Team? team)
    {
        var v = panels.AsSpan(0, Panel * _size);
        var w = panels.AsSpan(Panel * _size, Panel * _size);
        Span<double> ofV = stackalloc double[Panel];
        Span<double> ofW = stackalloc double[Panel];
        for (int i = end - 1; i >= begin; i--)
        {
            int before = end - 1 - i;
            var row = matrix.Slice(i * _size, i + 1);
            for (int j = 0; j < before; j++)
                (ofV[j], ofW[j]) = (w[(j * _size) + i], v[(j * _size) + i]);
            RowPanel.Subtract(v, _size, ofV[..before], row);
            RowPanel.Subtract(w, _size, ofW[..before], row);
            Diagonal[i] = row[i];
            if (i == 0)
                return;
            var reflection = row[..i];
            _factors[i] = Householder.Reflect(reflection, out Beside[i - 1]);
            reflection.CopyTo(v[(before * _size)..]);
            var image = w.Slice(before * _size, i);
            if (_factors[i] == 0)
            {
                image.Clear();
                continue;
            }

            LowerTriangle.Multiply(matrix, _size, i, reflection, image, parts, team);
            RowPanel.Dots(w, _size, before, reflection, ofV);
            RowPanel.Dots(v, _size, before, reflection, ofW);
            RowPanel.Subtract(v, _size, ofV[..before], image);
            RowPanel.Subtract(w, _size, ofW[..before], image);
            RowAlgebra.Scale(_factors[i], image);
            RowAlgebra.Add(-0.5 * _factors[i] * RowAlgebra.Dot(image, reflection), reflection, image);
        }
    }
}
