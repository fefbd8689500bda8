using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;

namespace Understudy.Engine.Primitives;

/// <summary>What the convolution and its two gradients have in common: a sum over x [l…, n, h, w, c], kernel [l…, kh, kw, c, f] and y [l…, n, h', w', f].</summary>
/// <remarks>
/// Each of the three is linear in two of these and gives the third; leading axes l are gone through side by side. As in deep learning the kernel is not
/// turned round: y[i, j, f] = Σ x[i s + k − p, j s + m − p, c] kernel[k, m, c, f], where numbers outside the image are zeros, which kernels multiply: an infinite weight makes them not-a-number.
/// </remarks>
internal abstract record ConvolutionSum(int Stride, int Padding) : Primitive
{
    /// <summary>The extents of one convolution of the stack.</summary>
    internal abstract ConvolutionShape Extents(Shape left, Shape right);

    /// <summary>How many convolutions stand side by side.</summary>
    internal static int Stack(Shape left) => left.Product(0, left.Rank - 4);

    private protected static void CheckRanks(Primitive operation, string wanted, ReadOnlySpan<Shape> inputs)
    {
        if (inputs[0].Rank < 4 || inputs[0].Rank != inputs[1].Rank || !inputs[0].Extents[..^4].SequenceEqual(inputs[1].Extents[..^4]))
            throw new ShapeException(operation.Name, wanted, inputs);
    }

    private protected static Shape Stacked(Shape left, int a, int b, int c, int d) => new([.. left.Extents[..^4], a, b, c, d]);

    private protected static ConvolutionShape Of(Shape x, Shape kernel, int stride, int padding)
        => new ConvolutionShape(x[-4], x[-3], x[-2], x[-1], kernel[-4], kernel[-3], kernel[-1], stride, padding).WithShortStride();

    /// <summary>Visits the products of the sum: places in x, the kernel and y.</summary>
    private protected static void ForEach(int stack, ConvolutionShape shape, Action<int, int, int> visit)
    {
        var (height, width) = (shape.ResultHeight, shape.ResultWidth);
        for (var image = 0; image < stack * shape.Images; image++)
        {
            var kernel = image / shape.Images * shape.PatchSize * shape.Filters;
            for (var place = 0; place < height * width * shape.KernelHeight * shape.KernelWidth; place++)
            {
                var (pixel, tap) = (place / (shape.KernelHeight * shape.KernelWidth), place % (shape.KernelHeight * shape.KernelWidth));
                var row = (pixel / width * shape.Stride) + (tap / shape.KernelWidth) - shape.Padding;
                var column = (pixel % width * shape.Stride) + (tap % shape.KernelWidth) - shape.Padding;
                if (row < 0 || row >= shape.Height || column < 0 || column >= shape.Width)
                    continue;
                var x = ((((image * shape.Height) + row) * shape.Width) + column) * shape.Channels;
                var y = ((image * height * width) + pixel) * shape.Filters;
                for (var c = 0; c < shape.Channels; c++)
                {
                    for (var f = 0; f < shape.Filters; f++)
                        visit(x + c, kernel + (((tap * shape.Channels) + c) * shape.Filters) + f, y + f);
                }
            }
        }
    }

    internal sealed override Sym? Jvp(Sym node, Sym?[] tangents)
        => Transforms.Total(
            tangents[0] is { } left ? Simplify.Node(this, null, left, node.Inputs[1]) : null,
            tangents[1] is { } right ? Simplify.Node(this, null, node.Inputs[0], right) : null);

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(this, node.Caller, OnEvery(inputs, replicated, replicas));

    /// <summary>Images of all replicas as one batch, where the other operand is shared; null where it is not.</summary>
    private protected Sym? AsOneBatch(Sym node, Sym[] inputs, bool[] replicated, int replicas)
    {
        if (!replicated[0] || replicated[1] || node.Shape.Rank != 4)
            return null;
        var images = node.Inputs[0].Shape;
        var all = Ops.Reshape(inputs[0], new Shape([replicas * images[0], .. images.Extents[1..]]));
        return Ops.Reshape(Simplify.Node(this, node.Caller, all, inputs[1]), node.Shape.With(0, replicas));
    }
}

/// <summary>The convolution of images [l…, n, h, w, c] with a kernel [l…, kh, kw, c, f]: [l…, n, h', w', f].</summary>
internal sealed record Convolve(int Stride, int Padding) : ConvolutionSum(Stride, Padding)
{
    private const string Wanted = "images [n, h, w, c] and a kernel [kh, kw, c, f] that fits into them";

