namespace Understudy.Engine.LinearAlgebra;

/// <summary>Products of Householder reflections in the form I - V T Vᵀ (Schreiber, Van Loan 1989).</summary>
internal static class CompactReflections
{
    /// <summary>The upper triangular T of the product H_0 H_1 … of the reflections I - t_j v_j v_jᵀ.</summary>
    /// <param name="gram">Vᵀ V: [count, count], v_j being column j of V.</param>
    /// <param name="factors">The t_j.</param>
    /// <param name="triangle">T: [count, count], zero below the diagonal.</param>
    /// <param name="count">Reflections.</param>
    internal static void Triangle(ReadOnlySpan<double> gram, ReadOnlySpan<double> factors, Span<double> triangle, int count)
    {
        triangle[..(count * count)].Clear();
        for (int j = 0; j < count; j++)
        {
            for (int row = 0; row < j; row++)
            {
                double sum = 0;
                for (int i = row; i < j; i++)
                    sum += triangle[(row * count) + i] * gram[(i * count) + j];
                triangle[(row * count) + j] = -factors[j] * sum;
            }

            triangle[(j * count) + j] = factors[j];
        }
    }
}
