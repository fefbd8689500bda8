namespace Understudy.Engine.LinearAlgebra;

/// <summary>Eigenvalues of a symmetric tridiagonal matrix by implicit QL steps with Wilkinson's shift.</summary>
/// <remarks>Golub and Van Loan 2013, section 8.3. Entries are expected near 1 in magnitude, so that squares do not overflow. Costs O(n²·width).</remarks>
internal static class TridiagonalQl
{
    /// <summary>QL needs fewer than two steps per eigenvalue on average; this is never met by finite input.</summary>
    private const int MaximumSteps = 60;

    /// <summary>Turns T into its eigenvalues, in no order, and applies the same rotations to rows.</summary>
    /// <param name="diagonal">[n]; becomes the eigenvalues.</param>
    /// <param name="beside">[n], the last one unused; is destroyed.</param>
    /// <param name="rows">[n, width]; with row i of Qᵀ, or of some of its columns, it becomes that of eigenvector i.</param>
    /// <param name="width">Columns of the rows.</param>
    /// <param name="cancellation">Looked at once per eigenvalue.</param>
    /// <returns>False if a limit was met, which happens only where T holds infinities or not-a-numbers.</returns>
    internal static bool Diagonalize(double[] diagonal, double[] beside, double[] rows, int width, CancellationToken cancellation)
    {
        const double unit = 1.1102230246251565e-16;
        int size = diagonal.Length;
        bool isConverged = true;
        for (int first = 0; first < size; first++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int step = 0; ; step++)
            {
                int last = first;
                while (last < size - 1 && Math.Abs(beside[last]) > unit * (Math.Abs(diagonal[last]) + Math.Abs(diagonal[last + 1])))
                    last++;
                if (last == first)
                    break;
                if (step == MaximumSteps)
                {
                    isConverged = false;
                    break;
                }

                Step(diagonal, beside, rows, width, first, last);
            }
        }

        return isConverged;
    }

    /// <summary>One QL step with Wilkinson's shift on the block from first to last: a bulge is chased from its end to its beginning.</summary>
    private static void Step(double[] diagonal, double[] beside, double[] rows, int width, int first, int last)
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
            RowAlgebra.Rotate(cosine, sine, rows.AsSpan(i * width, width), rows.AsSpan((i + 1) * width, width));
        }

        diagonal[first] -= moved;
        beside[first] = bulge;
        beside[last] = 0;
    }

    /// <summary>Ascending eigenvalues, with the rows [n, width] that belong to them.</summary>
    internal static void Sort(double[] values, double[] rows, int width)
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
