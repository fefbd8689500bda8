using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Which eigenpairs are wanted, how exactly, and what the search may cost.</summary>
/// <remarks>A pair has converged where |A u - θ u| ≤ <see cref="Tolerance"/> · max(|θ|, <see cref="Floor"/> · |θ| of the largest Ritz value in magnitude).</remarks>
public sealed record EigenpairOptions
{
    /// <summary>How many of the largest eigenvalues, by value and not by magnitude.</summary>
    public int Top { get; init; }

    /// <summary>How many of the smallest eigenvalues: the most negative ones, if there are any.</summary>
    public int Bottom { get; init; }

    /// <summary>The relative residual that counts as converged; 1e-4 is as good as products in single precision allow.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Eigenvalues below this part of the largest magnitude are asked for to an absolute residual instead of a relative one.</summary>
    public double Floor { get; init; } = 1e-3;

    /// <summary>The search ends with what it has before it makes more products of A with a vector than this.</summary>
    public int MaximumProducts { get; init; } = 10_000;

    /// <summary>Memory for the basis and the result, in bytes. The search restarts where the basis is full; more memory means fewer products.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Vectors of the basis before a restart, if the memory is not used up before; more where the wanted pairs need them.</summary>
    /// <remarks>A Rayleigh-Ritz step costs 9 m³ operations for a basis of m on one thread.</remarks>
    public int MaximumBasis { get; init; } = 300;

    /// <summary>Start vectors that are advanced together; raise it to the multiplicity where eigenvalues are multiple or products of blocks are cheap.</summary>
    public int BlockSize { get; init; } = 1;

    /// <summary>
    /// Searches the complement of the found pairs again until it brings nothing new, so that copies of multiple eigenvalues are found even if no invariant
    /// subspace tells of them. Each search costs the products of some ten steps.
    /// </summary>
    public bool SearchesForCopies { get; init; }

    /// <summary>Multiplies the found vectors once more by A and tells their true residuals.</summary>
    public bool VerifiesResiduals { get; init; }

    /// <summary>The seed of the start vectors.</summary>
    public ulong Seed { get; init; }

    /// <summary>Vectors [any, n] near the wanted ones, such as those of an earlier checkpoint; empty for a random start.</summary>
    public ReadOnlyMemory<double> WarmStart { get; init; }

    /// <summary>Threads for the work beside the products; null for the caller's alone.</summary>
    public Team? Team { get; init; }

    /// <summary>A magnitude of the spectrum that is known beforehand: part of it may be hidden from the search, and the rest zero.</summary>
    internal double Scale { get; init; }

    internal void Check(int size)
    {
        Least(Top, 0, nameof(Top));
        Least(Bottom, 0, nameof(Bottom));
        Least(MaximumProducts, 1, nameof(MaximumProducts));
        Least(MaximumBasis, 1, nameof(MaximumBasis));
        Least(BlockSize, 1, nameof(BlockSize));
        if (!(Tolerance > 0))
            throw Wrong($"{nameof(Tolerance)} is {Tolerance}; it has to be positive.");
        if (!(Floor >= 0))
            throw Wrong($"{nameof(Floor)} is {Floor}; it cannot be negative.");
        if (Top > size || Bottom > size)
            throw Wrong($"An operator of size {size} does not have {Math.Max(Top, Bottom)} eigenpairs.");
        if (size > 0 && WarmStart.Length % size != 0)
            throw Wrong($"{WarmStart.Length} numbers of a warm start are not whole vectors of length {size}.");
    }

    /// <summary>The residual at which a pair has converged.</summary>
    internal double Acceptable(double value, double largest) => Tolerance * Math.Max(Math.Abs(value), Floor * largest);

    internal static ArgumentException Wrong(string message, string options = "options") => new(message, options);

    private static void Least(int value, int least, string name)
    {
        if (value < least)
            throw Wrong($"{name} is {value}; it has to be at least {least}.");
    }
}
