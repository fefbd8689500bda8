namespace Understudy.Engine.LinearAlgebra;

/// <summary>Reflections I - t v vᵀ with 1 as the last component of v.</summary>
internal static class Householder
{
    /// <summary>Squares below have lost digits, which would cost orthogonality; next to entries near 1 such a row is zero.</summary>
    private const double Negligible = 1e-290;

    /// <summary>Replaces x by the v of the reflection that takes it to (0, …, 0, image), and returns the factor t.</summary>
    /// <remarks>The factor is 0, and the reflection none, where all but the last component vanish. Not for an empty x.</remarks>
    internal static double Reflect(Span<double> x, out double image)
    {
        var head = x[..^1];
        double last = x[^1];
        double square = RowAlgebra.Dot(head, head);
        x[^1] = 1;
        if (square <= Negligible)
        {
            head.Clear();
            image = last;
            return 0;
        }

        double norm = Math.Sqrt((last * last) + square);
        image = last > 0 ? -norm : norm;
        RowAlgebra.Scale(1 / (last - image), head);
        return (image - last) / image;
    }
}
