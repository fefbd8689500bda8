using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Distillation;

/// <summary>Students that are trained side by side, as those see them who measure.</summary>
public interface IStudentReplicas
{
    /// <summary>Reads a student's parameters.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="parameters">θ_S, of the student's layout.</param>
    /// <exception cref="ArgumentException">There is room for another number than it has.</exception>
    void GetStudent(int replica, Span<double> parameters);

    /// <summary>The running statistics of a student's batch normalizations, in order: what it is evaluated with.</summary>
    /// <param name="replica">Which one.</param>
    IReadOnlyList<ChannelStatistics> Statistics(int replica);

    /// <summary>Loss and norm of the gradient on the batch of the last step, before it.</summary>
    /// <param name="replica">Which one.</param>
    (double Loss, double GradientNorm) LastStep(int replica);
}
