namespace Understudy.Studies.RandomTeacher;

/// <summary>Part layers.</summary>
public sealed record LayersConfig
{
    /// <summary>Numbers a layer is probed by: images of more are averaged over windows, tokens over all of them. More see finer structure and take longer.</summary>
    public int Width { get; init; } = 256;

    /// <summary>Layers of more numbers that cannot be averaged, such as the outputs of a wide head, are left out.</summary>
    public int Widest { get; init; } = 2048;

    /// <summary>Whether convolutions, normalizations and fully connected layers are probed too, beside the activations and pools behind them.</summary>
    public bool Every { get; init; }

    /// <summary>Whether nearest neighbours are asked too, which take most of the time.</summary>
    public bool Neighbors { get; init; } = true;
}
