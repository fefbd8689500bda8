namespace Understudy.Studies.RandomTeacher;

/// <summary>Probes of one encoder: tables <c>distillation.probes</c> and of every other part.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Condition">What is compared, such as <c>images</c>, <c>noise</c> or <c>alpha 0.2</c>; empty for the input.</param>
/// <param name="Subject">What was probed.</param>
/// <param name="Set">On which data set.</param>
/// <param name="TrainingSteps">Steps of distillation done.</param>
/// <param name="Lin">Test accuracy of the linear probe of the paper, in percent.</param>
/// <param name="LinStd">Of the same on standardized features.</param>
/// <param name="Ridge">Of ridge regression on standardized features.</param>
/// <param name="Knn">Of nearest neighbours.</param>
/// <param name="LinGradient">‖∇L‖ of the linear probe at its end: how far from convergence it is.</param>
/// <param name="EffectiveRank">exp of the entropy of the embedding's spectrum.</param>
/// <param name="Dead">Numbers of the embedding that do not vary.</param>
/// <param name="Width">d, the numbers of an embedding.</param>
/// <param name="Distance">‖θ − θ_T‖ over encoder and head.</param>
/// <param name="TeacherNorm">‖θ_T‖.</param>
public sealed record ProbeRow(
    int Seed, long Step, string Condition, Subject Subject, ImageSource Set, int TrainingSteps, double Lin, double LinStd, double Ridge, double Knn, double LinGradient, double EffectiveRank, int Dead,
    int Width, double Distance, double TeacherNorm);

/// <summary>What is probed.</summary>
public enum Subject
{
    /// <summary>The pixels.</summary>
    Input,

    /// <summary>The random teacher.</summary>
    Teacher,

    /// <summary>A student.</summary>
    Student,

    /// <summary>The teacher with the batch statistics of the images.</summary>
    Recalibrated,

    /// <summary>The teacher moved at random, in every tensor as far as its student.</summary>
    Kicked,

    /// <summary>The student with the entries of every tensor in another order, and the batch statistics of the images.</summary>
    Shuffled,

    /// <summary>A teacher that follows its student, where it is.</summary>
    MovedTeacher,
}

/// <summary>A student while it is trained: tables <c>….training</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Condition">What is compared.</param>
/// <param name="TrainingSteps">Steps done.</param>
/// <param name="Divergence">KL of the teacher's outputs to the student's in evaluation mode, in nats, over a fixed part of the training images.</param>
/// <param name="Cosine">Mean cosine of their outputs.</param>
/// <param name="GradientNorm">‖∇L‖ on the last batch, before its step.</param>
/// <param name="Distance">‖θ − θ_S‖ from the student's start.</param>
/// <param name="EffectiveRank">Of the embedding on the same images.</param>
/// <param name="TeacherEntropy">Entropy of the softmax of the teacher's outputs on the same images, in nats; like all that follows NaN in runs of versions before this.</param>
/// <param name="Entropy">Entropy of that of the student's.</param>
/// <param name="Agreement">Share of the images on which the largest output of both is the same one, in percent.</param>
/// <param name="Norm">‖θ‖ of the whole network.</param>
/// <param name="EncoderNorm">‖θ‖ of the encoder alone.</param>
/// <param name="HeadNorm">‖θ‖ of the head alone.</param>
/// <param name="StartCosine">Cosine of the displacement θ − θ_S with the student's start θ_S; 0 where it has not moved.</param>
/// <param name="GradientCosine">Cosine of ∇KL with the way θ_T − θ to the teacher where it is now, in evaluation mode over the first of the images: below 0 where a step of descent goes towards the teacher; 0 where one of them is 0.</param>
public sealed record TrainingRow(
    int Seed, long Step, string Condition, int TrainingSteps, double Divergence, double Cosine, double GradientNorm, double Distance, double EffectiveRank, double TeacherEntropy = double.NaN, double Entropy = double.NaN,
    double Agreement = double.NaN, double Norm = double.NaN, double EncoderNorm = double.NaN, double HeadNorm = double.NaN, double StartCosine = double.NaN, double GradientCosine = double.NaN);

