using Understudy.Lab.Claims;

namespace Understudy.Studies.RandomTeacher;

/// <summary>The claims with their bars; random-teacher specification, section 6. Differences of accuracies are in percentage points.</summary>
internal static class RandomTeacherClaims
{
    internal const double StandardizedGain = 2;
    internal const double RidgeGain = 1;
    internal const double NeighborGain = 1;
    internal const double KickGain = 3;
    internal const double NoiseStandardized = 2;
    internal const double NoiseRidge = 1;
    internal const double NoiseNeighbors = 0.5;
    internal const double DataOverNoiseStandardized = 1.5;
    internal const double DataOverNoiseRidge = 1;
    internal const double DataOverNoiseNeighbors = 2;
    internal const double NearOverFarStandardized = 0.5;
    internal const double NearOverFarNeighbors = 2;
    internal const double FarGain = 1;
    internal const double NearSpread = 2;
    internal const double NearAlpha = 0.6;
    internal const double Asymmetry = 10;
    internal const double RandomAsymmetry = 2;
    internal const double SteepSide = 3;
    internal const double BarrierRatio = 3;
    internal const double MovedShare = 0.05;
    internal const double GentleSide = 1;
    internal const double ArchitectureShare = 0.8;
    internal const double OutputsJump = 1;
    internal const double OutputsSpread = 1.5;
    internal const double RestartGain = 1.5;
    internal const double RestartDistance = 0.3;
    internal const int FewestSizes = 4;
    internal const double TicketGate = 1;
    internal const double TicketRatio = 0.5;
    internal const double BarrierGate = 5;
    internal const double InstabilityRatio = 0.5;
    internal const double Stable = 2;
    internal const double StartGain = 1;
    internal const double MostRemaining = 0.52;
    internal const double FewestRemaining = 0.034;
    internal const double EnoughRemaining = 0.036;

    /// <summary>Points by which the accuracy of a converged training lies at most below its best, and differs from the look before the last.</summary>
    internal const double ConvergedGap = 1;

    private const string Paper = "Sarnthein et al. 2023";

    internal static readonly Claim C1 = new(
        "C1", "A student beats its random teacher under linear probes.", $"{Paper}, table 1 and figure 1",
        "Student less teacher, mean over seeds with its interval above 0: at least 2 for the standardized linear probe and 1 for ridge; at the paper's size the plain probe within 2.0 of 51.98 (VGG11) or 46.02 (ResNet18) and the teacher within 1.5 of 36.55 or 35.50.")
    {
        Settings = Main,
    };

    internal static readonly Claim C2 = new(
        "C2", "A student beats its random teacher under nearest neighbours.", $"{Paper}, table 3",
        "Student less teacher at least 1, interval above 0; at the paper's size within 2.0 of 51.32 (VGG11) or 44.67 (ResNet18).")
    {
        Settings = Main,
    };

    /// <summary>Rows of images from which on students are expected to beat pixels.</summary>
    internal const int ExpectedRows = 32;

    internal static readonly Claim C3 = new(
        "C3", "A student beats raw pixels.", $"{Paper}, table 1",
        "Plain linear probe, student less pixels: at the paper's size at least 9 (VGG11, printed +13.0) or 4 (ResNet18, +7.0). Below the paper's size above 0 with its interval; with images of fewer than 32 rows it is not expected, and undecided otherwise.")
    {
        Settings = Main,
    };

    internal static readonly Claim C4 = new(
        "C4", "The gain is not an artefact of the features' scale.", "This project; the paper's plain probe is not converged on small features",
        "The gains under ridge and under nearest neighbours, which no scale changes, with intervals above 0; partly if one is, undecided if only the means are. Beside them the share of the plain probe's gain that ridge finds too.")
    {
        Settings = Main,
    };

    internal static readonly Claim C5 = new(
        "C5", "The gain is not the first random kick of the optimizer.", "This project; specification, section 12.1",
        "Ridge, student less teacher moved at random in every tensor as far as its student (batch statistics measured anew): at least 3, interval above 0. Undecided where the interval of the student's gain under ridge is not above 0. Beside it what is left of the teacher with batch statistics alone.")
    {
        Settings = Main,
    };

    internal static readonly Claim C6 = new(
        "C6", "Distilling on noise does not help.", $"{Paper}, figure 4",
        "Student of noise less teacher: at most 2.0 (standardized), 1.0 (ridge), 0.5 (neighbours); student of images less student of noise at least 1.5, 1.0 and 2.0; at the paper's size the student of noise below its teacher (read: 16.5 and 36.55).")
    {
        Settings = Main,
    };

