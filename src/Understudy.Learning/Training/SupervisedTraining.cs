using Understudy.Data.Datasets;
using Understudy.Data.Formats;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Training;

/// <summary>Classifiers that are trained together on the same labelled images, each with its own start, order of batches and augmentation.</summary>
/// <remarks>
/// A replica's numbers do not depend on the others, on threads or on where a training was stopped and taken up again. Replicas are shared out over the threads as wholes. Replicas with equal
/// random numbers share the memory of their augmented images. Nothing is allocated in a step, only where the rate changes.
/// </remarks>
public sealed class SupervisedTraining : IDisposable
{
    // multiply-adds of all replicas between two looks at a cancellation: about a second
    private const double ChunkMultiplyAdds = 2e10;

    private readonly SupervisedOptions _options;
    private readonly TrainPlan _plan;
    private readonly ScheduleCourse _rates;
    // what augmentations are made of
    private readonly float[] _images;
    private readonly List<(RandomSequence Random, RowTable Table)> _augmented = [];
    private long _epochWritten = -1;

    /// <summary>Compiles a training; every replica needs a start then.</summary>
    /// <param name="options">Network, epochs and rule.</param>
    /// <param name="images">The training images.</param>
    /// <param name="random">One per replica: the random numbers of batches and augmentation.</param>
    /// <exception cref="ArgumentException">Network and images do not fit, there are fewer images than a batch has, or the options contradict each other.</exception>
    public SupervisedTraining(SupervisedOptions options, FloatImages images, IReadOnlyList<RandomSequence> random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, nameof(options));
        if (options.Network.Inputs != images.Features || options.Network.Outputs < images.Classes)
            throw new ArgumentException($"The network reads {options.Network.Inputs} numbers and tells {options.Network.Outputs} classes, but the images have {images.Features} and {images.Classes}.", nameof(images));
        if (images.Count < options.Batch)
            throw new ArgumentException($"There are {images.Count} images, but a batch has {options.Batch}.", nameof(images));
        options.Augmentation?.Check();
        HasMask = options.HasMask;
        (_options, _images, Evaluation) = (options, options.Augmentation is null ? [] : images.Values.ToArray(), new EvaluationNetwork(options.Network));
        if (Evaluation.HasStatistics && !(options.StatisticsMomentum > 0))
            throw new ArgumentException("Batch normalizations are evaluated with running statistics, whose momentum must be above 0.", nameof(options));
        _plan = TrainPlan.Compile(new TrainOptions
        {
            Student = options.Network,
            Loss = TrainingLoss.CrossEntropy,
            Batch = options.Batch,
            Replicas = random.Count,
            Precision = options.Precision,
            Layout = options.Layout,
            Convolution = options.Convolution,
            Source = BatchSource.Shuffled,
            Optimizer = options.Optimizer,
            HasMask = options.HasMask,
            StatisticsMomentum = Evaluation.HasStatistics ? options.StatisticsMomentum : 0,
        });
        StepsPerEpoch = images.Count / options.Batch;
        Steps = (long)options.Epochs * StepsPerEpoch;
        _rates = options.LearningRate.Over(Steps, StepsPerEpoch);
        ChunkSteps = (int)Math.Clamp(ChunkMultiplyAdds / (3 * options.Batch * options.Network.MultiplyAdds * random.Count), 1, StepsPerEpoch);
        var (plain, labels) = (options.Augmentation is null ? _plan.AddTable(images.Values, images.Features) : null, _plan.AddTable([.. images.Labels.Select(label => (float)label)], 1));
        for (var replica = 0; replica < random.Count; replica++)
        {
            _plan.SetSamples(replica, plain ?? Augmented(random[replica], images.Features), labels);
            _plan.SetBatches(replica, random[replica]);
        }
    }

    /// <summary>The network in evaluation mode, for <see cref="Evaluable"/>.</summary>
    public EvaluationNetwork Evaluation { get; }

    /// <summary>How many classifiers there are.</summary>
    public int Replicas => _plan.Replicas;

    /// <summary>The length of what a replica carries from step to step besides its parameters.</summary>
    public int CarriedCount => _plan.OptimizerCount;

    /// <summary>Whether replicas have masks.</summary>
    public bool HasMask { get; }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the whole training.</summary>
    public long Steps { get; }

    /// <summary>The next step of all replicas.</summary>
    public long Step { get; private set; }

    /// <summary>Steps between two looks at a cancellation; no result depends on it.</summary>
    internal int ChunkSteps { get; init; }

    /// <summary>Puts a replica at a start, its optimizer and statistics at theirs.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="parameters">Of the network's layout.</param>
    public void Start(int replica, ReadOnlySpan<double> parameters) => _plan.SetParameters(replica, parameters);

    /// <summary>Where a replica stands.</summary>
    public TrainingPoint Point(int replica)
    {
        var (parameters, carried) = (new double[_plan.ParameterCount], new double[_plan.OptimizerCount]);
        _plan.GetParameters(replica, parameters);
        _plan.GetOptimizer(replica, carried);
        return new TrainingPoint(parameters, carried, Step);
    }

    /// <summary>Puts all replicas where they stood at one step, 0 where their masks are.</summary>
    /// <param name="points">One per replica.</param>
    /// <exception cref="ArgumentException">There are not as many as replicas, or they are of different steps.</exception>
    public void GoTo(IReadOnlyList<TrainingPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count != Replicas || points.Any(point => point.Step != points[0].Step))
            throw new ArgumentException($"{Replicas} replicas go to as many points of one step.", nameof(points));
        for (var replica = 0; replica < points.Count; replica++)
        {
            _plan.SetParameters(replica, points[replica].Parameters);
            _plan.SetOptimizer(replica, points[replica].Carried);
        }

        Step = points[0].Step;
    }

    /// <summary>Keeps parameters of a replica at 0 from now on; see <see cref="TrainPlan.SetMask"/>.</summary>
    public void SetMask(int replica, ReadOnlySpan<bool> isKept) => _plan.SetMask(replica, isKept);

    /// <summary>A replica's parameters, and behind them its running statistics: a point of <see cref="Evaluation"/>.</summary>
    public double[] Evaluable(int replica)
    {
        var (parameters, carried, _) = Point(replica);
        // statistics are the last of what is carried; those of a replica that diverged are no numbers
        return [.. parameters, .. carried.AsSpan(carried.Length - (Evaluation.Layout.Count - parameters.Length))];
    }

    /// <summary>Whether a parameter of a replica stopped being a finite number.</summary>
    public bool IsDiverged(int replica) => _plan.Status(replica).IsDiverged;

    /// <summary>Trains up to a step.</summary>
    /// <param name="step">The step that is not done any more; at most <see cref="Steps"/>.</param>
    /// <param name="team">Threads.</param>
    /// <param name="progress">Takes the next step, now and then.</param>
    /// <param name="cancellation">Looked at about once a second.</param>
    /// <returns>Whether the step was reached: not only where cancellation was requested, which leaves all replicas at <see cref="Step"/>.</returns>
    public bool RunTo(long step, Team team, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, Steps);
        while (Step < step && !cancellation.IsCancellationRequested)
        {
            var epoch = Step / StepsPerEpoch;
            WriteEpoch(epoch, team);
            var next = Math.Min(Math.Min(step, (epoch + 1) * StepsPerEpoch), Step + ChunkSteps);
            Step = _plan.Run(Step, (int)(next - Step), _rates, team, cancellation);
            progress?.Report(Step);
        }

        return Step >= step;
    }

    /// <summary>What is needed to go on later: <c>prefix.parameters</c> [R, P], <c>prefix.carried</c> [R, K] and <c>prefix.step</c>. Masks are not among it.</summary>
    /// <param name="prefix">The beginning of the names.</param>
    public IReadOnlyList<Tensor> Tensors(string prefix)
    {
        TrainingPoint[] points = [.. Enumerable.Range(0, Replicas).Select(Point)];
        return [.. TrainingPoints.Tensors(points, prefix), Tensor.Of($"{prefix}.step", new double[] { Step }, 1)];
    }

    /// <summary>Goes to where a training stood.</summary>
    /// <param name="tensors">By name.</param>
    /// <param name="prefix">The beginning of the names.</param>
    /// <exception cref="ArgumentException">A tensor is missing or has another shape.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors, string prefix)
    {
        var step = TrainingPoints.Doubles(tensors, $"{prefix}.step", 1)[0];
        GoTo(TrainingPoints.Read(tensors, prefix, Replicas, _plan.ParameterCount, _plan.OptimizerCount, (long)step));
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private RowTable Augmented(RandomSequence random, int width)
    {
        foreach (var (known, table) in _augmented)
        {
            if (known.Equals(random))
                return table;
        }

        _augmented.Add((random, _plan.AddTable(_images, width)));
        return _augmented[^1].Table;
    }

    private void WriteEpoch(long epoch, Team team)
    {
        if (_options.Augmentation is not { } augmentation || epoch == _epochWritten)
            return;
        foreach (var (random, table) in _augmented)
            augmentation.Write(_images, table, random.For("/augmentation"), epoch, team);
        _epochWritten = epoch;
    }
}
