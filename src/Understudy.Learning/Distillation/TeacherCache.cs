using Understudy.Learning.Curvature;

namespace Understudy.Learning.Distillation;

/// <summary>What a frozen teacher answers, computed once: its bottleneck on every image.</summary>
/// <remarks>Valid as long as images are not augmented and the teacher stays as it is. A teacher is in evaluation mode always, with the statistics its batch normalizations start with, mean 0 and variance 1 (random-teacher specification, section 2.6).</remarks>
public static class TeacherCache
{
    /// <summary>The bottlenecks [N, k] of a teacher.</summary>
    /// <param name="network">The shape of student and teacher.</param>
    /// <param name="teacher">θ_T.</param>
    /// <param name="images">[N, d].</param>
    /// <param name="options">Precision, batches and threads.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">Images or parameters do not fit the network.</exception>
    public static double[] Bottlenecks(ProjectedEncoder network, ReadOnlySpan<double> teacher, ReadOnlySpan<float> images, OutputOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        return NetworkOutputs.Of(network.InEvaluationMode().ToBottleneck(), images, teacher[..^network.TailCount], options, cancellation);
    }
}