    internal override ConvolutionShape Extents(Shape left, Shape right) => Of(left, right, Stride, Padding);

    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        CheckRanks(this, Wanted, inputs);
        var extents = Extents(inputs[0], inputs[1]);
        return inputs[0][-1] == inputs[1][-2] && extents is { ResultHeight: > 0, ResultWidth: > 0 }
            ? Stacked(inputs[0], extents.Images, extents.ResultHeight, extents.ResultWidth, extents.Filters)
            : throw new ShapeException(Name, Wanted, inputs);
    }

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
        => ForEach(Stack(shapes[0]), Extents(shapes[0], shapes[1]), (x, k, y) => result[y] += inputs[0][x] * inputs[1][k]);

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var (x, kernel) = (node.Inputs[0], node.Inputs[1]);
        return
        [
            Simplify.Node(new ConvolveBackToInput(Stride, Padding, x.Shape[-3], x.Shape[-2]), null, cotangent, kernel),
            Simplify.Node(new ConvolveBackToKernel(Stride, Padding, kernel.Shape[-4], kernel.Shape[-3]), null, x, cotangent),
        ];
    }

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => AsOneBatch(node, inputs, replicated, replicas) ?? base.Replicate(node, inputs, replicated, replicas);
}

/// <summary>The transpose of <see cref="Convolve"/> in its images: cotangents [l…, n, h', w', f] and a kernel [l…, kh, kw, c, f] to [l…, n, h, w, c].</summary>
internal sealed record ConvolveBackToInput(int Stride, int Padding, int Height, int Width) : ConvolutionSum(Stride, Padding)
{
    private const string Wanted = "cotangents [n, h', w', f] of the result of a convolution with a kernel [kh, kw, c, f]";

    internal override ConvolutionShape Extents(Shape left, Shape right)
        => new ConvolutionShape(left[-4], Height, Width, right[-2], right[-4], right[-3], right[-1], Stride, Padding).WithShortStride();

    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        CheckRanks(this, Wanted, inputs);
        var extents = Extents(inputs[0], inputs[1]);
        return inputs[0][-1] == inputs[1][-1] && inputs[0][-3] == extents.ResultHeight && inputs[0][-2] == extents.ResultWidth
            ? Stacked(inputs[0], extents.Images, Height, Width, extents.Channels)
            : throw new ShapeException(Name, Wanted, inputs);
    }

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
        => ForEach(Stack(shapes[0]), Extents(shapes[0], shapes[1]), (x, k, y) => result[x] += inputs[0][y] * inputs[1][k]);

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var (g, kernel) = (node.Inputs[0], node.Inputs[1]);
        return
        [
            Simplify.Node(new Convolve(Stride, Padding), null, cotangent, kernel),
            Simplify.Node(new ConvolveBackToKernel(Stride, Padding, kernel.Shape[-4], kernel.Shape[-3]), null, cotangent, g),
        ];
    }

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => AsOneBatch(node, inputs, replicated, replicas) ?? base.Replicate(node, inputs, replicated, replicas);
}

/// <summary>The transpose of <see cref="Convolve"/> in its kernel: images [l…, n, h, w, c] and cotangents [l…, n, h', w', f] to [l…, kh, kw, c, f].</summary>
internal sealed record ConvolveBackToKernel(int Stride, int Padding, int KernelHeight, int KernelWidth) : ConvolutionSum(Stride, Padding)
{
    private const string Wanted = "images [n, h, w, c] and cotangents [n, h', w', f] of the result of a convolution";

    internal override ConvolutionShape Extents(Shape left, Shape right)
        => new ConvolutionShape(left[-4], left[-3], left[-2], left[-1], KernelHeight, KernelWidth, right[-1], Stride, Padding).WithShortStride();

    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        CheckRanks(this, Wanted, inputs);
        var extents = Extents(inputs[0], inputs[1]);
        return inputs[0][-4] == inputs[1][-4] && inputs[1][-3] == extents.ResultHeight && inputs[1][-2] == extents.ResultWidth
            ? Stacked(inputs[0], KernelHeight, KernelWidth, extents.Channels, extents.Filters)
            : throw new ShapeException(Name, Wanted, inputs);
    }

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
        => ForEach(Stack(shapes[0]), Extents(shapes[0], shapes[1]), (x, k, y) => result[k] += inputs[0][x] * inputs[1][y]);

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var (x, g) = (node.Inputs[0], node.Inputs[1]);
        return
        [
            Simplify.Node(new ConvolveBackToInput(Stride, Padding, x.Shape[-3], x.Shape[-2]), null, g, cotangent),
            Simplify.Node(new Convolve(Stride, Padding), null, x, cotangent),
        ];
    }
}
