namespace Understudy.Learning.Pruning;

/// <summary>How a network is pruned round by round.</summary>
public sealed record PruningOptions
{
    /// <summary>Trainings one after the other, the first one of the whole network; before each other one a share is pruned.</summary>
    public int Rounds { get; init; } = 12;

    /// <summary>What each round takes of what is left.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>The epoch that weights are rewound to: 0 for their start; it may be a part of one.</summary>
    public double RewindEpochs { get; init; }

    /// <summary>Epochs between two looks at the test examples, which a round ends with in any case.</summary>
    public int EvaluationEpochs { get; init; } = 1;

    /// <summary>Which parameters may be pruned.</summary>
    public PruningScope Scope { get; init; } = PruningScope.HiddenWeights;
}
