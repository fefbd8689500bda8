using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>One number for each window of an image, channel by channel; windows that do not fit are left out.</summary>
public sealed class PoolLayer : ILayer
{
    private readonly Func<Sym, int, Sym> _pool;
    private readonly int _size;

    private PoolLayer(Func<Sym, int, Sym> pool, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (_pool, _size) = (pool, size);
    }

    /// <summary>The largest number of windows of size × size; the derivative belongs to the first one in the order of rows.</summary>
    public static PoolLayer Largest(int size = 2) => new((images, window) => Ops.MaxPool(images, window), size);

    /// <summary>The mean of windows of size × size.</summary>
    public static PoolLayer Average(int size = 2) => new(Ops.AveragePool, size);

    /// <inheritdoc/>
    public Shape Output(Shape example)
        => example.Rank == 3 && example[0] >= _size && example[1] >= _size
            ? new Shape(example[0] / _size, example[1] / _size, example[2])
            : throw new ShapeException("Pool", $"images [h, w, c] of at least {_size} × {_size} pixels", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters) => _pool(input, _size);
}
