namespace Understudy.Engine.LinearAlgebra;

/// <summary>The eigenvalues of a symmetric tridiagonal matrix, without vectors.</summary>
/// <remarks>QL steps on the squares of the elements beside the diagonal, which need no roots (Pal, Walker, Kahan in Parlett 1998, section 8.15). Costs about 20 n² operations.</remarks>
internal static class TridiagonalValues
{
    /// <summary>Half the distance from 1 to the next number.</summary>
    internal const double Unit = 1.1102230246251565e-16;

    /// <summary>QL needs fewer than two steps per eigenvalue on average; this is never met by finite input.</summary>
    internal const int MaximumSteps = 60;

    /// <summary>Elements beside the diagonal that are no larger are zero next to entries near 1: their squares lose digits.</summary>
    internal const double Negligible = 1e-140;

    // less than the rounding of anything that is added to it, and too small to be inverted
    private const double Vanishing = 1e-300;

    /// <summary>Replaces the diagonal by the eigenvalues in ascending order; false if the iteration met its limit.</summary>
    /// <param name="diagonal">[n], of magnitudes near 1 at most.</param>
    /// <param name="beside">[n]: element i stands beside the diagonal in rows i and i + 1; destroyed.</param>
    /// <param name="cancellation">Looked at once per eigenvalue.</param>
    internal static bool Find(Span<double> diagonal, Span<double> beside, CancellationToken cancellation)
    {
        foreach (ref double element in beside)
            element *= element;
        bool isConverged = true;
        for (int first = 0; first < diagonal.Length;)
        {
            int last = EndOfBlock(diagonal, beside, first, diagonal.Length - 1);
            // the steps converge at the beginning, and best if the smaller elements are there
            if (Math.Abs(diagonal[last]) < Math.Abs(diagonal[first]))
            {
                diagonal[first..(last + 1)].Reverse();
                beside[first..last].Reverse();
            }

            for (int steps = 0; first <= last;)
            {
                int end = EndOfBlock(diagonal, beside, first, last);
                if (end == first || steps == MaximumSteps)
                {
                    cancellation.ThrowIfCancellationRequested();
                    isConverged &= end == first;
                    steps = 0;
                    first++;
                    continue;
                }

                Step(diagonal[first..(end + 1)], beside[first..(end + 1)]);
                steps++;
            }
        }

        diagonal.Sort();
        return isConverged;
    }

    /// <summary>The last row of the block that begins with the given one and has no negligible element beside its diagonal.</summary>
    private static int EndOfBlock(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> squares, int first, int last)
    {
        int row = first;
        while (row < last)
        {
            double small = Math.Max(Negligible, Unit * (Math.Abs(diagonal[row]) + Math.Abs(diagonal[row + 1])));
            if (squares[row] <= small * small)
                return row;
            row++;
        }

        return row;
    }

    /// <summary>One QL step with Wilkinson's shift on a whole block.</summary>
    private static void Step(Span<double> diagonal, Span<double> squares)
    {
        double root = Math.Sqrt(squares[0]);
        double half = (diagonal[1] - diagonal[0]) / (2 * root);
        double length = Math.Sqrt((half * half) + 1);
        double shift = diagonal[0] - (root / (half + (half >= 0 ? length : -length)));
        double cosine = 1;
        double sine = 0;
        double gamma = diagonal[^1] - shift;
        double p = gamma * gamma;
        for (int i = diagonal.Length - 2; i >= 0; i--)
        {
            double square = squares[i];
            double r = p + square;
            squares[i + 1] = sine * r;
            double gammaBefore = gamma;
            double alpha = diagonal[i];
            bool vanishes = p <= Vanishing;
            double inverse = r / p;
            double cosineBefore = cosine;
            cosine = p / r;
            sine = square / r;
            gamma = (cosine * (alpha - shift)) - (sine * gammaBefore);
            diagonal[i + 1] = gammaBefore + (alpha - gamma);
            p = vanishes ? cosineBefore * square : gamma * gamma * inverse;
        }

        squares[0] = sine * p;
        diagonal[0] = shift + gamma;
    }
}
