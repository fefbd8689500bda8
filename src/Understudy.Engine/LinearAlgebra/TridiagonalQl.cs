using Understudy.Engine.Kernels;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>Eigenvalues of a symmetric tridiagonal matrix by implicit QL steps with Wilkinson's shift, T = Q Λ Qᵀ.</summary>
/// <remarks>Golub and Van Loan 2013, section 8.3. Entries are expected near 1 in magnitude, so that squares do not overflow. Costs O(n²) and the rotations.</remarks>
internal static class TridiagonalQl
{
    /// <summary>Leaves Λ, in no order, on the diagonal, and rotates rows R to Qᵀ R.</summary>
    /// <param name="diagonal">[n].</param>
    /// <param name="beside">[n]: element i stands beside the diagonal in rows i and i + 1; is destroyed.</param>
    /// <param name="rows">R, of n rows.</param>
    /// <param name="cancellation">Looked at once per eigenvalue.</param>
    /// <returns>False if a limit was met, which happens only where T holds infinities or not-a-numbers.</returns>
    internal static bool Diagonalize<TRows>(Span<double> diagonal, Span<double> beside, TRows rows, CancellationToken cancellation)
        where TRows : IRotatedRows
    {
        bool isConverged = true;
        for (int first = 0; first < diagonal.Length; first++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int step = 0; ; step++)
            {
                int last = first;
                while (last < diagonal.Length - 1 && !IsNegligible(diagonal, beside, last))
                    last++;
                if (last == first)
                    break;
                if (step == TridiagonalValues.MaximumSteps)
                {
                    isConverged = false;
                    break;
                }

                rows.BeginSweep(first, last);
                Step(diagonal, beside, rows, first, last);
            }
        }

        return isConverged;
    }

    private static bool IsNegligible(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> beside, int row)
        => Math.Abs(beside[row])
            <= Math.Max(TridiagonalValues.Negligible, TridiagonalValues.Unit * (Math.Abs(diagonal[row]) + Math.Abs(diagonal[row + 1])));

    /// <summary>One QL step with Wilkinson's shift on the block from first to last: a bulge is chased from its end to its beginning.</summary>
    private static void Step<TRows>(Span<double> diagonal, Span<double> beside, TRows rows, int first, int last)
        where TRows : IRotatedRows
    {
        double half = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
        double root = Math.Sqrt((half * half) + 1);
        double shift = diagonal[first] - (beside[first] / (half + (half >= 0 ? root : -root)));
        double bulge = diagonal[last] - shift;
        double cosine = 1;
        double sine = 1;
        double moved = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = sine * beside[i];
            double b = cosine * beside[i];
            double r = Math.Sqrt((f * f) + (bulge * bulge));
            beside[i + 1] = r;
            if (r == 0)
            {
                diagonal[i + 1] -= moved;
                beside[last] = 0;
                return;
            }

            sine = f / r;
            cosine = bulge / r;
            bulge = diagonal[i + 1] - moved;
            double t = ((diagonal[i] - bulge) * sine) + (2 * cosine * b);
            moved = sine * t;
            diagonal[i + 1] = bulge + moved;
            bulge = (cosine * t) - b;
            rows.Rotate(i, cosine, sine);
        }

        diagonal[first] -= moved;
        beside[first] = bulge;
        beside[last] = 0;
    }
}
