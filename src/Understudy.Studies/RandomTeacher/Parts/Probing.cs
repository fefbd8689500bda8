using Understudy.Data.Datasets;
using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Representations;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>The probes of the study on one pair of training and test images (random-teacher specification, section 4).</summary>
/// <param name="settings">How.</param>
/// <param name="set">The name of the images.</param>
/// <param name="pictures">The images.</param>
/// <param name="run">Whose threads are used.</param>
internal sealed class Probing(RandomTeacherConfig settings, ImageSource set, Pictures pictures, RunContext run)
{
    // a number of an embedding that varies less than this share of the largest does not vary
    private const double Dead = 1e-10;

    private const double AuditTolerance = 1e-4;

    private readonly FloatImages _train = pictures.Train.Slice(0, Math.Min(settings.Probes.Images ?? pictures.Train.Count, pictures.Train.Count));

    private EncoderProbes? _input;

    /// <summary>The images.</summary>
    internal Pictures Pictures => pictures;

    /// <summary>The images themselves as embeddings, measured when first asked for.</summary>
    internal EncoderProbes Input(CancellationToken cancellation) => _input ??= Of(MlpEncoder.Flatten(pictures.Image), [], cancellation).About(row => row with { Subject = Subject.Input });

    /// <summary>An encoder in evaluation mode; the row lacks what it is about.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="parameters">ψ.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    internal EncoderProbes Of(LayeredNetwork encoder, ReadOnlySpan<double> parameters, CancellationToken cancellation)
    {
        var (train, test) = Embeddings(encoder, parameters, cancellation);
        var (plain, standardized, ridge, neighbors) = All(train, test, cancellation);
        var spectrum = EmbeddingSpectrum.Of(train.Features, train.Width, run.Team, cancellation);
        var row = new ProbeRow(
            0, 0, "", Subject.Teacher, set, 0, Percent(plain), Percent(standardized), Percent(ridge), Percent(neighbors), plain.GradientNorm, spectrum.EffectiveRank, DeadNumbers(train), train.Width, 0, 0);
        Tensor[] right = !settings.Probes.Keep ? [] :
        [
            RightImages.Pack(RightImages.Lin, plain.Predictions, test.Labels), RightImages.Pack(RightImages.LinStd, standardized.Predictions, test.Labels),
            RightImages.Pack(RightImages.Ridge, ridge.Predictions, test.Labels), RightImages.Pack(RightImages.Knn, neighbors.Predictions, test.Labels),
        ];
        return new EncoderProbes(row, right, IsValidating ? Validated(train, cancellation) : null);
    }

    /// <summary>The plain linear probe beside softmax regression at convergence; the row lacks what it is about.</summary>
    internal AuditRow Audit(LayeredNetwork encoder, ReadOnlySpan<double> parameters, CancellationToken cancellation)
    {
        var (train, test) = Embeddings(encoder, parameters, cancellation);
        var plain = Plain.Run(train, test, run.Team, cancellation);
        var converged = new LogisticProbe { Tolerance = AuditTolerance }.Run(train, test, run.Team, cancellation);
        return new AuditRow(0, 0, Subject.Teacher, Percent(plain), plain.GradientNorm, Percent(converged), converged.GradientNorm, converged.Steps, converged.IsConverged);
    }

    /// <summary>Whether probes are fitted once more without a part of the training images, and scored on it.</summary>
    internal bool IsValidating { get; init; }

    /// <summary>Training images that are held out, the last of them: at least one, and not all.</summary>
    internal static int HeldOut(double share, int images) => Math.Clamp((int)(share * images), 1, images - 1);

    /// <summary>The ridge probe alone, in percent.</summary>
    internal double Ridge(LayeredNetwork encoder, ReadOnlySpan<double> parameters, CancellationToken cancellation)
    {
        var (train, test) = Embeddings(encoder, parameters, cancellation);
        return Percent(new RidgeProbe().Run(train, test, run.Team, cancellation));
    }

    /// <summary>Some of the probes, in percent; NaN of the others.</summary>
    internal ProbeAccuracies Some(LayeredNetwork encoder, ReadOnlySpan<double> parameters, bool linear, bool standardized, bool ridge, bool neighbors, CancellationToken cancellation)
    {
        var (train, test) = Embeddings(encoder, parameters, cancellation);
        double If(bool isWanted, Func<IProbe> probe) => isWanted ? Percent(probe().Run(train, test, run.Team, cancellation)) : double.NaN;
        return new ProbeAccuracies(If(linear, () => Plain), If(standardized, () => Standardized), If(ridge, () => new RidgeProbe()), If(neighbors, () => Nearest));
    }

    private LinearProbe Plain => new() { Epochs = settings.Probes.Epochs };

    private LinearProbe Standardized => new() { Epochs = settings.Probes.Epochs, IsStandardized = true };

    private NeighborProbe Nearest => new() { Neighbors = settings.Probes.Neighbors, TrainExamples = 1 };

    private (EmbeddingSet Train, EmbeddingSet Test) Embeddings(LayeredNetwork encoder, ReadOnlySpan<double> parameters, CancellationToken cancellation)
    {
        EmbeddingSet Of(FloatImages images, ReadOnlySpan<double> own) => EmbeddingSet.Of(encoder, images.Values, images.Labels, pictures.Classes, own, Teachers.Passes(settings.Training, run), cancellation);
        return (Of(_train, parameters), Of(pictures.Test, parameters));
    }

    private (LinearProbeResult Plain, LinearProbeResult Standardized, RidgeProbeResult Ridge, NeighborProbeResult Neighbors) All(EmbeddingSet train, EmbeddingSet test, CancellationToken cancellation) =>
    (
        Plain.Run(train, test, run.Team, cancellation),
        Standardized.Run(train, test, run.Team, cancellation),
        new RidgeProbe().Run(train, test, run.Team, cancellation),
        Nearest.Run(train, test, run.Team, cancellation));

    private ValidationRow Validated(EmbeddingSet train, CancellationToken cancellation)
    {
        var fitted = train.Count - HeldOut(settings.Probes.Validation, train.Count);
        var (plain, standardized, ridge, neighbors) = All(train.Slice(0, fitted), train.Slice(fitted, train.Count - fitted), cancellation);
        return new ValidationRow(0, 0, "", 0, Percent(plain), Percent(standardized), Percent(ridge), Percent(neighbors));
    }

    private static double Percent(ProbeResult result) => 100 * result.TestAccuracy;

    /// <summary>Numbers that vary less than rounding of the one that varies most.</summary>
    internal static int DeadNumbers(EmbeddingSet embeddings)
    {
        var (low, high) = (embeddings.Features[..embeddings.Width].ToArray(), embeddings.Features[..embeddings.Width].ToArray());
        for (var i = 0; i < embeddings.Features.Length; i++)
        {
            low[i % low.Length] = Math.Min(low[i % low.Length], embeddings.Features[i]);
            high[i % low.Length] = Math.Max(high[i % low.Length], embeddings.Features[i]);
        }

        double[] ranges = [.. high.Zip(low, (top, bottom) => top - bottom)];
        return ranges.Count(range => range <= Dead * ranges.Max());
    }
}

/// <summary>What probes find, in percent; NaN of those that were not fitted.</summary>
internal readonly record struct ProbeAccuracies(double Linear, double Standardized, double Ridge, double Neighbors)
{
    /// <summary>None was fitted.</summary>
    internal static ProbeAccuracies None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);
}
