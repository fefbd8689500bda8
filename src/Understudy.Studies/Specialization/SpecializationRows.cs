namespace Understudy.Studies.Specialization;

/// <summary>Which student of which teacher on which data: what the rows of one cell of a grid share.</summary>
/// <remarks>Rows repeat these columns, so that every table can be read alone.</remarks>
internal readonly record struct Cell(double OverRealization, double FanOutDecay, int Samples, TrainingSet Set);

/// <summary>Pixels as inputs: tables <c>&lt;part&gt;.inputs</c>, one row, for image sets only.</summary>
/// <param name="Seed">0: all seeds share the images.</param>
/// <param name="Step">0.</param>
/// <param name="Set">The data set.</param>
/// <param name="Images">Training images the transform was fitted on.</param>
/// <param name="Evaluation">Test images for evaluation.</param>
/// <param name="Features">Pixels times channels.</param>
/// <param name="Dropped">Features without variance, left out.</param>
/// <param name="Dimension">Inputs of the networks.</param>
/// <param name="Shortened">Training images longer than data.longestInput allows, scaled back.</param>
/// <param name="ExplainedVariance">Share of the variance of the standardised features in the kept components.</param>
public sealed record InputsRow(
    int Seed, long Step, string Set, int Images, int Evaluation, int Features, int Dropped, int Dimension, int Shortened, double ExplainedVariance);

/// <summary>A student at the end of an epoch: tables <c>&lt;part&gt;.evaluations</c>. Evaluation data unless a name says train.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="FanOutDecay">p.</param>
/// <param name="Samples">Training samples asked for; a boundary set holds up to 3m − 1 more.</param>
/// <param name="Set">The kind of training set.</param>
/// <param name="Diverged">Whether a parameter stopped being finite; everything measured is then NaN or 0.</param>
/// <param name="Loss">Mean over samples and outputs of (f* − f)².</param>
/// <param name="RelativeLoss">Loss over Var(f*).</param>
/// <param name="TrainLoss">The same on the training set; at the early epoch and the end only.</param>
/// <param name="HiddenGradient">Norm of the gradient of the trained loss by the hidden layer, weights and biases, on the training set; at the early epoch and the end.</param>
/// <param name="OutputGradient">The same by the last layer.</param>
/// <param name="HiddenNorm">Norm of the hidden weights and biases.</param>
/// <param name="OutputNorm">Norm of the output weights and biases.</param>
/// <param name="Movement">Norm of the change of all parameters since the last evaluation; null before the first epoch.</param>
/// <param name="GradientLargest">Largest |g₁| over training samples and nodes; early epoch and end only.</param>
/// <param name="Gradient999">99.9 % quantile over training samples of the largest |g₁|.</param>
/// <param name="Gradient99">99 % quantile.</param>
/// <param name="GradientMedian">Median.</param>
/// <param name="GradientRms">Root mean square.</param>
/// <param name="MeanBest">Mean over observed teacher nodes of the best student correlation.</param>
/// <param name="SmallestBest">Smallest of them.</param>
/// <param name="Recovered">Share of observed teacher nodes with best correlation above 0.95.</param>
/// <param name="Covered">Observed teacher nodes with a student above 0.5, 0.6, 0.7, 0.8, 0.9 and 0.95.</param>
/// <param name="EnergyShare">Share of the squared fan-outs in students with usefulness above 0.95.</param>
/// <param name="Spearman">Rank correlation of usefulness and fan-out over students that are not dead.</param>
/// <param name="Dead">Students active on no evaluation sample.</param>
/// <param name="AlwaysOn">Students active on every evaluation sample.</param>
/// <param name="Reversed">Teacher nodes held with the opposite orientation only.</param>
/// <param name="Unobserved">Teacher nodes whose boundary the evaluation data do not cross.</param>
/// <param name="Points">Training samples there are: sets made of whole triples or crosses are rounded up.</param>
/// <param name="PopulationLoss">The mean over all Gaussian inputs and over outputs of (f* − f)², without samples; null unless inputs are Gaussian and teacher and student rectified networks without biases.</param>
public sealed record EvaluationRow(
    int Seed, long Step, int Epoch, double OverRealization, double FanOutDecay, int Samples, TrainingSet Set, bool Diverged,
    double Loss, double RelativeLoss, double? TrainLoss,
    double? HiddenGradient, double? OutputGradient, double HiddenNorm, double OutputNorm, double? Movement,
    double? GradientLargest, double? Gradient999, double? Gradient99, double? GradientMedian, double? GradientRms,
    double MeanBest, double SmallestBest, double Recovered, IReadOnlyList<int> Covered, double EnergyShare, double Spearman,
    int Dead, int AlwaysOn, int Reversed, int Unobserved, int Points, double? PopulationLoss = null)
{
    internal Cell Cell => new(OverRealization, FanOutDecay, Samples, Set);
}

