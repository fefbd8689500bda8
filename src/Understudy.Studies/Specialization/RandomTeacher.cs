using Understudy.Engine.Random;

namespace Understudy.Studies.Specialization;

/// <summary>The random teachers of specification section 4.0.</summary>
internal static class RandomTeacher
{
    private const int GridValues = 9;

    /// <summary>More than enough: a draw collides with probability far below a half in every configuration that passes validation.</summary>
    private const int Attempts = 4096;

    /// <summary>A teacher whose directions come from the grid −1, −0.75, …, 1 and whose fan-outs fall as j^−p, j = 1 … m.</summary>
    /// <param name="shape">Inputs d, nodes m, outputs C and slope.</param>
    /// <param name="decay">Fan-out decay p.</param>
    /// <param name="hidden">Random numbers of the directions; the first d values of a row do not depend on d.</param>
    /// <param name="output">Random numbers of the output weights.</param>
    /// <param name="bias">Every bias.</param>
    internal static TwoLayerNetwork Draw(TwoLayerNetwork shape, double decay, RandomSequence hidden, RandomSequence output, double bias = -0.1)
    {
        var teacher = new TwoLayerNetwork(shape.Inputs, shape.Nodes, shape.Outputs, shape.Activation);
        DistinctRows(hidden, teacher.Nodes, teacher.Inputs).CopyTo(teacher.Weights, 0);
        for (var j = 0; j < teacher.Nodes; j++)
        {
            var norm = teacher.WeightNorm(j);
            foreach (ref var weight in teacher.Weight(j))
                weight /= norm;
        }

        // rows of V* are outputs: they are the ones that must differ
        var rows = DistinctRows(output, teacher.Outputs, teacher.Nodes);
        for (var j = 0; j < teacher.Nodes; j++)
        {
            var scale = Math.Pow(j + 1, decay);
            for (var c = 0; c < teacher.Outputs; c++)
                teacher.FanOut(j)[c] = rows[(c * teacher.Nodes) + j] / scale;
        }

        teacher.Biases.AsSpan().Fill(bias);
        teacher.OutputBiases.AsSpan().Fill(bias);
        return teacher;
    }

    /// <summary>Rows of grid values, pairwise different and none zero: [count, width].</summary>
    internal static double[] DistinctRows(RandomSequence random, int count, int width)
    {
        var rows = new double[checked(count * width)];
        var indices = new int[width];
        for (var row = 0; row < count; row++)
        {
            var target = rows.AsSpan(row * width, width);
            var attempt = 0;
            do
            {
                if (attempt == Attempts)
                    throw new InvalidOperationException($"No further distinct row of {width} grid values was found after {row} rows.");
                random.FillIndices(((long)row * Attempts) + attempt++, GridValues, indices);
                for (var i = 0; i < width; i++)
                    target[i] = (indices[i] - (GridValues / 2)) / (double)(GridValues / 2);
            }
            while (!target.ContainsAnyExcept(0.0) || IsRepeated(rows, row, width));
        }

        return rows;
    }

    private static bool IsRepeated(ReadOnlySpan<double> rows, int row, int width)
    {
        var last = rows.Slice(row * width, width);
        for (var earlier = 0; earlier < row; earlier++)
        {
            if (rows.Slice(earlier * width, width).SequenceEqual(last))
                return true;
        }

        return false;
    }
}
