using Understudy.Engine.Random;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Teachers and students of part lucky, built as in P9 (Luck Matters): normal weights, columns of norm 1.</summary>
/// <remarks>
/// A column is the incoming weights of a node together with its bias. The first m students start at a teacher node plus normal
/// noise, the others and the whole last layer at random.
/// </remarks>
internal static class LuckyStudents
{
    /// <summary>A teacher with normal weights and columns of norm 1.</summary>
    internal static TwoLayerNetwork Teacher(TwoLayerNetwork shape, RandomSequence random)
    {
        var teacher = Random(shape, random);
        Normalize(teacher);
        return teacher;
    }

    /// <summary>A student whose first nodes lie near the teacher's.</summary>
    internal static TwoLayerNetwork Student(TwoLayerNetwork shape, TwoLayerNetwork teacher, double perturbation, RandomSequence random, RandomSequence noise)
    {
        var student = Random(shape, random);
        var column = new double[teacher.Inputs + 1];
        for (var j = 0; j < Math.Min(teacher.Nodes, student.Nodes); j++)
        {
            noise.FillNormal(j, column);
            for (var i = 0; i < teacher.Inputs; i++)
                student.Weight(j)[i] = teacher.Weight(j)[i] + (perturbation * column[i]);
            student.Biases[j] = teacher.Biases[j] + (perturbation * column[^1]);
        }

        Normalize(student);
        return student;
    }

    /// <summary>Scales the incoming weights of every node, its bias included, to norm 1: hidden and output nodes.</summary>
    internal static void Normalize(TwoLayerNetwork network)
    {
        for (var k = 0; k < network.Nodes; k++)
        {
            var norm = Math.Sqrt((network.WeightNorm(k) * network.WeightNorm(k)) + (network.Biases[k] * network.Biases[k]));
            foreach (ref var weight in network.Weight(k))
                weight /= norm;
            network.Biases[k] /= norm;
        }

        for (var c = 0; c < network.Outputs; c++)
        {
            var square = network.OutputBiases[c] * network.OutputBiases[c];
            for (var k = 0; k < network.Nodes; k++)
                square += network.FanOut(k)[c] * network.FanOut(k)[c];
            var norm = Math.Sqrt(square);
            for (var k = 0; k < network.Nodes; k++)
                network.FanOut(k)[c] /= norm;
            network.OutputBiases[c] /= norm;
        }
    }

    private static TwoLayerNetwork Random(TwoLayerNetwork shape, RandomSequence random)
    {
        var network = new TwoLayerNetwork(shape.Inputs, shape.Nodes, shape.Outputs, shape.Activation);
        random.FillNormal(0, network.OutputBiases);
        for (var k = 0; k < network.Nodes; k++)
        {
            var node = new double[network.Inputs + 1 + network.Outputs];
            random.FillNormal(k + 1, node);
            node.AsSpan(0, network.Inputs).CopyTo(network.Weight(k));
            network.Biases[k] = node[network.Inputs];
            node.AsSpan(network.Inputs + 1).CopyTo(network.FanOut(k));
        }

        return network;
    }
}
