using System.Collections.Concurrent;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Specialization;

/// <summary>Normal points of a random k-dimensional subspace, one per seed, with a little noise in all directions.</summary>
/// <remarks>
/// Only the part of a weight vector that lies in the subspace shows in the data, so a teacher node with nearly none may have its boundary
/// beyond all of them. The deviation is that along every direction of the subspace, so that inputs have the norm deviation·√k.
/// </remarks>
internal sealed class SubspaceInputs(InputsConfig config, int subspace, int dimension, RunContext run) : InputSource
{
    private readonly ConcurrentDictionary<int, double[]> _bases = [];

    internal override int Dimension => dimension;

    internal override double RootMeanSquare
        => Math.Sqrt((config.Deviation * config.Deviation * subspace / dimension) + (config.SubspaceNoise * config.SubspaceNoise));

    /// <summary>Orthonormal rows that span the subspace of a seed, [k, d].</summary>
    internal double[] Basis(int seed)
        => _bases.GetOrAdd(seed, _ => AugmentedSamples.Basis(dimension, run.Random(Purposes.Subspace, seed), subspace));

    internal override float[] Training(int seed, int count) => Rows(Purposes.TrainingInputs, seed, count);

    internal override float[] Evaluation(int seed, int count) => Rows(Purposes.EvaluationInputs, seed, count);

    internal override void Point(int seed, long address, double[] point) => Fill(Purposes.BoundaryPoints, seed, address, new double[subspace + dimension], point);

    private float[] Rows(string purpose, int seed, int count)
    {
        var (rows, row, normal) = (new float[checked(count * dimension)], new double[dimension], new double[subspace + dimension]);
        for (var i = 0; i < count; i++)
        {
            Fill(purpose, seed, i, normal, row);
            for (var u = 0; u < dimension; u++)
                rows[(i * dimension) + u] = (float)row[u];
        }

        return rows;
    }

    private void Fill(string purpose, int seed, long address, double[] normal, double[] row)
    {
        // noise after the coefficients, so that these are the same without it
        run.Random(purpose, seed).FillNormal(address, normal);
        var basis = Basis(seed);
        for (var u = 0; u < dimension; u++)
        {
            row[u] = config.SubspaceNoise * normal[subspace + u];
            for (var i = 0; i < subspace; i++)
                row[u] += config.Deviation * normal[i] * basis[(i * dimension) + u];
        }
    }
}
