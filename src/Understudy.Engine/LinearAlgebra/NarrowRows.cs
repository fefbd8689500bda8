using Understudy.Engine.Kernels;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>A few columns [n, width] whose rows are rotated at once.</summary>
internal readonly struct NarrowRows(double[] rows, int width) : IRotatedRows
{
    /// <inheritdoc/>
    public void BeginSweep(int first, int last)
    {
    }

    /// <inheritdoc/>
    public void Rotate(int i, double cosine, double sine)
        => RowAlgebra.Rotate(cosine, sine, rows.AsSpan(i * width, width), rows.AsSpan((i + 1) * width, width));
}