/// <summary>The loss along the line from teacher to student: table <c>valley.segment</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Positions">t of θ_T + t (θ_S − θ_T).</param>
/// <param name="Divergences">KL to the teacher at each, in nats.</param>
/// <param name="RandomPositions">t along a random direction of the same norm in every tensor.</param>
/// <param name="RandomDivergences">KL to the teacher at each.</param>
/// <param name="Distance">‖θ_S − θ_T‖.</param>
/// <param name="TeacherNorm">‖θ_T‖.</param>
/// <param name="RidgeAhead">Accuracy of the ridge probe at t = 1, in percent.</param>
/// <param name="RidgeBehind">At t = −1.</param>
public sealed record SegmentRow(
    int Seed, long Step, IReadOnlyList<double> Positions, IReadOnlyList<double> Divergences, IReadOnlyList<double> RandomPositions, IReadOnlyList<double> RandomDivergences, double Distance, double TeacherNorm, double RidgeAhead,
    double RidgeBehind)
{
    /// <summary>KL at a position towards the student.</summary>
    internal double At(double position) => Value(Positions, Divergences, position);

    /// <summary>KL at a position along the random direction.</summary>
    internal double AtRandom(double position) => Value(RandomPositions, RandomDivergences, position);

    /// <summary>The value at a position that is among those recorded.</summary>
    internal static double Value(IReadOnlyList<double> positions, IReadOnlyList<double> values, double position)
        => values[positions.Index().Single(item => item.Item.Equals(position)).Index];
}

/// <summary>The loss on a plane: table <c>valley.plane</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="X">Positions along the axis from the teacher (0) to its near student (1).</param>
/// <param name="Y">Positions along the axis from the teacher (0) to a student from an independent start (1).</param>
/// <param name="Divergences">KL to the teacher, row by row: Y, then X.</param>
/// <param name="Norms">‖θ‖ at the same places.</param>
/// <param name="Start">Where the independent student started.</param>
public sealed record PlaneRow(int Seed, long Step, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double> Divergences, IReadOnlyList<double> Norms, IReadOnlyList<double> Start);

/// <summary>Where a supervised training starts.</summary>
public enum StartKind
{
    /// <summary>An encoder as it was drawn.</summary>
    Fresh,

    /// <summary>The encoder of a distilled student.</summary>
    Student,
}

/// <summary>A supervised training: table <c>connectivity-supervised.errors</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Start">Where it started.</param>
/// <param name="Order">Which order of images.</param>
/// <param name="Epochs">Epochs done.</param>
/// <param name="TestErrors">Test error at each, in percent.</param>
public sealed record ErrorsRow(int Seed, long Step, StartKind Start, int Order, IReadOnlyList<int> Epochs, IReadOnlyList<double> TestErrors);

/// <summary>The line between two trainings: table <c>connectivity-supervised.lines</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Start">Where both started.</param>
/// <param name="First">The order at γ = 0.</param>
/// <param name="Second">The order at γ = 1.</param>
/// <param name="Positions">γ.</param>
/// <param name="TrainErrors">Training error at each, in percent.</param>
/// <param name="TestErrors">Test error at each, in percent.</param>
/// <param name="TrainBarrier">Largest training error less the mean of the ends, in percentage points.</param>
/// <param name="TestBarrier">The same of the test error.</param>
public sealed record InstabilityRow(
    int Seed, long Step, StartKind Start, int First, int Second, IReadOnlyList<double> Positions, IReadOnlyList<double> TrainErrors, IReadOnlyList<double> TestErrors, double TrainBarrier,
    double TestBarrier);

/// <summary>A round of pruning: table <c>tickets-supervised.rounds</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Start">Where it started.</param>
/// <param name="Round">How often it was pruned before.</param>
/// <param name="Remaining">Share of prunable weights that are left.</param>
/// <param name="LastAccuracy">Test accuracy at the end, in percent.</param>
/// <param name="BestAccuracy">The best over epochs, as the paper plots it.</param>
/// <param name="EarlierAccuracy">At the look before the last; that of the last where there is no other.</param>
/// <param name="TestLoss">Test loss at the end.</param>
public sealed record TicketRow(int Seed, long Step, StartKind Start, int Round, double Remaining, double LastAccuracy, double BestAccuracy, double EarlierAccuracy, double TestLoss);
