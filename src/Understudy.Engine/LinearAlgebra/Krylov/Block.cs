using System.Runtime.CompilerServices;

namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Checks of the blocks that operators multiply.</summary>
internal static class Block
{
    /// <summary>The number of vectors, after the shapes were checked.</summary>
    internal static int Count(
        int size,
        ReadOnlySpan<double> vectors,
        ReadOnlySpan<double> products,
        [CallerArgumentExpression(nameof(vectors))] string? vectorsName = null,
        [CallerArgumentExpression(nameof(products))] string? productsName = null)
    {
        if (size == 0 ? vectors.Length > 0 : vectors.Length % size != 0)
            throw new ArgumentException($"{vectors.Length} numbers are not whole vectors of length {size}.", vectorsName);
        if (products.Length != vectors.Length)
            throw new ArgumentException($"{vectors.Length} numbers of vectors do not have {products.Length} numbers of products.", productsName);
        return size == 0 ? 0 : vectors.Length / size;
    }
}
