using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>One number for each window of an image, channel by channel; windows that do not fit are left out.</summary>
public sealed class PoolLayer : ILayer
{
    private readonly int _size;

    private PoolLayer(bool isLargest, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (IsLargest, _size) = (isLargest, size);
    }

    /// <summary>Whether the number is the largest, not the mean.</summary>
    internal bool IsLargest { get; }

    /// <summary>Rows and columns of a window.</summary>
    internal int Size => _size;

    /// <summary>The largest number of windows of size × size; the derivative belongs to the first one in the order of rows.</summary>
    public static PoolLayer Largest(int size = 2) => new(isLargest: true, size);

    /// <summary>The mean of windows of size × size.</summary>
    public static PoolLayer Average(int size = 2) => new(isLargest: false, size);

    /// <inheritdoc/>
    public Shape Output(Shape example)
        => example.Rank == 3 && example[0] >= _size && example[1] >= _size
            ? new Shape(example[0] / _size, example[1] / _size, example[2])
            : throw new ShapeException("Pool", $"images [h, w, c] of at least {_size} × {_size} pixels", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters) => IsLargest ? Ops.MaxPool(input, _size) : Ops.AveragePool(input, _size);
}
