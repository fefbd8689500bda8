namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Products that end a search when it is cancelled, instead of throwing through it.</summary>
internal static class Multiplication
{
    /// <summary>Multiplies unless the token was cancelled before or, by an operator that looks at it itself, meanwhile.</summary>
    internal static bool TryApply(ISymmetricOperator matrix, ReadOnlySpan<double> vectors, Span<double> products, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return false;
        try
        {
            matrix.Apply(vectors, products);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
