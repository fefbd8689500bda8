using Understudy.Data.Datasets;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using Understudy.Learning.Training;
using Schedule = Understudy.Learning.Training.Schedule;

namespace Understudy.UnitTests.Learning.Training;

/// <summary>Small images of three classes, and classifiers of them.</summary>
internal static class SupervisedProblem
{
    internal const int Classes = 3;

    internal static Shape Image { get; } = new(4, 4, 1);

    /// <summary>Convolutions with batch normalization, and a linear classifier behind them.</summary>
    internal static LayeredNetwork Normalized { get; } = Vgg.Of(Image, "4 M 6", Normalization.Batch).Then(new DenseLayer(Classes));

    /// <summary>The same without batch normalization.</summary>
    internal static LayeredNetwork Plain { get; } = Vgg.Of(Image, "4 M 6").Then(new DenseLayer(Classes));

    internal static SupervisedOptions Options(LayeredNetwork network) => new()
    {
        Network = network,
        Epochs = 4,
        Batch = 8,
        LearningRate = Schedule.Parse("steps(0.1,0.2,3ep)"),
        Augmentation = new ImageAugmentation { Image = Image, Padding = 1 },
        HasMask = true,
    };

    /// <summary>A pattern of each class in noise.</summary>
    internal static FloatImages Images(int count, int number = 0)
    {
        var (patterns, values) = (new Draw(500).NormalSingle(Classes * Image.Count), new Draw(501 + number).NormalSingle(count * Image.Count));
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % Classes)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (0.8f * values[i]) + patterns[(labels[i / Image.Count] * Image.Count) + (i % Image.Count)];
        return new FloatImages(Image[0], Image[1], Image[2], values, labels, Classes);
    }

    internal static RandomSequence Order(int replica) => new(9, "test/order", replica);

    internal static double[] Start(LayeredNetwork network, int replica) => EncoderStart.Of(network, i => new RandomSequence(1, $"test/start/{i}", replica));

    /// <summary>A training of some replicas, by their numbers, at their starts.</summary>
    internal static SupervisedTraining Training(SupervisedOptions options, params int[] replicas)
    {
        var training = new SupervisedTraining(options, Images(45), [.. replicas.Select(Order)]) { ChunkSteps = 2 };
        for (var place = 0; place < replicas.Length; place++)
            training.Start(place, Start((LayeredNetwork)options.Network, replicas[place]));
        return training;
    }
}
