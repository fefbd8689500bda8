using Understudy.Data.Formats;
using Understudy.Learning.Landscape;
using Understudy.Learning.Training;

namespace Understudy.Learning.Pruning;

/// <summary>What rounds of pruning gave: what each kept, and its evaluations.</summary>
internal sealed class PruningLog(MagnitudePruner pruner, int replicas)
{
    private readonly List<int[][]> _layers = [];
    private readonly List<(int Round, long Step, LossAndAccuracy[] Values)> _evaluations = [];

    /// <summary>Begins a round with what is kept of each prunable parameter, by replica.</summary>
    internal void Begin(int[][] layers) => _layers.Add(layers);

    /// <summary>Adds the values of all replicas after a step of a round.</summary>
    internal void Add(int round, long step, LossAndAccuracy[] values) => _evaluations.Add((round, step, values));

    /// <summary>The step of a round's last evaluation; null before the first.</summary>
    internal long? LastStep(int round) => _evaluations.Count > 0 && _evaluations[^1].Round == round ? _evaluations[^1].Step : null;

    /// <summary>A round of a replica.</summary>
    internal PruningRound Round(int round, int replica)
    {
        var layers = _layers[round][replica];
        var remaining = layers.Sum();
        return new PruningRound(
            round, remaining, (double)remaining / pruner.Count, layers,
            [.. _evaluations.Where(evaluation => evaluation.Round == round).Select(evaluation => (evaluation.Step, evaluation.Values[replica]))]);
    }

    /// <summary><c>prefix.layers</c> [rounds, R, L] and <c>prefix.evaluations</c> [evaluations, 2 + 2 R]: round, step, and loss and accuracy of every replica.</summary>
    internal IEnumerable<Tensor> Tensors(string prefix) =>
    [
        Tensor.Of($"{prefix}.layers", _layers.SelectMany(round => round.SelectMany(layers => layers)).ToArray(), _layers.Count, replicas, pruner.Prunable.Count),
        Tensor.Of(
            $"{prefix}.evaluations",
            _evaluations.SelectMany(row => new[] { row.Round, (double)row.Step }.Concat(row.Values.SelectMany(value => new[] { value.Loss, value.Accuracy }))).ToArray(),
            _evaluations.Count, 2 + (2 * replicas)),
    ];

    /// <summary>Takes what was logged.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, or of another network or number of replicas.</exception>
    internal void Restore(IReadOnlyDictionary<string, Tensor> tensors, string prefix, int rounds)
    {
        var (parts, width) = (pruner.Prunable.Count, 2 + (2 * replicas));
        var layers = TrainingPoints.Found(tensors, $"{prefix}.layers", rounds, replicas, parts).Integers;
        var evaluations = tensors.TryGetValue($"{prefix}.evaluations", out var tensor) && tensor.Shape.Count == 2 ? tensor.Shape[0] : 0;
        var rows = TrainingPoints.Doubles(tensors, $"{prefix}.evaluations", evaluations, width);
        _layers.Clear();
        _evaluations.Clear();
        for (var round = 0; round < rounds; round++)
        {
            var all = new int[replicas][];
            for (var replica = 0; replica < replicas; replica++)
                all[replica] = layers.Slice(((round * replicas) + replica) * parts, parts).ToArray();
            _layers.Add(all);
        }

        for (; !rows.IsEmpty; rows = rows[width..])
        {
            var values = new LossAndAccuracy[replicas];
            for (var replica = 0; replica < replicas; replica++)
                values[replica] = new LossAndAccuracy(rows[2 + (2 * replica)], rows[3 + (2 * replica)]);
            _evaluations.Add(((int)rows[0], (long)rows[1], values));
        }
    }
}
