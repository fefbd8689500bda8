namespace Understudy.Engine.LinearAlgebra;

/// <summary>A symmetric matrix that is known by its products with vectors.</summary>
/// <remarks>
/// Everything in this folder that does not need the entries of a matrix asks for this. Products come in blocks, because a block of
/// vectors costs much less than its vectors one by one wherever the matrix is a function of a network.
/// </remarks>
public interface ISymmetricOperator
{
    /// <summary>n, the number of rows and of columns.</summary>
    int Size { get; }

    /// <summary>Multiplies a block of vectors.</summary>
    /// <param name="vectors">V: [count, n], one vector per row; any count from 1.</param>
    /// <param name="products">Becomes [count, n]: row i is A times row i of V. Does not overlap V.</param>
    /// <exception cref="ArgumentException">The spans differ in length, or do not hold whole rows.</exception>
    void Apply(ReadOnlySpan<double> vectors, Span<double> products);
}
