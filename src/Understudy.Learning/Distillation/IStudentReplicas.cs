using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Distillation;

/// <summary>Students that are trained side by side, as those see them who measure and keep them.</summary>
public interface IStudentReplicas
{
    /// <summary>The number of students.</summary>
    int Replicas { get; }

    /// <summary>The type its numbers have.</summary>
    DType Precision { get; }

    /// <summary>The length of what a student carries from step to step beside its and its teacher's parameters: moments of the optimizer, running statistics, a centre, and what <see cref="LastStep"/> tells.</summary>
    int CarriedCount { get; }

    /// <summary>Reads a student's parameters.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="parameters">θ_S, of the student's layout.</param>
    /// <exception cref="ArgumentException">There is room for another number than it has.</exception>
    void GetStudent(int replica, Span<double> parameters);

    /// <summary>Reads what a student carries, [<see cref="CarriedCount"/>].</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="carried">Room for it.</param>
    /// <exception cref="ArgumentException">There is room for another number than it carries.</exception>
    void GetCarried(int replica, Span<double> carried);

    /// <summary>Sets what a student carries, after it was put at its parameters.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="carried">As <see cref="GetCarried"/> gave it.</param>
    /// <exception cref="ArgumentException">There are more or fewer than it carries.</exception>
    void SetCarried(int replica, ReadOnlySpan<double> carried);

    /// <summary>The running statistics of a student's batch normalizations, in order: what it is evaluated with.</summary>
    /// <param name="replica">Which one.</param>
    IReadOnlyList<ChannelStatistics> Statistics(int replica);

    /// <summary>Loss and norm of the gradient on the batch of the last step, before it.</summary>
    /// <param name="replica">Which one.</param>
    (double Loss, double GradientNorm) LastStep(int replica);
}
