using Understudy.Lab.Claims;

namespace Understudy.Studies.Specialization;

internal static partial class SpecializationClaims
{
    internal const double CertifiedShare = 0.5;

    internal static readonly Claim S8 = new(
        "S8", "Where the residual gradient is small at every sample, the teacher's boundaries have students on them.", "Tian 2020, theorem on two layers; certificates of specification section 2.3",
        "Part two-layer: no certificate without a student boundary, and the median certified share of probes of recovered teacher nodes at least 0.5 (an independent simulator: 0.56 to 1.0).")
    {
        Settings = "parts=[two-layer,dynamics,samples,leaky]",
    };
}
