using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.Engine.Speed;

/// <summary>Networks of convolutions whose training steps are timed.</summary>
internal static class ImageNetworks
{
    private const int Batch = 64;
    private const int Classes = 10;

    /// <summary>Eight convolutions with batch normalization (VGG-11) on images of 32 × 32 and gradient descent.</summary>
    /// <param name="divisor">The widths, 64 to 512 channels, are divided by it.</param>
    internal static ImageStep Vgg(int divisor) => new($"VGG-11 with batch normalization, {64 / divisor} to {512 / divisor} channels, batch {Batch}", () =>
    {
        var (net, x) = (new Builder(), Ops.Input(Batch, 32, 32, 3));
        // 0 stands for the largest of windows of 2 × 2
        foreach (var width in (int[])[64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0])
            x = width == 0 ? Ops.MaxPool(x, 2) : Ops.Rectify(net.Normalized(net.Convolved(x, 3, width / divisor) + net.Parameter(width / divisor)));
        return net.Classified(x);
    });

    /// <summary>ResNet-18 for images of 32 × 32, basic blocks of 64 to 512 channels, and gradient descent.</summary>
    internal static ImageStep ResNet18 { get; } = new($"ResNet-18 for images of 32 x 32, batch {Batch}", () =>
    {
        var (net, x) = (new Builder(), Ops.Input(Batch, 32, 32, 3));
        x = Ops.Rectify(net.Normalized(net.Convolved(x, 3, 64)));
        foreach (var (width, stride) in new[] { (64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1) })
        {
            var inner = Ops.Rectify(net.Normalized(net.Convolved(x, 3, width, stride)));
            var shortcut = stride == 1 ? x : net.Normalized(net.Convolved(x, 1, width, stride));
            x = Ops.Rectify(net.Normalized(net.Convolved(inner, 3, width)) + shortcut);
        }

        return net.Classified(Ops.AveragePool(x, 4));
    });

    /// <summary>A small encoder that is distilled into a table of 1024 directions: images of 16 × 16, eight convolutions of 16 to 128 channels, three linear layers, unit length, Adam.</summary>
    internal static ImageStep Distilled { get; } = new($"a small distilled encoder, 16 to 128 channels at 16 x 16, batch {Batch}", () =>
    {
        const int Directions = 1024;
        var (net, x, target) = (new Builder(), Ops.Input(Batch, 16, 16, 3), Ops.Input(Batch, Directions));
        foreach (var width in (int[])[16, 16, 0, 32, 32, 0, 64, 64, 0, 128, 128, 0])
            x = width == 0 ? Ops.MaxPool(x, 2) : Ops.Rectify(net.Normalized(net.Convolved(x, 3, width)));
        var h = Ops.Reshape(x, new Shape(Batch, x.Shape[3]));
        h = net.Linear(Ops.Rectify(net.Linear(Ops.Rectify(net.Linear(h, 256)), 256)), 64);
        h *= Ops.BroadcastAlong(Ops.Rsqrt(Ops.Sum(Ops.Square(h), 1) + 1e-12), 1, h.Shape[1]);
        var logits = 10 * Ops.MatMul(h, net.Parameter(64, Directions));
        return net.Adam(Ops.SoftmaxCrossEntropy(logits, Ops.Softmax(target, 1)), target);
    });

    private sealed class Builder
    {
        private readonly List<Sym> _images = [];
        private readonly List<Sym> _parameters = [];

        internal Sym Parameter(params int[] extents)
        {
            _parameters.Add(Ops.Input(extents));
            return _parameters[^1];
        }

        internal Sym Convolved(Sym x, int side, int width, int stride = 1)
        {
            if (_images.Count == 0)
                _images.Add(x);
            return Ops.Convolve(x, Parameter(side, side, x.Shape[3], width), stride, padding: side / 2);
        }

        internal Sym Normalized(Sym x) => Ops.BatchNorm(x, Parameter(x.Shape[3]), Parameter(x.Shape[3]));

        internal Sym Linear(Sym x, int width) => Ops.MatMul(x, Parameter(x.Shape[1], width)) + Parameter(width);

        /// <summary>Gradient descent on the cross-entropy of a last layer against classes.</summary>
        internal ImageTrace Classified(Sym x)
        {
            var labels = Ops.Input(Batch);
            var logits = Linear(Ops.Reshape(x, new Shape(Batch, x.Shape[3])), Classes);
            var gradients = Transforms.Grad(Ops.SoftmaxCrossEntropy(logits, Ops.OneHot(labels, Classes)), [.. _parameters]);
            var rate = Ops.Constant(-1e-4);
            return new ImageTrace([.. _images, labels, .. _parameters], [.. _parameters.Select((parameter, i) => new Update(parameter, Ops.ScaledAdd(parameter, rate, gradients[i])))]);
        }

        /// <summary>Adam on a loss; rate and corrections of the moments are inputs.</summary>
        internal ImageTrace Adam(Sym loss, Sym target)
        {
            var gradients = Transforms.Grad(loss, [.. _parameters]);
            var (rate, first, second) = (Ops.Input(Shape.Scalar), Ops.Input(Shape.Scalar), Ops.Input(Shape.Scalar));
            var (states, updates) = (new List<Sym>(), new List<Update>());
            for (var i = 0; i < gradients.Length; i++)
            {
                var (mean, square) = (Ops.Input(gradients[i].Shape), Ops.Input(gradients[i].Shape));
                var (nextMean, nextSquare) = ((0.9 * mean) + (0.1 * gradients[i]), (0.999 * square) + (0.001 * Ops.Square(gradients[i])));
                states.AddRange([mean, square]);
                updates.AddRange([new(mean, nextMean), new(square, nextSquare)]);
                updates.Add(new(_parameters[i], Ops.ScaledAdd(_parameters[i], rate, nextMean * first / (Ops.Sqrt(nextSquare * second) + 1e-8))));
            }

            return new ImageTrace([.. _images, target, rate, first, second, .. states, .. _parameters], [.. updates]);
        }
    }
}
