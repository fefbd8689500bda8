using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;

namespace Understudy.Learning.SelfDistillation;

/// <summary>The views of one size that a step reads, of all replicas: rows by replica, view and place in the batch.</summary>
internal sealed class DrawnViews
{
    private readonly ReadOnlyMemory<float> _images;
    private readonly RandomView? _view;
    private readonly RandomSequence[][] _random;
    private readonly float[] _drawn;
    private readonly int _views;
    private readonly int _batch;
    private readonly int _width;
    private readonly int _imageWidth;

    /// <summary>Room for the views.</summary>
    /// <param name="images">[N, d].</param>
    /// <param name="imageWidth">d.</param>
    /// <param name="view">How they are drawn; null for images as they are.</param>
    /// <param name="views">Of an image.</param>
    /// <param name="batch">Images of a step.</param>
    /// <param name="random">One per replica; views have those behind <paramref name="purpose"/>, <c>/0</c> and so on.</param>
    /// <param name="purpose">What the random numbers are for.</param>
    internal DrawnViews(ReadOnlyMemory<float> images, int imageWidth, RandomView? view, int views, int batch, IReadOnlyList<RandomSequence> random, string purpose)
    {
        (_images, _imageWidth, _view, _views, _batch) = (images, imageWidth, view, views, batch);
        _width = view?.Result.Count ?? imageWidth;
        _random = [.. random.Select(own => Enumerable.Range(0, views).Select(number => own.For($"{purpose}/{number}")).ToArray())];
        Count = random.Count * views * batch;
        _drawn = new float[Count * _width];
    }

    /// <summary>Views of a step.</summary>
    internal int Count { get; }

    /// <summary>Bytes of the views.</summary>
    internal long Bytes => 4L * _drawn.Length;

    /// <summary>Draws one view.</summary>
    /// <param name="at">Which one, below <see cref="Count"/>.</param>
    /// <param name="orders">The order of the images, by replica.</param>
    /// <param name="first">The place of the batch's first image in the order.</param>
    /// <param name="step">The step.</param>
    internal void Draw(int at, int[][] orders, int first, long step)
    {
        var rows = _views * _batch;
        var (replica, number, place) = (at / rows, at % rows / _batch, at % _batch);
        var row = orders[replica][first + place];
        var image = _images.Span.Slice(row * _imageWidth, _imageWidth);
        var drawn = _drawn.AsSpan(at * _width, _width);
        if (_view is not null)
            _view.Write(image, drawn, _random[replica][number], step, row, number);
        else
            image.CopyTo(drawn);
    }

    /// <summary>Gives every replica its views.</summary>
    internal void Write(ReplicaPlan plan, Sym input)
    {
        var numbers = _drawn.Length / plan.Replicas;
        for (var replica = 0; replica < plan.Replicas; replica++)
            plan.Write(input, replica, _drawn.AsSpan(replica * numbers, numbers));
    }
}
