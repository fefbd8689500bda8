namespace Understudy.Studies.Specialization;

/// <summary>What became of a teacher node.</summary>
public enum TeacherRole
{
    /// <summary>A student correlates above 0.95 with it.</summary>
    Recovered,

    /// <summary>A student holds its boundary with the opposite orientation, and none with its own.</summary>
    Reversed,

    /// <summary>Neither.</summary>
    Missed,

    /// <summary>The evaluation data do not cross its boundary, so nobody can tell.</summary>
    NotObserved,
}

/// <summary>A teacher node at the end, seen along its boundary: tables <c>&lt;part&gt;.certificates</c>; specification sections 1.6 and 2.1 to 2.4.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="FanOutDecay">p.</param>
/// <param name="Samples">Training samples asked for.</param>
/// <param name="Set">The kind of training set.</param>
/// <param name="Node">Index of the teacher node, from 0.</param>
/// <param name="FanOut">‖v*_j‖.</param>
/// <param name="Best">Best student correlation, evaluation data.</param>
/// <param name="ChanceBest">The same before training: what a fresh random student of this size has.</param>
/// <param name="Role">What became of the node.</param>
/// <param name="Matched">Its student in the one-to-one matching with the largest sum of correlations; −1 where students are too few.</param>
/// <param name="MatchedCorrelation">The correlation of that student; 0 where there is none.</param>
/// <param name="GroupExplained">Share of the variance of h*_j that a sum of student nodes with non-negative weights explains, over the first thousand evaluation samples.</param>
/// <param name="GroupStudents">How many students carry at least a twentieth of that sum.</param>
/// <param name="Probes">Probes on the boundary.</param>
/// <param name="Observed">Share of the probes at which a student is active on both sides.</param>
/// <param name="Certified">Share of the probes at which the small residual gradient proves that a student boundary is near.</param>
/// <param name="Violations">Probes with a proof and without a student boundary; anything but 0 is an error of this program.</param>
/// <param name="Gradient">Median over observed probes of δ, the largest |γ| of the best observer on the segment.</param>
/// <param name="Ratio">Median over observed probes of what δ must stay below, over δ: certified above 1.</param>
/// <param name="Winner">The student whose boundary crosses most certified segments; −1 for none.</param>
/// <param name="WinnerShare">Share of the certified segments it crosses.</param>
/// <param name="Sine">True sine between the winner's boundary and the teacher's, whatever the orientation; 1 without a winner.</param>
/// <param name="OffsetError">Distance of the two boundaries once parallel.</param>
/// <param name="SineBound">What the certificates prove of that sine; 1 says nothing.</param>
/// <param name="CreaseSteps">h in units of data.deviation.</param>
/// <param name="Crease">R(h), how much of the teacher's crease the student has; NaN where other teacher boundaries cross every segment.</param>
/// <param name="CreaseError">E(h).</param>
/// <param name="LocalizationRadius">h50: the smallest h, in units of data.deviation, with R(h) of at least a half; null for none.</param>
/// <param name="AwareSamples">N_aware = 12·m·n·d, sufficient for samples across the teacher's boundaries.</param>
/// <param name="AgnosticSamples">N_total = 40·n·d^2.5/ε, sufficient for samples that know nothing of the teacher.</param>
/// <param name="OrderSamples">N_order = K^2.5·d³/ε: order only.</param>
/// <param name="OrderGradient">δ_order = ε/(K^1.5·√d): order only.</param>
public sealed record CertificateRow(
    int Seed, long Step, double OverRealization, double FanOutDecay, int Samples, TrainingSet Set,
    int Node, double FanOut, double Best, double ChanceBest, TeacherRole Role, int Matched, double MatchedCorrelation, double GroupExplained, int GroupStudents,
    int Probes, double Observed, double Certified, int Violations, double Gradient, double Ratio,
    int Winner, double WinnerShare, double Sine, double OffsetError, double SineBound,
    IReadOnlyList<double> CreaseSteps, IReadOnlyList<double> Crease, IReadOnlyList<double> CreaseError, double? LocalizationRadius,
    double AwareSamples, double AgnosticSamples, double OrderSamples, double OrderGradient)
{
    internal Cell Cell => new(OverRealization, FanOutDecay, Samples, Set);
}

/// <summary>A student at the end with its idle nodes taken out: tables <c>&lt;part&gt;.pruned</c>; specification section 7, item 10.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="FanOutDecay">p.</param>
/// <param name="Samples">Training samples asked for.</param>
/// <param name="Set">The kind of training set.</param>
/// <param name="Nodes">Student nodes.</param>
/// <param name="Useful">Nodes left without unspecialized and dead ones.</param>
/// <param name="Merged">Nodes left once the duplicates of a teacher node are merged into its best student.</param>
/// <param name="Loss">Mean over evaluation samples and outputs of (f* − f)².</param>
/// <param name="UsefulLoss">The same without unspecialized and dead nodes.</param>
/// <param name="MergedLoss">The same with duplicates merged as well.</param>
public sealed record PrunedRow(
    int Seed, long Step, double OverRealization, double FanOutDecay, int Samples, TrainingSet Set,
    int Nodes, int Useful, int Merged, double Loss, double UsefulLoss, double MergedLoss)
{
    internal Cell Cell => new(OverRealization, FanOutDecay, Samples, Set);
}
