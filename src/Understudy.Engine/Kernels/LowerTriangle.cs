using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <summary>Products with a symmetric matrix of which only the lower triangle is stored, row-major in the leading corner of rows of any length.</summary>
/// <remarks>The work is cut into chunks that depend on the size alone and sums are taken in their order: the bits are the same with any team.</remarks>
internal static unsafe partial class LowerTriangle
{
    /// <summary>The most chunks of <see cref="Multiply(ReadOnlySpan{double}, int, int, ReadOnlySpan{double}, Span{double}, Span{double}, Team)"/>.</summary>
    internal const int MaximumChunks = 16;

    // a chunk has at least so many rows: below, adding the chunks up costs more than it saves
    private const int RowsPerChunk = 96;

    // below this size a second thread costs more than it saves
    private const int SmallestShared = 256;

    /// <summary>y = A x, reading every stored element once.</summary>
    /// <param name="matrix">A: [size, size] in rows of length <paramref name="leading"/>.</param>
    /// <param name="leading">Elements from one row to the next.</param>
    /// <param name="size">n.</param>
    /// <param name="x">[n].</param>
    /// <param name="y">[n].</param>
    /// <param name="parts">Room for <see cref="MaximumChunks"/> vectors of n; none is needed for an n below 192.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    internal static void Multiply(
        ReadOnlySpan<double> matrix, int leading, int size, ReadOnlySpan<double> x, Span<double> y, Span<double> parts, Team? team)
    {
        var chunks = Math.Clamp(size / RowsPerChunk, 1, MaximumChunks);
        Debug.Assert(chunks == 1 || parts.Length >= (long)chunks * size, "Each chunk has a part of its own.");
        fixed (double* a = matrix, px = x, py = y, pp = parts)
        {
            var job = new VectorJob { A = a, Leading = leading, Size = size, X = px, Parts = chunks == 1 ? py : pp, Chunks = chunks };
            if (team == null || size < SmallestShared)
            {
                for (var chunk = 0; chunk < chunks; chunk++)
                    RunChunk(&job, chunk);
            }
            else
                team.Run(chunks, &RunChunk, &job);
            if (chunks == 1)
                return;
            // the last chunk reaches over all of y
            new ReadOnlySpan<double>(pp + (nint)(chunks - 1) * size, size).CopyTo(y);
            for (var chunk = 0; chunk < chunks - 1; chunk++)
                Add(pp + (nint)chunk * size, py, Border(size, chunk + 1, chunks));
        }
    }

    /// <summary>A -= x yᵀ + y xᵀ, on the calling thread; nothing above the diagonal is touched.</summary>
    internal static void Subtract(Span<double> matrix, int leading, int size, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        fixed (double* a = matrix, px = x, py = y)
        {
            for (var row = 0; row < size; row += 4)
            {
                var rows = Math.Min(4, size - row);
                var block = a + (nint)row * leading;
                RowPanel.SubtractOuter(block, leading, rows, px + row, py, py + row, px, row);
                for (var i = 0; i < rows; i++)
                {
                    for (var j = row; j <= row + i; j++)
                        block[(nint)i * leading + j] -= px[row + i] * py[j] + py[row + i] * px[j];
                }
            }
        }
    }

    /// <summary>The first row of a chunk; chunks hold about the same number of elements.</summary>
    private static int Border(int size, int chunk, int chunks)
        => chunk == chunks ? size : (int)(size * Math.Sqrt((double)chunk / chunks)) / 4 * 4;

    private static void RunChunk(void* state, int chunk)
    {
        var job = (VectorJob*)state;
        var from = Border(job->Size, chunk, job->Chunks);
        var to = Border(job->Size, chunk + 1, job->Chunks);
        var y = job->Parts + (nint)chunk * job->Size;
        NativeMemory.Clear(y, (nuint)to * sizeof(double));
        var row = from;
        for (; row + 4 <= to; row += 4)
            FourRows(job->A + (nint)row * job->Leading, job->Leading, row, job->X, y);
        for (; row < to; row++)
            OneRow(job->A + (nint)row * job->Leading, row, 0, job->X, y);
    }

    /// <summary>Four rows from the one given on: what lies left of the diagonal block adds to y above and, summed, to y of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(double* a, nint leading, int row, double* x, double* y)
    {
        var a1 = a + leading;
        var a2 = a1 + leading;
        var a3 = a2 + leading;
        var x0 = Vector256.Create(x[row]);
        var x1 = Vector256.Create(x[row + 1]);
        var x2 = Vector256.Create(x[row + 2]);
        var x3 = Vector256.Create(x[row + 3]);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        // the number of a row of four is a multiple of 4, so nothing is left over
        for (var j = 0; j < row; j += 4)
        {
            var xj = Vector256.Load(x + j);
            var r0 = Vector256.Load(a + j);
            var r1 = Vector256.Load(a1 + j);
            var r2 = Vector256.Load(a2 + j);
            var r3 = Vector256.Load(a3 + j);
            s0 = Vector256.FusedMultiplyAdd(r0, xj, s0);
            s1 = Vector256.FusedMultiplyAdd(r1, xj, s1);
            s2 = Vector256.FusedMultiplyAdd(r2, xj, s2);
            s3 = Vector256.FusedMultiplyAdd(r3, xj, s3);
            var above = Vector256.FusedMultiplyAdd(r0, x0, Vector256.Load(y + j));
            var other = r2 * x2;
            above = Vector256.FusedMultiplyAdd(r1, x1, above);
            other = Vector256.FusedMultiplyAdd(r3, x3, other);
            (above + other).Store(y + j);
        }

        y[row] += RowPanel.Sum(s0);
        y[row + 1] += RowPanel.Sum(s1);
        y[row + 2] += RowPanel.Sum(s2);
        y[row + 3] += RowPanel.Sum(s3);
        for (var i = 0; i < 4; i++)
            OneRow(a + i * leading, row + i, row, x, y);
    }

    private static void OneRow(double* a, int row, int firstColumn, double* x, double* y)
    {
        double sum = 0;
        for (var j = firstColumn; j < row; j++)
        {
            sum += a[j] * x[j];
            y[j] += a[j] * x[row];
        }

        y[row] += sum + a[row] * x[row];
    }

    private static void Add(double* x, double* y, int count)
    {
        var j = 0;
        for (; j + 4 <= count; j += 4)
            (Vector256.Load(x + j) + Vector256.Load(y + j)).Store(y + j);
        for (; j < count; j++)
            y[j] += x[j];
    }

    private struct VectorJob
    {
        internal double* A;
        internal nint Leading;
        internal int Size;
        internal double* X;
        internal double* Parts;
        internal int Chunks;
    }
}
