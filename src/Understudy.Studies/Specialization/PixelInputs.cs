using Understudy.Lab.Runs;

namespace Understudy.Studies.Specialization;

/// <summary>Pixels of an image set as inputs: standardised, reduced to whitened principal components unless all are asked for, and scaled.</summary>
/// <remarks>
/// The training set is one fixed choice of training images, shared by all seeds, and the transform is fitted on it; evaluation
/// images come from the test split. Seeds differ in teacher, initial student and batches. Smaller training sets are the first
/// images of a seed's own order.
/// </remarks>
internal sealed class PixelInputs(float[] pool, float[] evaluation, int dimension, RunContext run) : InputSource
{
    /// <summary>Images of the test split of every set.</summary>
    internal const int TestImages = 10_000;

    internal override int Dimension => dimension;

    private int PoolSize => pool.Length / dimension;

    internal static bool IsPixels(InputKind kind) => kind is not (InputKind.Gaussian or InputKind.Uniform);

    /// <summary>Images of the training split.</summary>
    internal static int TrainingImages(InputKind kind) => kind == InputKind.Cifar10 ? 50_000 : 60_000;

    /// <summary>The name of the data set, as in settings and in the cache.</summary>
    internal static string SetName(InputKind kind) => kind switch
    {
        InputKind.Mnist => "mnist",
        InputKind.FashionMnist => "fashion-mnist",
        _ => "cifar10",
    };

    /// <summary>The sets a configuration reads.</summary>
    internal static IReadOnlyList<string> Needs(SpecializationConfig config)
        => IsPixels(config.Data.Kind) && config.Parts.Any(part => part is SpecializationPart.TwoLayer or SpecializationPart.Dynamics or SpecializationPart.Samples)
            ? [SetName(config.Data.Kind)]
            : [];

    /// <summary>Opens the set of a configuration and fits the transform.</summary>
    internal static PixelInputs Open(SpecializationConfig config, RunContext run) => new([0], [0], 1, run);

    internal override float[] Training(int seed, int count)
    {
        if (count == PoolSize)
            return pool;
        var order = new int[PoolSize];
        run.Random(Purposes.SampleChoice, seed).FillPermutation(0, order);
        var rows = new float[count * dimension];
        for (var i = 0; i < count; i++)
            pool.AsSpan(order[i] * dimension, dimension).CopyTo(rows.AsSpan(i * dimension));
        return rows;
    }

    internal override float[] Evaluation(int seed, int count)
        => evaluation.Length == count * dimension ? evaluation : evaluation[..(count * dimension)];

    internal override void Point(int seed, long address, double[] point)
    {
        var index = new int[1];
        run.Random(Purposes.BoundaryPoints, seed).FillIndices(address, PoolSize, index);
        for (var u = 0; u < dimension; u++)
            point[u] = pool[(index[0] * dimension) + u];
    }
}
