namespace Understudy.Studies.Specialization;

/// <summary>One student of part multi-layer: what the rows of a cell of its grid share.</summary>
internal readonly record struct LayerCell(double OverRealization, DistillationLoss Objective, int Samples, int Epochs);

/// <summary>A hidden layer of a student at an evaluation: table <c>multi-layer.evaluations</c>. Evaluation data unless a name says train.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="Objective">The loss that is descended.</param>
/// <param name="Samples">Training samples N.</param>
/// <param name="Epochs">Epochs of the whole training.</param>
/// <param name="Layer">The hidden layer, from 1 next to the inputs.</param>
/// <param name="Diverged">Whether a parameter stopped being finite; everything measured is then NaN or 0.</param>
/// <param name="Loss">Mean over samples and outputs of (f* − f)², or the mean cross-entropy; the same in every layer's row.</param>
/// <param name="TrainLoss">The same on the training set; at the end only.</param>
/// <param name="Agreement">Share of samples at which teacher and student have their largest output in common.</param>
/// <param name="MeanBest">Mean over the layer's teacher nodes of the best student correlation.</param>
/// <param name="SmallestBest">Smallest of them.</param>
/// <param name="Recovered">Share of the teacher nodes with best correlation above 0.95.</param>
/// <param name="Covered">Teacher nodes with a student above 0.5, 0.6, 0.7, 0.8, 0.9 and 0.95.</param>
/// <param name="EnergyShare">Share of Σ E β_kk in students with usefulness above 0.95; at the end only.</param>
/// <param name="Dead">Student nodes active on no evaluation sample.</param>
/// <param name="Unobserved">Teacher nodes that do not vary over the evaluation data.</param>
/// <param name="AgreementWithin">Share of samples at which the teacher's largest output is among the student's 1, 2, …, 5 largest.</param>
/// <param name="ChanceBest">Chance level: the 95 % quantile over the layer's teacher nodes of the best correlation with a fresh random student of this size.</param>
/// <param name="StrongLoss">The loss against the teacher without its weak nodes; null where it has none.</param>
/// <param name="WeakBest">Mean best correlation of the layer's weak teacher nodes; null where it has none.</param>
public sealed record LayerRow(
    int Seed, long Step, int Epoch, double OverRealization, DistillationLoss Objective, int Samples, int Epochs, int Layer, bool Diverged,
    double Loss, double? TrainLoss, double Agreement, double MeanBest, double SmallestBest, double Recovered, IReadOnlyList<int> Covered,
    double? EnergyShare, int Dead, int Unobserved, IReadOnlyList<double>? AgreementWithin = null, double? ChanceBest = null, double? StrongLoss = null, double? WeakBest = null)
{
    internal LayerCell Cell => new(OverRealization, Objective, Samples, Epochs);
}

/// <summary>A teacher node of a hidden layer at the end: table <c>multi-layer.nodes</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="Objective">The loss that is descended.</param>
/// <param name="Samples">Training samples N.</param>
/// <param name="Epochs">Epochs of the whole training.</param>
/// <param name="Layer">The hidden layer, from 1.</param>
/// <param name="Node">Index of the teacher node.</param>
/// <param name="Best">Best student correlation.</param>
/// <param name="ArgBest">The student that reaches it.</param>
public sealed record LayerNodeRow(
    int Seed, long Step, double OverRealization, DistillationLoss Objective, int Samples, int Epochs, int Layer, int Node, double Best, int ArgBest);

/// <summary>A student node of a hidden layer at the end: table <c>multi-layer.students</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="Objective">The loss that is descended.</param>
/// <param name="Samples">Training samples N.</param>
/// <param name="Epochs">Epochs of the whole training.</param>
/// <param name="Layer">The hidden layer, from 1.</param>
/// <param name="Student">Index of the student node.</param>
/// <param name="Usefulness">Largest correlation with a teacher node of the layer.</param>
/// <param name="BestTeacher">The teacher node that reaches it.</param>
/// <param name="Influence">√(E β_kk): root mean square over samples of the norm of the derivative of the outputs by the node's activation; the fan-out in the last hidden layer.</param>
/// <param name="Dead">Whether it is active on no evaluation sample.</param>
public sealed record LayerStudentRow(
    int Seed, long Step, double OverRealization, DistillationLoss Objective, int Samples, int Epochs, int Layer, int Student,
    double Usefulness, int BestTeacher, double Influence, bool Dead)
{
    internal LayerCell Cell => new(OverRealization, Objective, Samples, Epochs);
}

/// <summary>Gradients of a layer's parameters over batches of the training set, at an evaluation: table <c>multi-layer.gradients</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="OverRealization">r.</param>
/// <param name="Objective">The loss that is descended.</param>
/// <param name="Samples">Training samples N.</param>
/// <param name="Epochs">Epochs of the whole training.</param>
/// <param name="Layer">The layer whose incoming weights are meant, from 1; the last one makes the outputs.</param>
/// <param name="Weights">Mean over batches of the Euclidean norm of the gradient by the weights.</param>
/// <param name="WeightsRms">The root of the mean square of these norms.</param>
/// <param name="WeightsLargest">The largest of them.</param>
/// <param name="Biases">Mean over batches of the norm of the gradient by the biases.</param>
/// <param name="BiasesRms">The root of the mean square of these norms.</param>
/// <param name="BiasesLargest">The largest of them.</param>
public sealed record LayerGradientRow(
    int Seed, long Step, int Epoch, double OverRealization, DistillationLoss Objective, int Samples, int Epochs, int Layer,
    double Weights, double WeightsRms, double WeightsLargest, double Biases, double BiasesRms, double BiasesLargest);

/// <summary>One of the three commonest and three rarest classes of a teacher, a class being its largest output: table <c>multi-layer.classes</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">0: a teacher does not change.</param>
/// <param name="Rank">From 1, the commonest.</param>
/// <param name="Class">Index of the output.</param>
/// <param name="Share">Share of the evaluation samples.</param>
public sealed record LayerClassRow(int Seed, long Step, int Rank, int Class, double Share);
