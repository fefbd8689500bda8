using Understudy.Engine.Random;

namespace Understudy.Studies.Specialization;

/// <summary>Students before training: small normal weights, no biases; specification section 4.0.</summary>
internal static class InitialStudent
{
    /// <summary>A student whose node k has the same weights whatever the number of nodes.</summary>
    internal static TwoLayerNetwork Draw(TwoLayerNetwork shape, double scale, RandomSequence random)
    {
        var student = new TwoLayerNetwork(shape.Inputs, shape.Nodes, shape.Outputs, shape.Slope);
        var node = new double[student.Inputs + student.Outputs];
        for (var k = 0; k < student.Nodes; k++)
        {
            random.FillNormal(k, node);
            for (var i = 0; i < node.Length; i++)
                node[i] *= scale;
            node.AsSpan(0, student.Inputs).CopyTo(student.Weight(k));
            node.AsSpan(student.Inputs).CopyTo(student.FanOut(k));
        }

        return student;
    }

    /// <summary>floor(r·m + 0.5), the number of student nodes for over-realization r.</summary>
    internal static int Nodes(double overRealization, int teacherNodes) => (int)Math.Floor((overRealization * teacherNodes) + 0.5);
}
