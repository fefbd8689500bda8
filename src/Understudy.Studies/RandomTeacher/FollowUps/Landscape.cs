using Understudy.Data.Datasets;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>KL to a teacher, and probes, at any points of the space of parameters.</summary>
/// <remarks>
/// A teacher answers as it did in the run: its batch normalizations have mean 0 and variance 1. Every other function has statistics that are estimated at its point, as points between two networks
/// have none of their own; so with batch normalization KL is not 0 at the teacher's parameters.
/// </remarks>
internal sealed class Landscape : IDisposable
{
    /// <summary>Images of a batch: those of part valley, whose numbers these are to the bit.</summary>
    internal const int BatchRows = 125;

    private const int CalibrationBatches = 50;

    private static readonly ComparedOutputs Missing = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    // what is done between two reports of progress
    private const int Group = 8;

    private readonly FinishedRun _run;
    private readonly LayeredNetwork _encoder;
    private readonly EvaluationNetwork _network;
    private readonly OutputComparison _train;
    private readonly OutputComparison? _test;
    private readonly PointStatistics? _statistics;
    private readonly Probing _probing;
    private readonly IReadOnlyList<int> _channels;

    /// <summary>Asks the teacher.</summary>
    /// <param name="run">The run.</param>
    /// <param name="view">What is compared.</param>
    /// <param name="seed">The teacher's seed.</param>
    /// <param name="images">Training images, and test images, that losses are averaged over; fewer where there are not so many.</param>
    /// <param name="hasTest">Whether test images are wanted.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    internal Landscape(FinishedRun run, LandscapeView view, int seed, int images, bool hasTest, CancellationToken cancellation)
    {
        (_run, View, Seed, _encoder) = (run, view, seed, run.Network.Encoder);
        _network = new EvaluationNetwork(view == LandscapeView.Whole ? run.Network.ToLayers() : _encoder);
        _channels = _encoder.NormalizedChannels();
        if (view == LandscapeView.Whole)
            run.RequireEnds(seed, cancellation);
        Teacher = Point(PartNames.Teacher);
        var pictures = run.Pictures;
        (Images, TestImages) = (Math.Min(images, pictures.Train.Count), hasTest ? Math.Min(images, pictures.Test.Count) : 0);
        var examples = Examples(pictures.Train, Images, cancellation);
        Train = new LossEvaluator(_network, OutputLoss.Distillation(1), examples, run.Team, BatchRows);
        _train = new OutputComparison(_network, examples, run.Team, BatchRows);
        _test = hasTest ? new OutputComparison(_network, Examples(pictures.Test, TestImages, cancellation), run.Team, BatchRows) : null;
        _statistics = _network.HasStatistics ? new PointStatistics(_network, pictures.Train, run.Config.Training.Batch, CalibrationBatches, run.Team) : null;
        _probing = new Probing(run.Config, run.Config.Data.Set, pictures, run.Context);
    }

    /// <summary>Training images that losses are averaged over.</summary>
    internal int Images { get; }

    /// <summary>The same of test images; 0 where they are not wanted.</summary>
    internal int TestImages { get; }

    /// <summary>What is compared.</summary>
    internal LandscapeView View { get; }

    /// <summary>The teacher's seed.</summary>
    internal int Seed { get; }

    /// <summary>θ_T.</summary>
    internal double[] Teacher { get; }

    /// <summary>The tensors of a point.</summary>
    internal ParameterLayout Layout => _network.Network.Layout;

    /// <summary>KL on the training images, for what descends it.</summary>
    internal LossEvaluator Train { get; }

    /// <summary>Entropy of the teacher's outputs over training images, in nats.</summary>
    internal double TeacherEntropy => _train.TeacherEntropy;

    /// <summary>The same over test images; NaN where they are not wanted.</summary>
    internal double TestTeacherEntropy => _test?.TeacherEntropy ?? double.NaN;

