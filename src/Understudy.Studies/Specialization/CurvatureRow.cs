namespace Understudy.Studies.Specialization;

/// <summary>The spectrum of a student's loss at the end beside what became of its nodes: tables <c>&lt;part&gt;.curvature</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="FanOutDecay">p.</param>
/// <param name="Samples">Training samples asked for.</param>
/// <param name="Set">The kind of training set.</param>
/// <param name="Examples">Training samples on which half the squared error was taken, averaged over samples.</param>
/// <param name="Parameters">P.</param>
/// <param name="Largest">λ₁.</param>
/// <param name="Negative">Eigenvalues below −1e-10·λ₁.</param>
/// <param name="Zeros">Eigenvalues of at most 1e-10·λ₁ in magnitude.</param>
/// <param name="NearZero">Eigenvalues of at most 1e-3·λ₁ in magnitude, these included.</param>
/// <param name="Duplicates">Student nodes that represent a teacher node another represents better.</param>
/// <param name="Unspecialized">Student nodes without a teacher node, dead and reversed ones included.</param>
public sealed record CurvatureRow(
    int Seed, long Step, double OverRealization, double FanOutDecay, int Samples, TrainingSet Set,
    int Examples, int Parameters, double Largest, int Negative, int Zeros, int NearZero, int Duplicates, int Unspecialized);
