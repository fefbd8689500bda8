namespace Understudy.Learning.Distillation;

/// <summary>The widths of a projection head.</summary>
public sealed record HeadOptions
{
    /// <summary>Nodes of the fully connected layers before the bottleneck, each with GELU behind it.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>k, the numbers of the bottleneck; 0 for a head that is one linear layer.</summary>
    public int Bottleneck { get; init; } = 64;

    /// <summary>m, the outputs.</summary>
    public int Outputs { get; init; } = 1024;

    /// <summary>The end of the head.</summary>
    public BottleneckShape Shape { get; init; } = BottleneckShape.Default;
}
