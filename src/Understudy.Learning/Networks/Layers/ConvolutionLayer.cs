using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>The convolution of images [h, w, c] with a kernel [k, k, c, filters], plus a bias unless there is none.</summary>
public sealed class ConvolutionLayer : ILayer
{
    private readonly int _filters;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;
    private readonly bool _hasBias;

    /// <summary>A layer of <paramref name="filters"/> filters.</summary>
    /// <param name="filters">Channels of the result.</param>
    /// <param name="kernel">k, rows and columns of the kernel.</param>
    /// <param name="stride">The step of the kernel.</param>
    /// <param name="padding">Zeros around the images; null for (k − 1) / 2, which keeps their size where k is odd and the stride 1.</param>
    /// <param name="hasBias">Whether a bias is added.</param>
    /// <exception cref="ArgumentOutOfRangeException">Filters, kernel or stride below 1, or a padding that is negative or above 65,535.</exception>
    public ConvolutionLayer(int filters, int kernel = 3, int stride = 1, int? padding = null, bool hasBias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        (_filters, _kernel, _stride, _hasBias) = (filters, kernel, stride, hasBias);
        _padding = padding ?? ((kernel - 1) / 2);
        ArgumentOutOfRangeException.ThrowIfNegative(_padding, nameof(padding));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_padding, ushort.MaxValue, nameof(padding));
    }

    /// <summary>k, rows and columns of the kernel.</summary>
    internal int Kernel => _kernel;

    /// <summary>The step of the kernel.</summary>
    internal int Stride => _stride;

    /// <summary>Zeros around the images.</summary>
    internal int Padding => _padding;

    /// <summary>Whether a bias is added.</summary>
    internal bool HasBias => _hasBias;

    /// <inheritdoc/>
    public Shape Output(Shape example)
        => example.Rank == 3 && example[0] + (2 * _padding) >= _kernel && example[1] + (2 * _padding) >= _kernel
            ? new Shape(Places(example[0]), Places(example[1]), _filters)
            : throw new ShapeException("Convolution", $"images [h, w, c] that a kernel of {_kernel} × {_kernel} fits into", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example)
    {
        (string, Shape) weight = ("weight", new Shape(_kernel, _kernel, example[2], _filters));
        return _hasBias ? [weight, ("bias", new Shape(_filters))] : [weight];
    }

    /// <inheritdoc/>
    public double MultiplyAdds(Shape example) => (double)Parameters(example)[0].Shape.Count * Output(example).Product(0, 2);

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        var result = Ops.Convolve(input, parameters[0], _stride, _padding);
        return _hasBias ? result + parameters[1] : result;
    }

    private int Places(int extent) => ((extent + (2 * _padding) - _kernel) / _stride) + 1;
}
