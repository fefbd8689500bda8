namespace Understudy.Studies.Specialization;

/// <summary>The teachers that students of part images have.</summary>
public enum TeacherChannels
{
    /// <summary>All channels, as trained on the labels.</summary>
    Unpruned,

    /// <summary>Without the pruned channels, trained on.</summary>
    Pruned,
}

/// <summary>One student of part images: what the rows of a cell of its grid share.</summary>
internal readonly record struct ImageCell(TeacherChannels Teacher, double OverRealization);

/// <summary>A teacher at an epoch of its training on the labels: table <c>images.training</c>.</summary>
/// <param name="Teacher">Index of the teacher; the seed within the run unless it is shared.</param>
/// <param name="Step">Training steps of the part done, those of other stages included.</param>
/// <param name="Channels">Before or after pruning; epoch 0 after pruning is the teacher without the pruned channels and not yet trained on.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Diverged">Whether it stopped being finite; the accuracy is then not a number.</param>
/// <param name="Accuracy">Share of the validation images whose label is the largest output.</param>
public sealed record TeacherTrainingRow(int Teacher, long Step, TeacherChannels Channels, int Epoch, bool Diverged, double Accuracy);

/// <summary>A teacher as students see it: table <c>images.teachers</c>.</summary>
/// <param name="Teacher">Index of the teacher; the seed within the run unless it is shared.</param>
/// <param name="Step">Training steps of the part done, those of other stages included.</param>
/// <param name="Channels">Before or after pruning.</param>
/// <param name="Widths">Channels of each convolution.</param>
/// <param name="Epoch">The epoch that was kept.</param>
/// <param name="ValidationAccuracy">Share of the validation images whose label is the largest output, by which the epoch was chosen.</param>
/// <param name="Accuracy">The same of the test images.</param>
public sealed record ChannelTeacherRow(int Teacher, long Step, TeacherChannels Channels, IReadOnlyList<int> Widths, int Epoch, double ValidationAccuracy, double Accuracy);

/// <summary>A layer of channels of a student at an evaluation: table <c>images.evaluations</c>, over test images and all positions.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps of the part done, those of the teachers included.</param>
/// <param name="Epoch">Epochs of the student done.</param>
/// <param name="Teacher">Which teacher it has.</param>
/// <param name="OverRealization">r.</param>
/// <param name="Layer">The convolution, from 1 next to the images.</param>
/// <param name="Diverged">Whether a parameter stopped being finite; everything measured is then NaN or 0.</param>
/// <param name="Loss">Mean over images and outputs of (f* − f)², or the mean cross-entropy against the teacher's largest output; the same in every layer's row.</param>
/// <param name="Agreement">Share of images at which teacher and student have their largest output in common.</param>
/// <param name="Accuracy">Share of images whose true label is the student's largest output.</param>
/// <param name="MeanBest">Mean over the layer's teacher channels of the best student correlation.</param>
/// <param name="MeanBestSize">The same of the largest |correlation|: a batch normalization with a negative scale turns a channel's sign.</param>
/// <param name="MedianBest">Median over the layer's teacher channels of the best student correlation.</param>
/// <param name="SmallestBest">Smallest of them.</param>
/// <param name="Recovered">Share of the teacher channels with best correlation above 0.95.</param>
/// <param name="Covered">Teacher channels with a student above 0.5, 0.6, 0.7, 0.8, 0.9 and 0.95.</param>
/// <param name="Best">Best student correlation of every teacher channel; not a number for those that do not vary.</param>
/// <param name="Constant">Student channels that do not vary.</param>
/// <param name="Unobserved">Teacher channels that do not vary, which take no part in means.</param>
public sealed record ChannelLayerRow(
    int Seed, long Step, int Epoch, TeacherChannels Teacher, double OverRealization, int Layer, bool Diverged, double Loss, double Agreement, double Accuracy,
    double MeanBest, double MeanBestSize, double MedianBest, double SmallestBest, double Recovered, IReadOnlyList<int> Covered, IReadOnlyList<double> Best, int Constant, int Unobserved)
{
    internal ImageCell Cell => new(Teacher, OverRealization);
}
