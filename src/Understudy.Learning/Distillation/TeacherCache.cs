using Understudy.Learning.Curvature;

namespace Understudy.Learning.Distillation;

/// <summary>What a frozen teacher answers, computed once: its bottleneck on every image.</summary>
/// <remarks>Valid as long as images are not augmented and the teacher stays as it is.</remarks>
public static class TeacherCache
{
    /// <summary>The bottlenecks [N, k] of a teacher.</summary>
    /// <param name="teacher">The teacher in evaluation mode; a random one has the statistics its batch normalizations start with, mean 0 and variance 1 (random-teacher specification, section 2.6).</param>
    /// <param name="parameters">θ_T.</param>
    /// <param name="images">[N, d].</param>
    /// <param name="options">Precision, batches and threads.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">Images or parameters do not fit the teacher, or it is in training mode.</exception>
    public static double[] Bottlenecks(ProjectedEncoder teacher, ReadOnlySpan<double> parameters, ReadOnlySpan<float> images, OutputOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        if (teacher.CouplesExamples)
            throw new ArgumentException("What a teacher answers depends on the batch: it is remembered in evaluation mode.", nameof(teacher));
        if (parameters.Length != teacher.Layout.Count)
            throw new ArgumentException($"A teacher has {teacher.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
        return NetworkOutputs.Of(teacher.ToBottleneck(), images, parameters[..^teacher.TailCount], options, cancellation);
    }
}