/// <summary>A teacher node at the early epoch or the end: tables <c>&lt;part&gt;.nodes</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="FanOutDecay">p.</param>
/// <param name="Samples">Training samples asked for.</param>
/// <param name="Set">The kind of training set.</param>
/// <param name="Node">Index of the teacher node, from 0: its fan-out is divided by (index + 1)^p.</param>
/// <param name="FanOut">‖v*_j‖.</param>
/// <param name="Best">Best student correlation.</param>
/// <param name="ArgBest">The student that reaches it.</param>
/// <param name="Recovered">Whether it exceeds 0.95.</param>
/// <param name="SpecializedAt">T_j: the step from which it has exceeded 0.95 at every evaluation; null where it does not now.</param>
/// <param name="FirstAt">The first evaluation at which it exceeded 0.95.</param>
/// <param name="InitialRank">Share of the other students with a larger correlation before training than the present winner: 0 if it was first.</param>
/// <param name="OrientedSine">Sine of the angle to the winner's weights; 1 where they point away.</param>
/// <param name="UnorientedSine">Smallest sine over all students whatever their orientation.</param>
/// <param name="OffsetError">Distance of the two boundaries once parallel, for the student of the smallest sine.</param>
/// <param name="Reversed">Whether a student holds the boundary with the opposite orientation and none with the teacher's.</param>
/// <param name="ObservedShare">Largest share of training samples a student has on both sides of the boundary.</param>
/// <param name="Observed">Whether the evaluation data cross the boundary.</param>
public sealed record NodeRow(
    int Seed, long Step, int Epoch, double OverRealization, double FanOutDecay, int Samples, TrainingSet Set,
    int Node, double FanOut, double Best, int ArgBest, bool Recovered, long? SpecializedAt, long? FirstAt, double InitialRank,
    double OrientedSine, double UnorientedSine, double OffsetError, bool Reversed, double ObservedShare, bool Observed)
{
    internal Cell Cell => new(OverRealization, FanOutDecay, Samples, Set);
}

/// <summary>What a student node turned out to be.</summary>
public enum StudentRole
{
    /// <summary>Correlated above 0.95 with a teacher node, and the best student of that node.</summary>
    Specialized,

    /// <summary>Correlated above 0.95 with a teacher node that another student represents better.</summary>
    Duplicate,

    /// <summary>On a teacher boundary with the opposite orientation.</summary>
    Reversed,

    /// <summary>None of the others.</summary>
    Unspecialized,

    /// <summary>Active on no evaluation sample.</summary>
    Dead,
}

/// <summary>A student node at the end: tables <c>&lt;part&gt;.students</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="FanOutDecay">p.</param>
/// <param name="Samples">Training samples asked for.</param>
/// <param name="Set">The kind of training set.</param>
/// <param name="Student">Index of the student node.</param>
/// <param name="Usefulness">Largest correlation with a teacher node, evaluation data.</param>
/// <param name="TrainUsefulness">The same on the training set.</param>
/// <param name="BestTeacher">The teacher node that reaches it.</param>
/// <param name="FanOut">‖v_k‖.</param>
/// <param name="Contribution">‖v_k‖·‖w_k‖, which rescaling between the layers leaves alone.</param>
/// <param name="Role">What it is.</param>
/// <param name="FanOutBound">What the small residual proves of ‖v_k‖ (section 2.5); null where it was not measured or another boundary coincides.</param>
public sealed record StudentRow(
    int Seed, long Step, double OverRealization, double FanOutDecay, int Samples, TrainingSet Set,
    int Student, double Usefulness, double TrainUsefulness, int BestTeacher, double FanOut, double Contribution, StudentRole Role, double? FanOutBound = null)
{
    internal Cell Cell => new(OverRealization, FanOutDecay, Samples, Set);
}

/// <summary>A lucky-node student at the end of an epoch: table <c>lucky.evaluations</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="Diverged">Whether a parameter stopped being finite.</param>
/// <param name="Loss">Mean over samples and outputs of (f* − f)².</param>
/// <param name="LuckyNorm">Median ‖v_k‖ of the students that started near a teacher node.</param>
/// <param name="OtherNorm">Median ‖v_k‖ of the others.</param>
/// <param name="Ratio">OtherNorm over LuckyNorm.</param>
/// <param name="MeanBest">Mean best student correlation.</param>
/// <param name="Norms">‖v_k‖ of every student, lucky ones first.</param>
public sealed record LuckyRow(
    int Seed, long Step, int Epoch, double OverRealization, bool Diverged, double Loss,
    double LuckyNorm, double OtherNorm, double Ratio, double MeanBest, IReadOnlyList<double> Norms);
