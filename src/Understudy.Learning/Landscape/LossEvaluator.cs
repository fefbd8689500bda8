using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Losses, accuracies and gradients of many parameter vectors on the same examples.</summary>
/// <remarks>
/// Over whole sets: L is the mean over all examples, without weight decay. Points and batches are shared out over the team; results are the same to the bit with any.
/// Plans are compiled at the first use and kept; nothing is allocated per point. Not for two threads at once.
/// <para>A network with batch normalization in training mode sees all examples as one batch, so that its loss is that of their own statistics. With <see cref="Calibration"/> losses and accuracies are
/// those of evaluation mode instead, with statistics that are estimated anew at every point; gradients stay those of training mode.</para>
/// </remarks>
public sealed class LossEvaluator : IDisposable
{
    // numbers of statistics that are kept of points until they are evaluated, 32 MiB
    private const int MostStatistics = 1 << 22;

    private readonly int _batchRows;
    private EvaluationNetwork? _evaluation;
    private PointStatistics? _statistics;
    private PointSums? _losses;
    private PointSums? _gradients;
    private double[] _sums = [];

    /// <summary>An evaluator on some examples.</summary>
    /// <param name="network">f.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="team">Threads; null for the caller's alone.</param>
    /// <param name="batchRows">Examples in a batch, the unit of memory; results depend on it in their last bits.</param>
    /// <exception cref="ArgumentException">Network, loss and examples do not fit together.</exception>
    public LossEvaluator(INetwork network, OutputLoss loss, ExampleSet examples, Team? team = null, int batchRows = 500)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        examples.Check(network, loss);
        (Network, Loss, Examples, Team, _batchRows) = (network, loss, examples, team, batchRows);
    }

    /// <summary>f.</summary>
    public INetwork Network { get; }

    /// <summary>ℓ.</summary>
    public OutputLoss Loss { get; }

    /// <summary>The examples that means are taken over.</summary>
    public ExampleSet Examples { get; }

    /// <summary>The type of the passes: double precision, or for speed single precision; batches are added up in double precision.</summary>
    public DType Precision { get; init; } = DType.F64;

    /// <summary>The examples over whose inputs the statistics of batch normalizations are estimated anew at every point, by full passes (<see cref="Recalibration"/>): as a rule those of the training. Null for training mode; of no effect without batch normalizations.</summary>
    /// <remarks>Set with it, evaluators of training and of test examples agree about the network at a point. Costs as many passes over these examples per point as there are normalizations, or one where a batch holds all of them.</remarks>
    public ExampleSet? Calibration { get; init; }

    /// <summary>How statistics are estimated; the threads are those of the evaluator.</summary>
    public RecalibrationOptions CalibrationOptions { get; init; } = new();

    /// <summary>P, the length of a parameter vector.</summary>
    public int Size => Network.Layout.Count;

    /// <summary>Whether there is an accuracy: for losses over classes, and for the logistic loss.</summary>
    public bool HasAccuracy => Loss.HasClasses || Loss is LogisticLoss;

    /// <summary>The threads.</summary>
    internal Team? Team { get; }

    /// <summary>Whether statistics are estimated at every point.</summary>
    internal bool IsCalibrated => Calibration is not null && Evaluation.HasStatistics;

    private PointStatistics Statistics => _statistics ??= new PointStatistics(Evaluation, Calibration!, CalibrationOptions with { Team = Team });

    private EvaluationNetwork Evaluation => _evaluation ??= Network as EvaluationNetwork ?? new EvaluationNetwork(Network);

    /// <summary>Loss and accuracy of one parameter vector.</summary>
    /// <exception cref="ArgumentException">The vector is not as long as the network's.</exception>
    public LossAndAccuracy At(double[] parameters) => At([parameters])[0];

    /// <summary>Loss and accuracy of parameter vectors.</summary>
    /// <exception cref="ArgumentException">A vector is not as long as the network's.</exception>
    public LossAndAccuracy[] At(IReadOnlyList<double[]> parameters)
    {
        Require(parameters);
        return At(parameters.Count, (index, into) => parameters[index].CopyTo(into));
    }

    /// <summary>Loss and accuracy of points that are written where they are needed.</summary>
    /// <param name="count">How many points.</param>
    /// <param name="point">Writes a point.</param>
    /// <param name="progress">Takes the share that is done, from any thread.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    public LossAndAccuracy[] At(int count, ParameterPoint point, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(point);
        _losses ??= Compile(IsCalibrated ? Evaluation : Network, LossAndHits);
        var sums = Sums(checked(count * _losses.Width));
        if (IsCalibrated)
            EvaluateCalibrated(_losses, count, point, sums, progress, cancellation);
        else
            _losses.Evaluate(count, point, sums, progress, cancellation);
        var results = new LossAndAccuracy[count];
        for (var i = 0; i < count; i++)
            results[i] = HasAccuracy ? new LossAndAccuracy(sums[2 * i], sums[(2 * i) + 1] / Examples.Count) : new LossAndAccuracy(sums[i], double.NaN);
        return results;
    }

    /// <summary>The gradient ∇L [P] at a point, and the loss.</summary>
    /// <exception cref="ArgumentException">A vector is not as long as the network's.</exception>
    public double Gradient(double[] parameters, Span<double> gradient, CancellationToken cancellation = default)
    {
        Span<double> loss = stackalloc double[1];
        Gradients([parameters], gradient, loss, cancellation);
        return loss[0];
    }

    /// <summary>The gradients and losses at several points.</summary>
    /// <param name="parameters">The points.</param>
    /// <param name="gradients">Becomes [count, P].</param>
    /// <param name="losses">Becomes [count].</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">A vector is not as long as the network's, or a span does not fit.</exception>
    public void Gradients(IReadOnlyList<double[]> parameters, Span<double> gradients, Span<double> losses, CancellationToken cancellation = default)
    {
        Require(parameters);
        if (gradients.Length != (long)parameters.Count * Size || losses.Length != parameters.Count)
            throw new ArgumentException($"{gradients.Length} numbers and {losses.Length} losses are not {parameters.Count} gradients of {Size}.", nameof(gradients));
        _gradients ??= Compile(Network, Curvature.Sums.Gradient);
        var sums = Sums(checked(parameters.Count * (Size + 1)));
        _gradients.Evaluate(parameters.Count, (index, into) => parameters[index].CopyTo(into), sums, null, cancellation);
        for (var i = 0; i < parameters.Count; i++)
        {
            sums.Slice(i * (Size + 1), Size).CopyTo(gradients[(i * Size)..]);
            losses[i] = sums[(i * (Size + 1)) + Size];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _statistics?.Dispose();
        _losses?.Dispose();
        _gradients?.Dispose();
    }

    /// <summary>Examples of a step on batches: all where they see each other, but as many as wanted where their statistics are estimated anew afterwards.</summary>
    /// <exception cref="ArgumentException">Statistics behind the parameters would be trained.</exception>
    internal int StepRows(int wanted)
    {
        if (IsCalibrated && Network is EvaluationNetwork)
            throw new ArgumentException("Steps on batches take the network in training mode, whose batches have statistics of their own, not an EvaluationNetwork of it.");
        return Math.Min(IsCalibrated ? wanted : Examples.BatchRows(Network, wanted), Examples.Count);
    }

    /// <summary>The outputs at a point, [N, C], by the network whose losses <see cref="At(double[])"/> gives.</summary>
    internal double[] Outputs(double[] parameters, CancellationToken cancellation)
    {
        var options = new OutputOptions { Precision = Precision, BatchRows = _batchRows, Team = Team };
        if (!IsCalibrated)
            return NetworkOutputs.Of(Network, Examples.Inputs, parameters, options, cancellation);
        var point = new double[Evaluation.Layout.Count];
        parameters.CopyTo(point, 0);
        Statistics.At(1, (_, into) => parameters.CopyTo(into), cancellation)[0].CopyTo(point, Evaluation.Network.Layout.Count);
        return NetworkOutputs.Of(Evaluation, Examples.Inputs, point, options, cancellation);
    }

    /// <summary>Loss and accuracy of outputs on all examples, [N, C].</summary>
    internal LossAndAccuracy Judge(double[] outputs)
    {
        Sym output = Ops.Input("f", new Shape(Examples.Count, Network.Outputs)), targets = Ops.Input("y", new Shape(Examples.Count, Examples.TargetWidth));
        var loss = 1.0 / Examples.Count * Ops.Sum(Loss.PerExample(output, targets));
        using var plan = Plan.Compile(HasAccuracy ? [loss, Hits(output, targets)] : [loss], new PlanOptions { Precision = DType.F64 });
        plan.Write(output, outputs);
        plan.Write(targets, Examples.Targets);
        plan.Run();
        Span<double> values = [double.NaN, double.NaN];
        plan.Read(0, values[..1]);
        if (HasAccuracy)
            plan.Read(1, values[1..]);
        return new LossAndAccuracy(values[0], values[1] / Examples.Count);
    }

    /// <exception cref="ArgumentException">The vector is not as long as the network's.</exception>
    internal void Require(double[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Length != Size)
            throw new ArgumentException($"The network has {Size} parameters, but was given {parameters.Length}.", nameof(parameters));
    }

    private void Require(IReadOnlyList<double[]> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var vector in parameters)
            Require(vector);
    }

    /// <summary>Statistics of a group of points, then their losses.</summary>
    private void EvaluateCalibrated(PointSums losses, int count, ParameterPoint point, Span<double> sums, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (size, own) = (Size, Evaluation.Network.Layout.Count);
        var group = Math.Max(1, MostStatistics / Math.Max(1, Statistics.Width));
        for (var first = 0; first < count; first += group)
        {
            var (start, points) = (first, Math.Min(group, count - first));
            var statistics = Statistics.At(points, (index, into) => point(start + index, into[..size]), Share(0), cancellation);
            void Calibrated(int index, Span<double> into)
            {
                point(start + index, into[..size]);
                statistics[index].CopyTo(into[own..]);
            }

            losses.Evaluate(points, Calibrated, sums[(start * losses.Width)..], Share(0.5), cancellation);

            // half of a group's work is counted for its statistics
            IProgress<double>? Share(double done) => progress is null ? null : new Part(progress, (start + (done * points)) / count, 0.5 * points / count);
        }
    }

    private PointSums Compile(INetwork network, Func<TracedLoss, Sym[]> outputs) => new(network, Loss, Examples, outputs, _batchRows, Team, precision: Precision);

    private Span<double> Sums(int length)
    {
        if (_sums.Length < length)
            _sums = new double[length];
        return _sums.AsSpan(0, length);
    }

    private Sym[] LossAndHits(TracedLoss traced) => HasAccuracy ? [traced.ShareAt(traced.Output), Hits(traced.Output, traced.Targets)] : [traced.ShareAt(traced.Output)];

    /// <summary>How many outputs are of the right class; counted whole, so that accuracies of equal counts are equal however they fall into batches.</summary>
    private Sym Hits(Sym output, Sym targets) => Ops.Sum(1 - Ops.Abs(Ops.Sign(Class(targets) - Class(output))));

    /// <summary>Tells a share of a part as one of the whole.</summary>
    private sealed class Part(IProgress<double> whole, double from, double length) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + (length * value));
    }

    /// <summary>The class [rows] that outputs or targets stand for.</summary>
    private Sym Class(Sym values)
        => values.Shape[1] > 1 ? Ops.ArgMax(values, 1) : Ops.Reshape(Loss.HasClasses ? values : Ops.Step(values), new Shape(values.Shape[0]));
}

/// <summary>The mean loss of a point, and the share of examples whose class is right.</summary>
/// <param name="Loss">L.</param>
/// <param name="Accuracy">In [0, 1]; NaN where the loss has no classes.</param>
public readonly record struct LossAndAccuracy(double Loss, double Accuracy)
{
    /// <summary>The share of examples whose class is wrong.</summary>
    public double Error => 1 - Accuracy;
}
