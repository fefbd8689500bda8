using Understudy.Learning.Networks;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>What things take on one thread of an AMD Zen 3 core with 256-bit registers; other machines differ by a factor of two or so.</summary>
internal static class CostModel
{
    /// <summary>Multiplications and additions per second while training in 32 bits.</summary>
    private const double TrainingRate = 15e9;

    /// <summary>Multiplications and additions per second of products with curvature in 64 bits.</summary>
    private const double ProductRate = 6e9;

    internal static double Training(INetwork network, int steps, int batch) => (1e-6 + (6.0 * network.MultiplyAdds * batch / TrainingRate)) * steps;

    internal static double Product(INetwork network, int examples) => 6.0 * network.MultiplyAdds * examples / ProductRate;

    /// <summary>All entries of H and of R, and the eigenvalues of H.</summary>
    internal static double Spectrum(INetwork network, int examples) => SpectrumCost.Seconds(network.Layout.Count, examples);
}
