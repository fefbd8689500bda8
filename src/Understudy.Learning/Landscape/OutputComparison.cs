using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>How the outputs of many parameter vectors compare with those of a teacher on the same examples: divergence, squared difference, entropy and agreement, in one pass.</summary>
/// <remarks>
/// With p the softmax of the teacher's outputs t [C] and q that of a point's outputs f [C], means over examples. The divergence is that of <see cref="OutputLoss.Distillation"/> at temperature 1, and H(p) is the same at every
/// point, so that cross-entropies are the sum of both, without the cancellation that the other way round would have. In double precision; points and batches are shared out over the team, with the same bits with any.
/// Plans are compiled at the first use and kept. Not for two threads at once.
/// </remarks>
public sealed class OutputComparison : IDisposable
{
    private const int Width = 4;

    private readonly ExampleSet _examples;
    private readonly Team? _team;
    private readonly int _batchRows;
    private PointSums? _sums;
    private double[] _values = [];

    /// <summary>A comparison on some examples.</summary>
    /// <param name="network">f.</param>
    /// <param name="examples">Inputs, with the teacher's outputs as targets.</param>
    /// <param name="team">Threads; null for the caller's alone.</param>
    /// <param name="batchRows">Examples in a batch, the unit of memory; results depend on it in their last bits.</param>
    /// <exception cref="ArgumentException">Network and examples do not fit together.</exception>
    public OutputComparison(INetwork network, ExampleSet examples, Team? team = null, int batchRows = 500)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        examples.Check(network, OutputLoss.Distillation(1));
        (Network, _examples, _team, _batchRows) = (network, examples, team, batchRows);
        TeacherEntropy = Entropy(examples, network.Outputs);
    }

    /// <summary>f.</summary>
    public INetwork Network { get; }

    /// <summary>H(p), in nats.</summary>
    public double TeacherEntropy { get; }

    /// <summary>Compares points that are written where they are needed.</summary>
    /// <param name="count">How many points.</param>
    /// <param name="point">Writes a point.</param>
    /// <param name="progress">Takes the share that is done, from any thread.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public ComparedOutputs[] At(int count, ParameterPoint point, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(point);
        _sums ??= new PointSums(Network, OutputLoss.Distillation(1), _examples, Measures, _batchRows, _team);
        if (_values.Length < checked(count * Width))
            _values = new double[count * Width];
        _sums.Evaluate(count, point, _values.AsSpan(0, count * Width), progress, cancellation);
        var results = new ComparedOutputs[count];
        for (var i = 0; i < count; i++)
        {
            var own = _values.AsSpan(i * Width, Width);
            results[i] = new ComparedOutputs(own[0], own[0] + TeacherEntropy, own[1], own[2], own[3] / _examples.Count);
        }

        return results;
    }

    /// <inheritdoc/>
    public void Dispose() => _sums?.Dispose();

    private static Sym[] Measures(TracedLoss traced)
    {
        var (output, teacher) = (traced.Output, traced.Targets);
        Sym Mean(Sym perExample) => 1.0 / traced.Total * Ops.Sum(perExample);
        var entropy = Ops.LogSumExp(output, 1) - Ops.Sum(Ops.Softmax(output, 1) * output, 1);
        var differs = Ops.Abs(Ops.Sign(Ops.ArgMax(teacher, 1) - Ops.ArgMax(output, 1)));
        // counted whole, so that agreements of equal counts are equal however they fall into batches
        return [traced.ShareAt(output), Mean(OutputLoss.MeanSquared.PerExample(output, teacher)), Mean(entropy), Ops.Sum(1 - differs)];
    }

    private static double Entropy(ExampleSet examples, int outputs)
    {
        var (probabilities, sum) = (new double[outputs], 0.0);
        for (var row = 0; row < examples.Count; row++)
        {
            OutputLoss.Softmax(examples.Targets.Slice(row * outputs, outputs), 1, probabilities);
            foreach (var probability in probabilities)
                sum -= probability > 0 ? probability * ScalarFunctions.Log(probability) : 0;
        }

        return sum / examples.Count;
    }
}

/// <summary>The outputs of a point beside a teacher's, means over examples.</summary>
/// <param name="Divergence">KL(p ‖ q), in nats.</param>
/// <param name="CrossEntropy">−Σ p log q, in nats: the divergence with the teacher's entropy.</param>
/// <param name="SquaredError">‖f − t‖² / C.</param>
/// <param name="Entropy">H(q), in nats.</param>
/// <param name="Agreement">The share of examples on which the largest output is the same one, in [0, 1].</param>
public readonly record struct ComparedOutputs(double Divergence, double CrossEntropy, double SquaredError, double Entropy, double Agreement);
