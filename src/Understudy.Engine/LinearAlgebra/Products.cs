using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Understudy.Engine.Kernels;
using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>Products of dense row-major matrices in spans.</summary>
/// <remarks>The result is the same to the bit with any team and on any processor. Costs O(m·n·k), and rents native memory for packing.</remarks>
public static unsafe class Products
{
    /// <summary>C = op(A) op(B), or C += op(A) op(B) with <paramref name="accumulate"/>; op transposes where asked.</summary>
    /// <param name="m">Rows of op(A) and of C.</param>
    /// <param name="n">Columns of op(B) and of C.</param>
    /// <param name="k">Columns of op(A), rows of op(B).</param>
    /// <param name="left">A: [m, k], or [k, m] when transposed.</param>
    /// <param name="right">B: [k, n], or [n, k] when transposed.</param>
    /// <param name="result">C: [m, n]; overlaps neither operand.</param>
    /// <param name="transposeLeft">op(A) is the transpose of what is stored.</param>
    /// <param name="transposeRight">op(B) is the transpose of what is stored.</param>
    /// <param name="accumulate">Adds to C.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <exception cref="ArgumentException">A span is shorter than its matrix.</exception>
    public static void Multiply(
        int m, int n, int k, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result,
        bool transposeLeft = false, bool transposeRight = false, bool accumulate = false, Team? team = null)
        => MultiplyDense(DType.F32, m, n, k, left, right, result, transposeLeft, transposeRight, accumulate, team);

    /// <inheritdoc cref="Multiply(int, int, int, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, bool, bool, bool, Team)"/>
    public static void Multiply(
        int m, int n, int k, ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result,
        bool transposeLeft = false, bool transposeRight = false, bool accumulate = false, Team? team = null)
        => MultiplyDense(DType.F64, m, n, k, left, right, result, transposeLeft, transposeRight, accumulate, team);

    /// <summary>C = f op(A) op(B), or C += f op(A) op(B), for parts of matrices whose rows are apart by the given numbers of elements.</summary>
    internal static void Multiply(
        int m, int n, int k, ReadOnlySpan<double> left, int stepLeft, ReadOnlySpan<double> right, int stepRight, Span<double> result, int stepResult,
        bool transposeLeft = false, bool transposeRight = false, double factor = 1, bool accumulate = false, Team? team = null)
    {
        Debug.Assert(m == 0 || n == 0 || result.Length >= ((long)(m - 1) * stepResult) + n, "The result is a part of its span.");
        fixed (double* a = left, b = right, c = result)
            Registers.Best(DType.F64, new Product
            {
                M = m,
                N = n,
                K = k,
                A = (nint)a,
                LeadingA = stepLeft,
                B = (nint)b,
                LeadingB = stepRight,
                C = (nint)c,
                LeadingC = stepResult,
                TransposeA = transposeLeft,
                TransposeB = transposeRight,
                Factor = factor,
                Accumulate = accumulate,
                Team = team,
            });
    }

    private static void MultiplyDense<T>(
        DType type, int m, int n, int k, ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> result,
        bool transposeLeft, bool transposeRight, bool accumulate, Team? team)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        if (left.Length < (long)m * k)
            throw new ArgumentException($"A matrix of {m} x {k} has more than {left.Length} elements.", nameof(left));
        if (right.Length < (long)k * n)
            throw new ArgumentException($"A matrix of {k} x {n} has more than {right.Length} elements.", nameof(right));
        if (result.Length < (long)m * n)
            throw new ArgumentException($"A matrix of {m} x {n} has more than {result.Length} elements.", nameof(result));
        fixed (T* a = left, b = right, c = result)
            Registers.Best(type, new Product
            {
                M = m,
                N = n,
                K = k,
                A = (nint)a,
                LeadingA = transposeLeft ? m : k,
                B = (nint)b,
                LeadingB = transposeRight ? k : n,
                C = (nint)c,
                LeadingC = n,
                TransposeA = transposeLeft,
                TransposeB = transposeRight,
                Accumulate = accumulate,
                Team = team,
            });
    }

    private sealed class Product : IRegisterVisitor<bool>
    {
        internal required int M { get; init; }
        internal required int N { get; init; }
        internal required int K { get; init; }
        internal required nint A { get; init; }
        internal required nint LeadingA { get; init; }
        internal required nint B { get; init; }
        internal required nint LeadingB { get; init; }
        internal required nint C { get; init; }
        internal required nint LeadingC { get; init; }
        internal required bool TransposeA { get; init; }
        internal required bool TransposeB { get; init; }
        internal double Factor { get; init; } = 1;
        internal required bool Accumulate { get; init; }
        internal required Team? Team { get; init; }

        public bool Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var elements = Gemm<V, S>.Workspace(M, N, K, TransposeA, TransposeB, Team?.Threads ?? 1);
            var factor = S.CreateChecked(Factor);
            var workspace = (S*)NativeMemory.AlignedAlloc((nuint)(elements * sizeof(S)), 64);
            try
            {
                var product = new GemmArguments<S>
                {
                    M = M,
                    N = N,
                    K = K,
                    A = (S*)A,
                    LeadingA = LeadingA,
                    TransposeA = TransposeA,
                    B = (S*)B,
                    LeadingB = LeadingB,
                    TransposeB = TransposeB,
                    C = (S*)C,
                    LeadingC = LeadingC,
                    Accumulate = Accumulate,
                    Alpha = Factor == 1 ? null : &factor,
                    Workspace = workspace,
                };
                if (Team == null)
                    Gemm<V, S>.Run(product);
                else
                    Gemm<V, S>.Run(Team, product);
            }
            finally
            {
                NativeMemory.AlignedFree(workspace);
            }
            return true;
        }
    }
}
