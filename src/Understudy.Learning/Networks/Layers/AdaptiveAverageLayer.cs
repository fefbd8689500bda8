using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>Means of an image over a grid of size × size windows that cover it, channel by channel; with size 1 over the whole image.</summary>
/// <remarks>Window i of an extent n begins at ⌊i n / size⌋ and ends before ⌈(i + 1) n / size⌉, so that neighbours overlap where size does not divide n.</remarks>
public sealed class AdaptiveAverageLayer : ILayer
{
    private readonly int _size;

    /// <summary>A grid of <paramref name="size"/> × <paramref name="size"/> windows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public AdaptiveAverageLayer(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _size = size;
    }

    /// <summary>Windows of the grid along each axis.</summary>
    internal int Size => _size;

    /// <inheritdoc/>
    public Shape Output(Shape example) => example.Rank == 3 ? new(_size, _size, example[2]) : throw new ShapeException("AdaptiveAverage", "images [h, w, c]", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters) => Along(Along(input, 1), 2);

    /// <summary>Where window i of an extent begins, and before which place it ends.</summary>
    internal (int Start, int End) Window(int i, int extent) => (i * extent / _size, (((i + 1) * extent) + _size - 1) / _size);

    private Sym Along(Sym images, int axis)
    {
        var (extent, means) = (images.Shape[axis], new Sym[_size]);
        for (var i = 0; i < _size; i++)
        {
            var (start, end) = Window(i, extent);
            means[i] = Ops.BroadcastAlong(Ops.Mean(Ops.Slice(images, axis, start, end - start), axis), axis, 1);
        }

        return _size == 1 ? means[0] : Ops.Concat(axis, means);
    }
}
