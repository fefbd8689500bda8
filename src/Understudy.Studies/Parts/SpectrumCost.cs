namespace Understudy.Studies.Parts;

/// <summary>What a whole Hessian and all its eigenvalues take, on one thread of an AMD Zen 3 core with 256-bit registers; other machines differ by a factor of two or so.</summary>
internal static class SpectrumCost
{
    /// <summary>Multiplications and additions per second of the closed form of a whole matrix.</summary>
    private const double ExactRate = 27e9;

    /// <summary>Seconds of one eigenvalue problem without vectors, per size cubed.</summary>
    private const double Eigenvalues = 0.05e-9;

    /// <summary>What one example takes in the closed form of a small network, and what all that are in work take at most.</summary>
    private const double ExampleBytes = 50e3;

    private const double ChunkBytes = 64 << 20;

    /// <summary>All entries of H and of R, and the eigenvalues of H.</summary>
    /// <param name="size">P.</param>
    /// <param name="examples">N.</param>
    internal static double Seconds(double size, double examples) => (examples * size * size / ExactRate) + (Eigenvalues * size * size * size);

    /// <summary>The matrix, in whose place its eigenvalues are found, and the examples in work.</summary>
    internal static double Bytes(double size, double examples) => (sizeof(double) * size * size) + Math.Min(ChunkBytes, ExampleBytes * examples);
}
