using System.Numerics;
using System.Runtime.InteropServices;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

internal static unsafe partial class LowerTriangle
{
    private const int Tile = 256;

    // rows of the slices in which a tile on the diagonal is updated; what lies above the diagonal in a slice is wasted
    private const int Slice = 64;

    // rows of a chunk of the product with a panel
    private const int PanelRows = 128;

    // what lies below a chunk is read in copies of so many rows: in place, each element of a column is on another page
    private const int CopiedRows = 256;

    /// <summary>A -= L Rᵀ on the lower triangle, where L Rᵀ is symmetric.</summary>
    /// <param name="matrix">A: [size, size] in rows of length <paramref name="leading"/>; some elements above the diagonal change too.</param>
    /// <param name="leading">Elements from one row of A to the next.</param>
    /// <param name="size">n.</param>
    /// <param name="left">L: [n, depth], or stored as [depth, n] with <paramref name="areRows"/>.</param>
    /// <param name="right">R: as L.</param>
    /// <param name="step">Elements from one row of what is stored of L and R to the next.</param>
    /// <param name="depth">Columns of L and R.</param>
    /// <param name="areRows">The transposes of L and R are stored.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    internal static void Subtract(
        Span<double> matrix, int leading, int size, ReadOnlySpan<double> left, ReadOnlySpan<double> right, int step, int depth, bool areRows, Team? team)
    {
        if (size == 0 || depth == 0)
            return;
        fixed (double* a = matrix, l = left, r = right)
        {
            var alpha = -1.0;
            var common = new GemmArguments<double>
            {
                K = depth,
                A = l,
                LeadingA = step,
                TransposeA = areRows,
                B = r,
                LeadingB = step,
                TransposeB = !areRows,
                C = a,
                LeadingC = leading,
                Accumulate = true,
                Alpha = &alpha,
            };
            var tiles = (size + Tile - 1) / Tile;
            Registers.Best(DType.F64, new Update { Common = common, Size = size, Chunks = tiles * (tiles + 1) / 2, Team = team });
        }
    }

    /// <summary>Y = A X for a panel of vectors.</summary>
    /// <param name="matrix">A: [size, size] in rows of length <paramref name="leading"/>.</param>
    /// <param name="leading">Elements from one row of A to the next.</param>
    /// <param name="size">n.</param>
    /// <param name="panel">X: [n, width].</param>
    /// <param name="images">Y: [n, width].</param>
    /// <param name="width">Columns of X and Y.</param>
    /// <param name="step">Elements from one row of X to the next.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    internal static void Multiply(
        ReadOnlySpan<double> matrix, int leading, int size, ReadOnlySpan<double> panel, Span<double> images, int width, int step, Team? team)
    {
        if (size == 0 || width == 0)
            return;
        fixed (double* a = matrix, x = panel, y = images)
        {
            var common = new GemmArguments<double> { N = width, A = a, LeadingA = leading, B = x, LeadingB = step, C = y, LeadingC = width };
            Registers.Best(DType.F64, new Application { Common = common, Size = size, Chunks = (size + PanelRows - 1) / PanelRows, Team = team });
        }
    }

    /// <summary>A job of chunks, each of which is some products on one thread.</summary>
    private abstract class Job : IRegisterVisitor<bool>
    {
        internal required GemmArguments<double> Common { get; init; }
        internal required int Size { get; init; }
        internal required int Chunks { get; init; }
        internal required Team? Team { get; init; }

        public bool Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            if (Team == null || Size < SmallestShared)
            {
                for (var chunk = 0; chunk < Chunks; chunk++)
                    RunChunk<V, S>(chunk);
            }
            else
                Team.Run(Chunks, RunChunk<V, S>);
            return true;
        }

        protected abstract void RunChunk<V, S>(int chunk)
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>;

        protected static void Run<V, S>(GemmArguments<double> product)
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var elements = Gemm<V, S>.Workspace(product.M, product.N, product.K, product.TransposeA, product.TransposeB, 1);
            product.Workspace = (double*)NativeMemory.AlignedAlloc((nuint)elements * sizeof(double), 64);
            Gemm<V, S>.Run(*(GemmArguments<S>*)&product);
            NativeMemory.AlignedFree(product.Workspace);
        }
    }

    private sealed class Update : Job
    {
        protected override void RunChunk<V, S>(int chunk)
        {
            var tileRow = 0;
            for (; chunk > tileRow; tileRow++)
                chunk -= tileRow + 1;
            var (row, column) = (tileRow * Tile, chunk * Tile);
            var rows = Math.Min(Tile, Size - row);
            if (row > column)
                Run<V, S>(Part(row, rows, column, Tile));
            else
            {
                for (var slice = 0; slice < rows; slice += Slice)
                {
                    var count = Math.Min(Slice, rows - slice);
                    Run<V, S>(Part(row + slice, count, column, slice + count));
                }
            }
        }

        private GemmArguments<double> Part(int row, int rows, int column, int columns)
        {
            var part = Common;
            (part.M, part.N) = (rows, columns);
            part.A += part.TransposeA ? row : row * part.LeadingA;
            part.B += part.TransposeB ? column * part.LeadingB : column;
            part.C += row * part.LeadingC + column;
            return part;
        }
    }

    /// <summary>Rows of the product with a panel: what lies left of their diagonal block, the block, and what lies below it, transposed.</summary>
    private sealed class Application : Job
    {
        protected override void RunChunk<V, S>(int chunk)
        {
            var row = chunk * PanelRows;
            var rows = Math.Min(PanelRows, Size - row);
            var part = Common;
            part.M = rows;
            part.A += row * part.LeadingA;
            part.C += row * part.LeadingC;
            Add<V, S>(part, 0, row);

            var copy = (double*)NativeMemory.AlignedAlloc(CopiedRows * PanelRows * sizeof(double), 64);
            Mirror(part.A + row, rows, copy);
            part.A = copy;
            part.LeadingA = PanelRows;
            part.Accumulate = true;
            Add<V, S>(part, row, rows);

            part.TransposeA = true;
            for (var from = row + rows; from < Size; from += CopiedRows)
            {
                var count = Math.Min(CopiedRows, Size - from);
                for (var i = 0; i < count; i++)
                    new ReadOnlySpan<double>(Common.A + (from + i) * Common.LeadingA + row, rows).CopyTo(new(copy + i * PanelRows, rows));
                Add<V, S>(part, from, count);
            }

            NativeMemory.AlignedFree(copy);
        }

        private static void Add<V, S>(GemmArguments<double> part, int from, int count)
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            part.K = count;
            part.B += from * part.LeadingB;
            Run<V, S>(part);
        }

        private void Mirror(double* lower, int size, double* square)
        {
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j <= i; j++)
                    square[i * PanelRows + j] = square[j * PanelRows + i] = lower[i * Common.LeadingA + j];
            }
        }
    }
}
