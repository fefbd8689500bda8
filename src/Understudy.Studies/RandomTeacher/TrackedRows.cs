namespace Understudy.Studies.RandomTeacher;

/// <summary>A student, or a part of it, as a vector of parameters: tables <c>….vectors</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Condition">What is compared.</param>
/// <param name="TrainingSteps">Steps done.</param>
/// <param name="Share">network, encoder or head.</param>
/// <param name="Count">P, its parameters: a norm over √P is a root mean square.</param>
/// <param name="Norm">‖θ‖.</param>
/// <param name="TeacherDistance">‖θ − θ_T‖ to the teacher where it is now.</param>
/// <param name="TeacherCosine">Cosine of the angle between θ and θ_T.</param>
/// <param name="Moved">‖θ − θ_S‖ from the student's start.</param>
/// <param name="GradientNorm">‖∇KL‖ in evaluation mode, over the first 100 training images.</param>
/// <param name="GradientVariance">The trace of the covariance of ∇KL of single images, over the same images and with N − 1 below: that of a mean over a batch of B is 1/B of it. Of the whole network alone.</param>
public sealed record VectorRow(
    int Seed, long Step, string Condition, int TrainingSteps, string Share, int Count, double Norm, double TeacherDistance, double TeacherCosine, double Moved, double GradientNorm, double? GradientVariance);

/// <summary>A tensor of a student: tables <c>….tensors</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Condition">What is compared.</param>
/// <param name="TrainingSteps">Steps done.</param>
/// <param name="Tensor">Its name, such as <c>encoder.0.weight</c>.</param>
/// <param name="Count">Its numbers.</param>
/// <param name="Rms">Root mean square of them.</param>
/// <param name="GradientRms">The same of ∇KL by them, in evaluation mode, over the first 100 training images.</param>
/// <param name="MovedRms">The same of what they have moved by since the student's start.</param>
/// <param name="Histogram">How many of them lie where.</param>
public sealed record TensorRow(int Seed, long Step, string Condition, int TrainingSteps, string Tensor, int Count, double Rms, double GradientRms, double MovedRms, HistogramCounts Histogram);

/// <summary>A layer of a student in evaluation mode: tables <c>….activations</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Condition">What is compared.</param>
/// <param name="TrainingSteps">Steps done.</param>
/// <param name="Place">Layers before it, itself among them; 0 for the images.</param>
/// <param name="Layer">Its word, as in table <c>layers.layers</c>.</param>
/// <param name="Rms">Root mean square of what it gives, over the images of a glance.</param>
public sealed record ActivationRow(int Seed, long Step, string Condition, int TrainingSteps, int Place, string Layer, double Rms);

/// <summary>What a student sees in the images of a glance, in evaluation mode: tables <c>….features</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Condition">What is compared.</param>
/// <param name="TrainingSteps">Steps done.</param>
/// <param name="Means">Mean over the images of every number of the embedding.</param>
/// <param name="Deviations">Deviation of each.</param>
/// <param name="Dead">Numbers of the embedding that are 0 on every image.</param>
/// <param name="Rank">Rank of the embeddings as a matrix in single precision.</param>
/// <param name="Components95">Singular values of the centred embeddings that make up 95 % of their sum.</param>
/// <param name="Components99">99 %.</param>
/// <param name="Components999">99.9 %.</param>
/// <param name="MeanCorrelation">Mean correlation of two numbers of the embedding; NaN where fewer than two vary.</param>
/// <param name="MeanDistance">Mean distance of the embeddings of two images.</param>
/// <param name="Histogram">How many numbers of the embeddings lie where.</param>
/// <param name="Embedding">Student and teacher at the embedding.</param>
/// <param name="Bottleneck">At the bottleneck.</param>
/// <param name="Outputs">At the outputs of the head.</param>
public sealed record FeatureRow(
    int Seed, long Step, string Condition, int TrainingSteps, IReadOnlyList<double> Means, IReadOnlyList<double> Deviations, int Dead, int Rank, int Components95, int Components99, int Components999, double MeanCorrelation,
    double MeanDistance, HistogramCounts Histogram, ComparedFeatures Embedding, ComparedFeatures Bottleneck, ComparedFeatures Outputs);

/// <summary>Features of a student beside its teacher's where it is now.</summary>
/// <param name="Distance">Mean over the images of the length of their difference.</param>
/// <param name="RootMeanSquare">Root mean square of the difference of a number.</param>
/// <param name="Cosine">Mean over the images of the cosine of their angle.</param>
public sealed record ComparedFeatures(double Distance, double RootMeanSquare, double Cosine);

/// <summary>How many numbers lie in bins of one width.</summary>
/// <param name="Low">The least number: where the first bin begins.</param>
/// <param name="High">The largest: where the last bin ends.</param>
/// <param name="Counts">Numbers of every bin; a number between two belongs to the upper one.</param>
public sealed record HistogramCounts(double Low, double High, IReadOnlyList<int> Counts)
{
    /// <summary>Counts numbers; where all are the same they are in the first bin.</summary>
    internal static HistogramCounts Of(ReadOnlySpan<double> values, int bins)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        var counts = new int[bins];
        foreach (var value in values)
            counts[high > low ? Math.Min(bins - 1, (int)((value - low) / (high - low) * bins)) : 0]++;
        return new HistogramCounts(low, high, counts);
    }
}
