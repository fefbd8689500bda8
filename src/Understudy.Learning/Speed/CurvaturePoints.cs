using Understudy.Data.Datasets;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Speed;

/// <summary>Networks of rectifiers at points whose curvature is timed.</summary>
internal static class CurvaturePoints
{
    private const int Steps = 100;
    private const double Rate = 0.2;

    private static readonly Lazy<MlpPoint> TrainedOnDigits = new(() => Trained(Of(Mlp.Relu(64, 64, 10), OpticalDigitExamples())));
    private static readonly Lazy<MlpPoint> TrainedOnImages = new(() => Trained(Of(Mlp.Relu(784, 128, 10), Images(784, 10, 2000))));

    /// <summary>64-64-10 on all digits after descent on all of them, P = 4,810.</summary>
    internal static MlpPoint Digits => TrainedOnDigits.Value;

    /// <summary>784-128-10 on 2,000 drawn images after descent on all of them, P = 101,770.</summary>
    internal static MlpPoint DrawnImages => TrainedOnImages.Value;

    /// <summary>A network as it is drawn, on drawn images.</summary>
    internal static MlpPoint Drawn(int count, params ReadOnlySpan<int> widths)
    {
        var network = Mlp.Relu(widths);
        return Of(network, Images(network.Inputs, network.Outputs, count));
    }

    /// <summary>Curvature at a point.</summary>
    internal static NetworkCurvature Curvature(MlpPoint point, CurvatureOptions options) => new(point.Network, point.Loss, point.Examples, point.Parameters, options);

    /// <summary>Weights uniform within √(6/(n_l + n_l+1)), biases within 0.1.</summary>
    private static MlpPoint Of(Mlp network, ExampleSet examples)
    {
        var parameters = new double[network.Layout.Count];
        new RandomSequence(1, "speed/init").FillUniform(0, parameters);
        foreach (var slot in network.Layout.Slots)
        {
            var bound = slot.Shape.Rank == 2 ? Math.Sqrt(6.0 / (slot.Shape[0] + slot.Shape[1])) : 0.1;
            for (var i = slot.Offset; i < slot.Offset + slot.Shape.Count; i++)
                parameters[i] = bound * ((2 * parameters[i]) - 1);
        }

        return new MlpPoint(network, OutputLoss.CrossEntropy, examples, parameters);
    }

    /// <summary>The point after steps of gradient descent on all examples.</summary>
    private static MlpPoint Trained(MlpPoint point)
    {
        var parameters = point.Parameters.ToArray();
        using var curvature = Curvature(point, new CurvatureOptions { Precision = DType.F32 });
        for (var step = 0; step < Steps; step++)
        {
            var gradient = curvature.Gradient();
            for (var i = 0; i < parameters.Length; i++)
                parameters[i] -= Rate * gradient[i];
            curvature.MoveTo(parameters);
        }

        return new MlpPoint(point.Network, point.Loss, point.Examples, parameters);
    }

    private static ExampleSet OpticalDigitExamples()
    {
        var digits = OpticalDigits.Load();
        double[] inputs = [.. digits.Images.ToArray().Select(grey => grey / (double)OpticalDigits.Largest)];
        return new ExampleSet(inputs, [.. digits.Labels.ToArray().Select(label => (double)label)], digits.Count);
    }

    /// <summary>max(0, a prototype of the class and common directions of falling length), so that classes overlap: after descent the loss of 784-128-10 is 0.41, on Fashion-MNIST 0.58.</summary>
    private static ExampleSet Images(int width, int classes, int count)
    {
        const int Directions = 32;
        var (inputs, labels) = (new double[count * width], new double[count]);
        var (prototypes, directions, shares) = (new double[classes * width], new double[Directions * width], new double[Directions]);
        new RandomSequence(1, "speed/prototypes").FillNormal(0, prototypes);
        new RandomSequence(1, "speed/directions").FillNormal(0, directions);
        var draws = new RandomSequence(1, "speed/shares");
        for (var example = 0; example < count; example++)
        {
            var label = example % classes;
            labels[example] = label;
            var image = inputs.AsSpan(example * width, width);
            draws.FillNormal(example, shares);
            for (var k = 0; k < Directions; k++)
                FeatureRows.AddScaled(0.3 * shares[k] / (k + 1), directions.AsSpan(k * width, width), image);
            FeatureRows.AddScaled(0.06, prototypes.AsSpan(label * width, width), image);
            for (var i = 0; i < width; i++)
                image[i] = Math.Max(0, image[i]);
        }

        return new ExampleSet(inputs, labels, count);
    }
}
