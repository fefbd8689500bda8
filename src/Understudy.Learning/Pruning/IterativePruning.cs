using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Learning.Landscape;
using Understudy.Learning.Training;

namespace Understudy.Learning.Pruning;

/// <summary>Iterative magnitude pruning with rewinding: train, prune the smallest weights, set the others back to an early point, and again.</summary>
/// <remarks>
/// <para>All replicas of a training are pruned at once, each from its own start and by its own weights. A round trains from the rewind point to the end, so that drops of the learning rate stay at
/// their epochs. What is rewound is θ, the optimizer and the running statistics; random numbers follow the step, so a round sees the same batches as the one before.</para>
/// <para>Source: Frankle, Dziugaite, Roy and Carbin 2020, "Linear Mode Connectivity and the Lottery Ticket Hypothesis", algorithm 1.</para>
/// </remarks>
public sealed class IterativePruning
{
    private readonly SupervisedTraining _training;
    private readonly LossEvaluator _test;
    private readonly PruningOptions _options;
    private readonly long _rewindStep;
    private readonly bool[][] _isKept;
    private readonly PruningLog _log;
    private TrainingPoint[]? _rewind;
    private int _round;
    private bool _isBegun;

    /// <summary>Prepares the pruning of networks that stand at their starts.</summary>
    /// <param name="training">The training, compiled with masks, every replica started.</param>
    /// <param name="test">What accuracies are taken on: an evaluator of <see cref="SupervisedTraining.Evaluation"/>.</param>
    /// <param name="options">Rounds and scope.</param>
    /// <exception cref="ArgumentException">The evaluator is of another network, no parameter may be pruned, or the options are out of range.</exception>
    public IterativePruning(SupervisedTraining training, LossEvaluator test, PruningOptions options)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rounds, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.EvaluationEpochs, 1, nameof(options));
        if (test.Network != training.Evaluation || !test.HasAccuracy)
            throw new ArgumentException("Accuracies are taken of the training's network in evaluation mode, with a loss over classes.", nameof(test));
        if (training.Step != 0)
            throw new ArgumentException($"Pruning begins with networks at their starts, but the training is at step {training.Step}.", nameof(training));
        if (!training.HasMask)
            throw new ArgumentException("What is pruned stays at 0 by masks, without which the training was compiled.", nameof(training));
        (_training, _test, _options, Pruner) = (training, test, options, new MagnitudePruner(training.Evaluation.Network.Layout, options.Scope));
        _rewindStep = (long)Math.Round(options.RewindEpochs * training.StepsPerEpoch);
        if (!(options.RewindEpochs >= 0) || _rewindStep >= training.Steps)
            throw new ArgumentException($"Weights cannot be rewound to epoch {options.RewindEpochs} of a training of {training.Steps / training.StepsPerEpoch}.", nameof(options));
        _ = Pruner.Remaining(0, options.Share);
        _isKept = [.. Enumerable.Range(0, training.Replicas).Select(_ => Enumerable.Repeat(true, training.Evaluation.Network.Layout.Count).ToArray())];
        _log = new PruningLog(Pruner, training.Replicas);
    }

    /// <summary>What is pruned.</summary>
    public MagnitudePruner Pruner { get; }

    /// <summary>Rounds that are done.</summary>
    public int RoundsDone => _round;

    /// <summary>Whether all rounds are done.</summary>
    public bool IsDone => _round == _options.Rounds;

    /// <summary>The rounds of a replica that are done.</summary>
    public IReadOnlyList<PruningRound> Rounds(int replica) => [.. Enumerable.Range(0, _round).Select(round => _log.Round(round, replica))];

    /// <summary>What a replica was rewound to; null before it was trained.</summary>
    public TrainingPoint? RewindPoint(int replica) => _rewind?[replica];

    /// <summary>For every parameter of a replica, whether it is not pruned.</summary>
    public ReadOnlySpan<bool> IsKept(int replica) => _isKept[replica];

    /// <summary>Goes on until all rounds are done.</summary>
    /// <param name="team">Threads.</param>
    /// <param name="progress">Takes how far it is, now and then.</param>
    /// <param name="cancellation">Looked at about once a second.</param>
    /// <returns>Whether all rounds are done: not only where cancellation was requested; it can go on from there.</returns>
    public bool Run(Team team, IProgress<PruningProgress>? progress = null, CancellationToken cancellation = default)
    {
        while (!IsDone)
        {
            if (!RunRound(team, progress, cancellation))
                return false;
        }

        return true;
    }

    /// <summary>Goes on until the next round is done, after which its results are there.</summary>
    /// <inheritdoc cref="Run" path="/param"/>
    /// <returns>Whether it is done: not only where cancellation was requested; it can go on from there.</returns>
    public bool RunRound(Team team, IProgress<PruningProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (IsDone)
            throw new InvalidOperationException("All rounds are done.");
        var told = progress is null ? null : new Steps(this, progress);
        if (_rewind is null)
        {
            if (!_training.RunTo(_rewindStep, team, told, cancellation))
                return false;
            _rewind = Points();
        }

        if (!_isBegun)
            Begin();
        while (_log.LastStep(_round) != _training.Steps)
        {
            if (!_training.RunTo(NextEvaluation(), team, told, cancellation) || !Evaluate(cancellation))
                return false;
        }

        (_round, _isBegun) = (_round + 1, false);
        return true;
    }

    /// <summary>What is needed to go on later, between rounds and inside of them.</summary>
    /// <param name="prefix">The beginning of the names.</param>
    public IReadOnlyList<Tensor> Tensors(string prefix) =>
    [
        Tensor.Of($"{prefix}.progress", new[] { _round, _isBegun ? 1 : 0, _rewind is null ? 0 : 1 }, 3),
        Tensor.Of($"{prefix}.kept", _isKept.SelectMany(mask => mask.Select(isKept => (byte)(isKept ? 1 : 0))).ToArray(), _isKept.Length, _isKept[0].Length),
        .. _training.Tensors($"{prefix}.training"),
        .. _rewind is null ? [] : TrainingPoints.Tensors(_rewind, $"{prefix}.rewind"),
        .. _log.Tensors(prefix),
    ];

    /// <summary>Goes to where a pruning of the same options stood; the training needs no starts then.</summary>
    /// <param name="tensors">By name.</param>
    /// <param name="prefix">The beginning of the names.</param>
    /// <exception cref="ArgumentException">A tensor is missing or has another shape.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors, string prefix)
    {
        var (replicas, width) = (_isKept.Length, _isKept[0].Length);
        var progress = TrainingPoints.Found(tensors, $"{prefix}.progress", 3).Integers;
        var kept = TrainingPoints.Found(tensors, $"{prefix}.kept", replicas, width).Bytes;
        (_round, _isBegun) = (progress[0], progress[1] != 0);
        for (var replica = 0; replica < replicas; replica++)
        {
            for (var i = 0; i < width; i++)
                _isKept[replica][i] = kept[(replica * width) + i] != 0;
            _training.SetMask(replica, _isKept[replica]);
        }

        _training.Restore(tensors, $"{prefix}.training");
        _rewind = progress[2] == 0 ? null : TrainingPoints.Read(tensors, $"{prefix}.rewind", replicas, width, _training.CarriedCount, _rewindStep);
        _log.Restore(tensors, prefix, _round + progress[1]);
    }

    private TrainingPoint[] Points() => [.. Enumerable.Range(0, _training.Replicas).Select(_training.Point)];

    /// <summary>Prunes what the round before has trained, and rewinds.</summary>
    private void Begin()
    {
        if (_round > 0)
        {
            var remaining = Pruner.Remaining(_round, _options.Share);
            for (var replica = 0; replica < _isKept.Length; replica++)
            {
                Pruner.Prune(_training.Point(replica).Parameters, _isKept[replica], remaining);
                _training.SetMask(replica, _isKept[replica]);
            }

            _training.GoTo(_rewind!);
        }

        _log.Begin([.. _isKept.Select(mask => Pruner.Kept(mask).ToArray())]);
        _isBegun = true;
    }

    private long NextEvaluation()
    {
        var (last, stride) = (_log.LastStep(_round) ?? _rewindStep, (long)_options.EvaluationEpochs * _training.StepsPerEpoch);
        return Math.Min(_training.Steps, ((last / stride) + 1) * stride);
    }

    private bool Evaluate(CancellationToken cancellation)
    {
        double[][] points = [.. Enumerable.Range(0, _training.Replicas).Select(_training.Evaluable)];
        try
        {
            _log.Add(_round, _training.Step, _test.At(points.Length, (index, into) => points[index].CopyTo(into), null, cancellation));
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Tells steps of a training as progress of the whole.</summary>
    private sealed class Steps(IterativePruning pruning, IProgress<PruningProgress> progress) : IProgress<long>
    {
        public void Report(long value)
        {
            var (before, each) = (pruning._rewindStep, pruning._training.Steps - pruning._rewindStep);
            var isBefore = pruning._rewind is null;
            var done = isBefore ? value : before + (pruning._round * each) + (value - before);
            progress.Report(new PruningProgress(isBefore ? -1 : pruning._round, value, (double)done / (before + (pruning._options.Rounds * each))));
        }
    }
}
