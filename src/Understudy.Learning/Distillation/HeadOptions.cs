using Understudy.Learning.Networks;

namespace Understudy.Learning.Distillation;

/// <summary>The layers of a projection head.</summary>
public sealed record HeadOptions
{
    /// <summary>Nodes of the fully connected layers before the bottleneck, each with <see cref="Activation"/> behind it.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>Whether a batch normalization stands between every hidden layer and its activation, as in BYOL and SimSiam; published for random teachers is none.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>What follows a hidden layer; GELU is published.</summary>
    public NodeActivation Activation { get; init; } = NodeActivation.Gelu;

    /// <summary>k, the numbers of the bottleneck; 0 for a head that is one linear layer.</summary>
    public int Bottleneck { get; init; } = 64;

    /// <summary>m, the outputs.</summary>
    public int Outputs { get; init; } = 1024;

    /// <summary>The end of the head.</summary>
    public BottleneckShape Shape { get; init; } = BottleneckShape.Default;
}
