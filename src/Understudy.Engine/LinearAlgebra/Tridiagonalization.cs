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

    private readonly int _size;

    private Tridiagonalization(int size)
    {
        _size = size;
        Reflections = new Reflections(size, 1);
        Diagonal = new double[size];
        Beside = new double[size];
    }

    /// <summary>The diagonal of T.</summary>
    internal double[] Diagonal { get; }

    /// <summary>Element i stands beside the diagonal in rows i and i + 1 of T; the last is 0.</summary>
    internal double[] Beside { get; }

    /// <summary>Q, whose vectors are in the matrix.</summary>
    internal Reflections Reflections { get; }

    /// <summary>T as a band of width 1.</summary>
    internal SymmetricBand ToBand()
    {
        var band = new SymmetricBand(_size, 1);
        for (int row = 0; row < _size; row++)
        {
            band.Row(row, row, 1)[0] = Diagonal[row];
            if (row > 0)
                band.Row(row, row - 1, 1)[0] = Beside[row - 1];
        }

        return band;
    }

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
            double factor = Reflections.Factors[i] = Householder.Reflect(reflection, out Beside[i - 1]);
            reflection.CopyTo(v[(before * _size)..]);
            var image = w.Slice(before * _size, i);
            if (factor == 0)
            {
                image.Clear();
                continue;
            }

            LowerTriangle.Multiply(matrix, _size, i, reflection, image, parts, team);
            RowPanel.Dots(w, _size, before, reflection, ofV);
            RowPanel.Dots(v, _size, before, reflection, ofW);
            RowPanel.Subtract(v, _size, ofV[..before], image);
            RowPanel.Subtract(w, _size, ofW[..before], image);
            RowAlgebra.Scale(factor, image);
            RowAlgebra.Add(-0.5 * factor * RowAlgebra.Dot(image, reflection), reflection, image);
        }
    }
}
