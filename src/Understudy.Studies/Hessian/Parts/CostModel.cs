using Understudy.Learning.Networks;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>What things take on one thread of an AMD Zen 3 core with 256-bit registers; other machines differ by a factor of two or so.</summary>
internal static class CostModel
{
    /// <summary>Multiplications and additions per second while training in 32 bits.</summary>
    private const double TrainingRate = 15e9;

    /// <summary>Multiplications and additions per second of products with curvature in 64 bits.</summary>
    private const double ProductRate = 6e9;

    /// <summary>Multiplications and additions per second of the closed form of a whole matrix.</summary>
    private const double ExactRate = 27e9;

    /// <summary>Seconds of one eigenvalue problem without vectors, per size cubed.</summary>
    private const double Eigenvalues = 0.05e-9;

    internal static double Training(INetwork network, int steps, int batch) => (1e-6 + (6.0 * network.MultiplyAdds * batch / TrainingRate)) * steps;

    internal static double Product(INetwork network, int examples) => 6.0 * network.MultiplyAdds * examples / ProductRate;

    /// <summary>All entries of H and of R, and the eigenvalues of H.</summary>
    internal static double Spectrum(INetwork network, int examples)
    {
        double size = network.Layout.Count;
        return (examples * size * size / ExactRate) + (Eigenvalues * size * size * size);
    }
}
