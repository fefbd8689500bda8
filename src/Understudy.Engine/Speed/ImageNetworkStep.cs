using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.Engine.Speed;

/// <summary>One step of gradient descent of a network of eight convolutions with batch normalization (VGG-11) on a batch of images of 32 × 32.</summary>
/// <param name="Divisor">The widths of the network, 64 to 512 channels, are divided by it.</param>
internal sealed record ImageNetworkStep(int Divisor)
{
    private const int Batch = 64;
    private const int Side = 32;
    private const int Classes = 10;

    // 0 stands for the largest of windows of 2 × 2
    private static readonly int[] Widths = [64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0];

    private static IEnumerable<(int Side, int From, int To)> Convolutions(int divisor)
    {
        var (side, channels) = (Side, 3);
        foreach (var width in Widths)
        {
            if (width == 0)
                side /= 2;
            else
            {
                yield return (side, channels, width / divisor);
                channels = width / divisor;
            }
        }
    }

    /// <summary>The step on one or two threads, beside what the usual native stack took with channels last.</summary>
    /// <param name="threads">Threads.</param>
    /// <param name="target">Milliseconds of the design's prototype.</param>
    /// <param name="peer">Milliseconds of the peer.</param>
    internal SpeedCase On(int threads, double target, double peer)
    {
        var operations = 2.0 * 9 * Batch * Convolutions(Divisor).Sum(layer => (double)layer.Side * layer.Side * layer.From * layer.To * (layer.From == 3 ? 2 : 3));
        return new SpeedCase(
            $"training step of VGG-11 with batch normalization, {64 / Divisor} to {512 / Divisor} channels, batch {Batch}", threads, SpeedUnit.Computations, 1, operations, target, "",
            team =>
            {
                var (inputs, updates) = Trace();
                return SpeedCases.PlanWork([], inputs, new PlanOptions { Updates = updates, Team = threads > 1 ? team : null });
            })
        {
            Peers = [new SpeedPeer("PyTorch 1.13", peer)],
        };
    }

    private (Sym[] Inputs, Update[] Updates) Trace()
    {
        var (images, labels) = (Ops.Input(Batch, Side, Side, 3), Ops.Input(Batch));
        var parameters = new List<Sym>();
        Sym Parameter(params int[] extents)
        {
            parameters.Add(Ops.Input(extents));
            return parameters[^1];
        }

        var x = images;
        foreach (var width in Widths)
        {
            if (width == 0)
            {
                x = Ops.MaxPool(x, 2);
                continue;
            }

            var channels = width / Divisor;
            x = Ops.Convolve(x, Parameter(3, 3, x.Shape[3], channels), padding: 1) + Parameter(channels);
            x = Ops.Rectify(Ops.BatchNorm(x, Parameter(channels), Parameter(channels)));
        }

        var logits = Ops.MatMul(Ops.Reshape(x, new Shape(Batch, x.Shape[3])), Parameter(x.Shape[3], Classes)) + Parameter(Classes);
        var gradients = Transforms.Grad(Ops.SoftmaxCrossEntropy(logits, Ops.OneHot(labels, Classes)), [.. parameters]);
        var rate = Ops.Constant(-1e-4);
        return ([images, labels, .. parameters], [.. parameters.Select((parameter, i) => new Update(parameter, Ops.ScaledAdd(parameter, rate, gradients[i])))]);
    }
}