    internal static readonly Claim C7 = new(
        "C7", "More images give better features.", $"{Paper}, figure 4",
        "Slope of the standardized probe by the decade of images, equal steps, at least four numbers of images: interval above 0; at the paper's size within [1.7, 3.7] (fitted: 2.72).")
    {
        Settings = "parts=[sizes]",
    };

    internal static readonly Claim C8 = new(
        "C8", "Starts near the teacher are best, and a far start still gains.", $"{Paper}, figures 3 and 17",
        "Near less far start (alpha = 1) at least 0.5 (standardized) and 2 (neighbours), far start less teacher at least 1 (standardized); the spread of the standardized probe over alpha ≤ 0.6 at most 2 (part locality; partly without it).")
    {
        Settings = "parts=[locality]",
    };

    internal static readonly Claim C9 = new(
        "C9", "The valley at the teacher is asymmetric: steep away from the student, gentle towards it.", $"{Paper}, figure 5",
        "KL at −0.25 over KL at 0.25 of the way at least 10, along a random direction within [0.5, 2], and KL at −0.25 at least 3 times that along the random direction.")
    {
        Settings = "parts=[valley]",
    };

    internal static readonly Claim C10 = new(
        "C10", "The student ends in another local minimum behind a barrier.", $"{Paper}, figure 5",
        "Largest KL on the way over KL at its end at least 3, and the way at least 0.05 of the teacher's norm.")
    {
        Settings = "parts=[valley]",
    };

    internal static readonly Claim C11 = new(
        "C11", "The gentle side of the valley is where probes are good.", $"{Paper}, figure 5",
        "Ridge at the student less ridge as far on the other side of the teacher: at least 1, interval above 0.")
    {
        Settings = "parts=[valley]",
    };

    internal static readonly Claim C12 = new(
        "C12", "Features transfer to images nobody was distilled on.", $"{Paper}, tables 2 and 4",
        "Student less teacher on the other data set under ridge and under nearest neighbours: intervals above 0; partly if one is, undecided if only the means are.")
    {
        Settings = "parts=[transfer] data.gray=true",
    };

    internal static readonly Claim C13 = new(
        "C13", "The gain does not depend on the architecture.", $"{Paper}, table 5",
        "Ridge, student less teacher above 0 in the mean for at least 80 % of the encoders, fully connected ones listed apart (printed: 13 of 13 under the plain probe).")
    {
        Settings = "parts=[architectures]",
    };

    internal static readonly Claim C14 = new(
        "C14", "The number of outputs matters only below the bottleneck's width k.", $"{Paper}, figure 10",
        "Ridge, mean over outputs of at least 4k less that of the largest number of at most k/8: at least 1, interval above 0; spread over outputs of at least 2k at most 1.5.")
    {
        Settings = "parts=[outputs]",
    };

    internal static readonly Claim C15 = new(
        "C15", "Feature norm matters more than weight norm.", $"{Paper}, figure 12",
        "Ridge, what is lost without feature norm (-/lb/-/wn/l/-) less what is lost without weight norm (-/lb/fn/-/l/-): interval above 0. Beside them the paper's other ends.")
    {
        Settings = "parts=[bottlenecks]",
    };

    internal static readonly Claim C16 = new(
        "C16", "A student as the next teacher teaches nothing more.", $"{Paper}, figure 18",
        "Ridge after the second round less after the first: between −1.5 and 1.5 with its interval; the second way at most 0.3 of the first.")
    {
        Settings = "parts=[restart]",
    };

    internal static readonly Claim C17 = new(
        "C17", "A student holds lottery tickets at its start.", $"{Paper}, figure 8",
        "Iterative magnitude pruning without rewinding, mean over sparsities 51.2 to 3.5 % of the accuracy lost: the student's over a fresh start's at most 0.5 with its interval; partly where only the ratio is, or fewer sparsities were reached. Undecided where the fresh start loses less than 1 point, or its whole network still changes: by 1 point since the look before the last, or from its best one.")
    {
        Settings = "parts=[tickets]",
    };

    internal static readonly Claim C18 = new(
        "C18", "Trainings from a student end in one linear basin.", $"{Paper}, figure 9",
        "Largest test error on the line between two orders less the mean of its ends: from the student over that from a fresh start at most 0.5 with its interval; partly where only the ratio is. Undecided where the fresh start's is below 5 points; beside it whether the student's is below 2 (stable, Frankle et al. 2020).")
    {
        Settings = "parts=[connectivity]",
    };

    internal static readonly Claim C19 = new(
        "C19", "A student is a better start for supervised training.", "This project; specification, section 6",
        "Test error after the training, fresh less student: at least 1, interval above 0.")
    {
        Settings = "parts=[connectivity]",
    };

    /// <summary>Every claim, in order.</summary>
    internal static readonly Claim[] All = [C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13, C14, C15, C16, C17, C18, C19];

    private const string Main = "parts=[distillation]";
}
