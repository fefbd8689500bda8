using Understudy.Engine.Random;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Specialization;

/// <summary>Where the networks' inputs come from.</summary>
internal abstract class InputSource
{
    /// <summary>Input dimension d.</summary>
    internal abstract int Dimension { get; }

    /// <summary>Whether inputs are independent normal coordinates.</summary>
    internal virtual bool IsGaussian => false;

    /// <summary>Root mean square of an input coordinate.</summary>
    internal abstract double RootMeanSquare { get; }

    /// <summary>The training set of a seed, [count, d]; a smaller set is the beginning of a larger one.</summary>
    internal abstract float[] Training(int seed, int count);

    /// <summary>The evaluation set of a seed, [count, d]: never a training sample.</summary>
    internal abstract float[] Evaluation(int seed, int count);

    /// <summary>What was read and how it was transformed; null where inputs are drawn.</summary>
    internal virtual InputsRow? Describe() => null;

    /// <summary>A point of the same law for the boundary set, by address.</summary>
    internal abstract void Point(int seed, long address, double[] point);
}

/// <summary>Independent normal or uniform coordinates.</summary>
internal sealed class DrawnInputs(InputsConfig config, int dimension, RunContext run) : InputSource
{
    internal override int Dimension => dimension;

    internal override bool IsGaussian => config.Kind == InputKind.Gaussian;

    internal override double RootMeanSquare => IsGaussian ? config.Deviation : config.Deviation / Math.Sqrt(12);

    internal override float[] Training(int seed, int count) => Rows(Purposes.TrainingInputs, seed, count);

    internal override float[] Evaluation(int seed, int count) => Rows(Purposes.EvaluationInputs, seed, count);

    internal override void Point(int seed, long address, double[] point) => Fill(run.Random(Purposes.BoundaryPoints, seed), address, point);

    private float[] Rows(string purpose, int seed, int count)
    {
        var (random, rows, row) = (run.Random(purpose, seed), new float[checked(count * dimension)], new double[dimension]);
        for (var i = 0; i < count; i++)
        {
            Fill(random, i, row);
            for (var u = 0; u < dimension; u++)
                rows[(i * dimension) + u] = (float)row[u];
        }

        return rows;
    }

    private void Fill(RandomSequence random, long address, double[] row)
    {
        if (config.Kind == InputKind.Gaussian)
        {
            random.FillNormal(address, row);
            foreach (ref var value in row.AsSpan())
                value *= config.Deviation;
        }
        else
        {
            random.FillUniform(address, row);
            foreach (ref var value in row.AsSpan())
                value = config.Deviation * (value - 0.5);
        }
    }
}
