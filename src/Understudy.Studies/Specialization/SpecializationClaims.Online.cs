using Understudy.Lab.Claims;

namespace Understudy.Studies.Specialization;

/// <content>The claims about online learning, specification section 11.</content>
internal static partial class SpecializationClaims
{
    internal const double OnlineDeviation = 0.1;
    internal const double OnlineTime = 30;
    internal const double FloorDeviation = 0.08;
    internal const double FloorLearningRate = 0.05;

    internal static readonly Claim S22 = new(
        "S22", "A student that learns online follows the differential equations of its order parameters.", "Saad and Solla 1995; Goldt et al. 2019, theorem on the dynamics of order parameters",
        "Part online, started from the same order parameters: largest relative error of ε_g for t ≤ 30, mean over seeds, at most 0.10 (recorded with N = 1,000: 1-5 % at single times).")
    {
        Settings = "parts=[online]",
    };

    internal static readonly Claim S23 = new(
        "S23", "With noisy labels and the first layer learned, every node beyond the teacher's adds to the error.", "Goldt et al. 2019, asymptotic error of soft committee machines",
        "Part online, fixed point of the equations at η = 0.05: ε_g within 8 % of σ²η/(2π) (K − M + M/√3) for every K, increasing with K (recorded for σ = 0.1, M = 2: 9.39e-5 against 9.19e-5 at K = 2, 1.778e-4 against 1.715e-4 at K = 3).")
    {
        Settings = "parts=[online]",
    };
}
