using Understudy.Data.Datasets;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Specialization;

/// <summary>Pixels of an image set as inputs: standardised, reduced to whitened principal components unless all are asked for, and scaled.</summary>
/// <remarks>
/// Inputs longer than a bound are scaled back to it: whitened rare pixels give some images ten times the usual length, at which
/// the protocol's learning rate diverges. The training set is one fixed choice of training images, shared by all seeds, and the transform is fitted on it; evaluation
/// images come from the test split. Seeds differ in teacher, initial student and batches. Smaller training sets are the first
/// images of a seed's own order.
/// </remarks>
internal sealed class PixelInputs : InputSource
{
    private const int PoolChoice = 0;
    private const int EvaluationChoice = 1;
    private const int SeedOrder = 2;

    private readonly float[] _pool;
    private readonly float[] _evaluation;
    private readonly RunContext _run;
    private readonly InputsRow _description;
    private readonly double _deviation;

    private PixelInputs(FeatureTransform transform, ImageSet pool, ImageSet evaluation, SpecializationConfig config, RunContext run)
    {
        (_run, _deviation) = (run, config.Data.Deviation);
        var longest = config.Data.LongestInput * config.Data.Deviation * Math.Sqrt(transform.Outputs);
        _pool = transform.Apply(pool, run.Team);
        _evaluation = transform.Apply(evaluation, run.Team);
        var shortened = Shorten(_pool, transform.Outputs, longest);
        Shorten(_evaluation, transform.Outputs, longest);
        _description = new InputsRow(
            0, 0, SetName(config.Data.Kind), pool.Count, evaluation.Count, transform.Inputs, transform.Dropped, transform.Outputs, shortened, transform.ExplainedVariance);
    }

    /// <summary>Images of the test split of every set.</summary>
    internal const int TestImages = 10_000;

    internal override int Dimension => _description.Dimension;

    /// <summary>As scaled; of whitened pixels the longest are a little shorter.</summary>
    internal override double RootMeanSquare => _deviation;

    private int PoolSize => _description.Images;

    internal static bool IsPixels(InputKind kind) => kind is not (InputKind.Gaussian or InputKind.Uniform);

    /// <summary>Images of the training split.</summary>
    internal static int TrainingImages(InputKind kind) => kind == InputKind.Cifar10 ? 50_000 : 60_000;

    /// <summary>Numbers per image.</summary>
    internal static int Pixels(InputKind kind) => kind == InputKind.Cifar10 ? 32 * 32 * 3 : 28 * 28;

    /// <summary>The name of the data set, as in settings and in the cache.</summary>
    internal static string SetName(InputKind kind) => kind switch
    {
        InputKind.Mnist => "mnist",
        InputKind.FashionMnist => "fashion-mnist",
        _ => "cifar10",
    };

    /// <summary>The sets a configuration reads.</summary>
    internal static IReadOnlyList<string> Needs(SpecializationConfig config)
        => IsPixels(config.Data.Kind) && Sizes(config).Any(size => config.Parts.Contains(size.Part))
            ? [SetName(config.Data.Kind)]
            : [];

    /// <summary>Opens the set of a configuration, chooses images for the largest part and fits the transform on the training images.</summary>
    internal static PixelInputs Open(SpecializationConfig config, RunContext run, CancellationToken cancellation)
    {
        var folder = run.DataFolder(SetName(config.Data.Kind));
        var sizes = Sizes(config).Where(size => config.Parts.Contains(size.Part)).ToArray();
        var pool = Choose(Load(config.Data.Kind, folder, Split.Train), sizes.Max(size => size.Samples), PoolChoice, run);
        var evaluation = Choose(Load(config.Data.Kind, folder, Split.Test), sizes.Max(size => size.Evaluation), EvaluationChoice, run);
        var transform = FeatureTransform.Fit(pool, config.Data.Dimension.Count, config.Data.Deviation, run.Team, cancellation);
        return new PixelInputs(transform, pool, evaluation, config, run);
    }

    /// <summary>Training and evaluation samples of the parts that read pixels.</summary>
    internal static IEnumerable<(SpecializationPart Part, string Path, int Samples, int Evaluation)> Sizes(SpecializationConfig config) =>
    [
        (SpecializationPart.TwoLayer, "twoLayer", config.TwoLayer.Data.Samples, config.TwoLayer.Measures.Evaluation),
        (SpecializationPart.Dynamics, "dynamics", config.Dynamics.Data.Samples, config.Dynamics.Measures.Evaluation),
        (SpecializationPart.Samples, "samples", config.Samples.Data.Samples.DefaultIfEmpty().Max(), config.Samples.Measures.Evaluation),
        (SpecializationPart.Optimizers, "optimizers", config.Optimizers.Data.Samples, config.Optimizers.Evaluation),
        (SpecializationPart.Phase, "phase", Math.Max(config.Phase.Data.Samples.DefaultIfEmpty().Max(), config.Phase.Grids.Trained), config.Phase.Measures.Evaluation),
        (SpecializationPart.Leaky, "leaky", config.Leaky.Data.Samples, config.Leaky.Measures.Evaluation),
    ];

    internal override InputsRow Describe() => _description;

    internal override float[] Training(int seed, int count)
    {
        if (count == PoolSize)
            return _pool;
        var order = new int[PoolSize];
        _run.Random(Purposes.SampleChoice, seed).FillPermutation(SeedOrder, order);
        var rows = new float[count * Dimension];
        for (var i = 0; i < count; i++)
            _pool.AsSpan(order[i] * Dimension, Dimension).CopyTo(rows.AsSpan(i * Dimension));
        return rows;
    }

    internal override float[] Evaluation(int seed, int count)
        => _evaluation.Length == count * Dimension ? _evaluation : _evaluation[..(count * Dimension)];

    internal override void Point(int seed, long address, double[] point)
    {
        var index = new int[1];
        _run.Random(Purposes.BoundaryPoints, seed).FillIndices(address, PoolSize, index);
        for (var u = 0; u < Dimension; u++)
            point[u] = _pool[(index[0] * Dimension) + u];
    }

    /// <summary>Scales rows beyond a norm back to it; returns how many.</summary>
    private static int Shorten(float[] rows, int width, double longest)
    {
        var shortened = 0;
        foreach (var start in Enumerable.Range(0, rows.Length / width).Select(row => row * width))
        {
            var row = rows.AsSpan(start, width);
            var square = 0.0;
            foreach (var value in row)
                square += (double)value * value;
            if (square <= longest * longest)
                continue;
            shortened++;
            foreach (ref var value in row)
                value *= (float)(longest / Math.Sqrt(square));
        }

        return shortened;
    }

    private static ImageSet Load(InputKind kind, string folder, Split split) => kind switch
    {
        InputKind.Mnist => Mnist.Load(folder, split),
        InputKind.FashionMnist => FashionMnist.Load(folder, split),
        _ => Cifar10.Load(folder, split),
    };

    private static ImageSet Choose(ImageSet images, int count, int choice, RunContext run)
    {
        var order = new int[images.Count];
        run.Random(Purposes.SampleChoice, 0).FillPermutation(choice, order);
        return images.Select(order.AsSpan(0, count));
    }
}