    /// <summary>Training images that losses are averaged over: as many as were asked for, else the usual number, or as there are.</summary>
    /// <exception cref="FollowUpException">More were asked for than there are.</exception>
    internal static int ImagesOf(FinishedRun run, int? asked, int usual)
    {
        var most = run.Pictures.Train.Count;
        return asked > most
            ? throw new FollowUpException(Invariant($"{run.Path} has {most:N0} training images, not {asked:N0}\n  lower --images"))
            : asked ?? Math.Min(usual, most);
    }

    /// <summary>What losses are averaged over, in words.</summary>
    internal static string Averaged(int train, int test = 0) => Invariant($"{train:N0} training images") + (test > 0 ? Invariant($" and {test:N0} test images") : "");

    /// <summary>A network as a point.</summary>
    internal double[] Point(string word) => View == LandscapeView.Whole ? _run.Parameters(word, Seed) : _run.EncoderParameters(word, Seed);

    /// <summary>Measures points.</summary>
    /// <param name="count">How many.</param>
    /// <param name="point">Writes a point of the length of the teacher.</param>
    /// <param name="probes">Which probes are fitted at each.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    internal PointValues[] At(int count, ParameterPoint point, LandscapeProbes probes, IProgress<double>? progress, CancellationToken cancellation)
    {
        var all = new PointValues[count];
        for (var first = 0; first < count; first += Group)
        {
            var (from, some) = (first, Math.Min(Group, count - first));
            void Own(int index, Span<double> into) => point(from + index, into[..Teacher.Length]);
            var statistics = _statistics?.At(some, Own, cancellation);
            void Whole(int index, Span<double> into)
            {
                Own(index, into);
                statistics?[index].CopyTo(into[Teacher.Length..]);
            }

            var train = _train.At(some, Whole, cancellation: cancellation);
            var test = _test?.At(some, Whole, cancellation: cancellation);
            for (var i = 0; i < some; i++)
            {
                var probed = probes == LandscapeProbes.None ? ProbeAccuracies.None : Probe(i, Own, statistics?[i], probes, cancellation);
                all[first + i] = new PointValues(train[i], test?[i] ?? Missing, probed);
                progress?.Report((first + i + 1.0) / count);
            }
        }

        return all;
    }

    public void Dispose()
    {
        Train.Dispose();
        _train.Dispose();
        _test?.Dispose();
        _statistics?.Dispose();
    }

    private ProbeAccuracies Probe(int index, ParameterPoint point, double[]? statistics, LandscapeProbes probes, CancellationToken cancellation)
    {
        var parameters = new double[Teacher.Length];
        point(index, parameters);
        return _probing.Some(
            _encoder.InEvaluationMode(statistics is null ? null : Statistics(statistics)), _run.Network.EncoderPart(parameters),
            probes.HasFlag(LandscapeProbes.Lin), probes.HasFlag(LandscapeProbes.LinStd), probes.HasFlag(LandscapeProbes.Ridge), probes.HasFlag(LandscapeProbes.Knn), cancellation);
    }

    private List<ChannelStatistics> Statistics(double[] values)
    {
        var (all, at) = (new List<ChannelStatistics>(), 0);
        foreach (var channels in _channels)
        {
            all.Add(new ChannelStatistics(values.AsSpan(at, channels), values.AsSpan(at + channels, channels)));
            at += 2 * channels;
        }

        return all;
    }

    /// <summary>The first images with the teacher's answers.</summary>
    private ExampleSet Examples(FloatImages images, int count, CancellationToken cancellation)
    {
        var inputs = new double[count * images.Features];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = images.Values[i];
        var answers = NetworkOutputs.Of(_network, inputs, _network.Point(Teacher), new OutputOptions { BatchRows = BatchRows, Team = _run.Team }, cancellation);
        return new ExampleSet(inputs, answers, count);
    }
}

/// <summary>What was measured at a point.</summary>
/// <param name="Train">Its outputs beside the teacher's over training images.</param>
/// <param name="Test">The same over test images; NaN where not wanted.</param>
/// <param name="Probes">Accuracies of probes, in percent; NaN where not wanted.</param>
internal readonly record struct PointValues(ComparedOutputs Train, ComparedOutputs Test, ProbeAccuracies Probes);
