using Understudy.Engine.Random;

namespace Understudy.Studies.Specialization;

/// <summary>Students before training: small normal weights, no biases; specification section 4.0.</summary>
internal static class InitialStudent
{
    /// <summary>A student whose node k has the same weights whatever the number of nodes.</summary>
    /// <param name="shape">Its sizes.</param>
    /// <param name="config">Scale, and how directions relate to the teacher's last node.</param>
    /// <param name="lastTeacher">w* of that node.</param>
    /// <param name="random">Random numbers; node k has those of step k.</param>
    internal static TwoLayerNetwork Draw(TwoLayerNetwork shape, StudentConfig config, ReadOnlySpan<double> lastTeacher, RandomSequence random)
    {
        var student = new TwoLayerNetwork(shape.Inputs, shape.Nodes, shape.Outputs, shape.Activation);
        var node = new double[student.Inputs + student.Outputs];
        for (var k = 0; k < student.Nodes; k++)
        {
            random.FillNormal(k, node);
            for (var i = 0; i < node.Length; i++)
                node[i] *= config.Scale;
            node.AsSpan(0, student.Inputs).CopyTo(student.Weight(k));
            node.AsSpan(student.Inputs).CopyTo(student.FanOut(k));
            if (config.Initialization != StudentStart.Gaussian)
                Turn(student.Weight(k), lastTeacher, config.Initialization == StudentStart.Helpful);
        }

        return student;
    }

    private static void Turn(Span<double> weight, ReadOnlySpan<double> teacher, bool towards)
    {
        var inner = 0.0;
        for (var i = 0; i < weight.Length; i++)
            inner += weight[i] * teacher[i];
        if (towards ? inner >= 0 : inner <= 0)
            return;
        foreach (ref var value in weight)
            value = -value;
    }

    /// <summary>floor(r·m + 0.5), the number of student nodes for over-realization r.</summary>
    internal static int Nodes(double overRealization, int teacherNodes) => (int)Math.Floor((overRealization * teacherNodes) + 0.5);
}
