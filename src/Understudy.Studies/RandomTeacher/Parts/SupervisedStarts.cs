using Understudy.Data.Datasets;
using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using Understudy.Learning.Training;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Supervised trainings from the encoders of students and from fresh ones, with the same classifier on both.</summary>
/// <param name="config">The training.</param>
/// <param name="convolution">How convolutions are computed.</param>
/// <param name="students">One per seed.</param>
/// <param name="pictures">The images.</param>
/// <param name="run">The run.</param>
internal sealed class SupervisedStarts(SupervisedConfig config, ConvolutionAlgorithm convolution, IReadOnlyList<TrainedStudent> students, Pictures pictures, RunContext run)
{
    private static readonly StartKind[] Kinds = [StartKind.Fresh, StartKind.Student];

    /// <summary>The encoder with a linear classifier on it.</summary>
    internal LayeredNetwork Network { get; } = students[0].Network.Encoder.Then(new DenseLayer(pictures.Classes));

    /// <summary>Seeds and starts, those of a seed side by side.</summary>
    internal IReadOnlyList<(TrainedStudent Student, StartKind Kind)> All { get; } = [.. students.SelectMany(student => Kinds.Select(kind => (student, kind)))];

    /// <summary>The test images.</summary>
    internal FloatImages Test => pictures.Test;

    /// <summary>Where rows go, and whose threads are used.</summary>
    internal RunContext Run => run;

    /// <summary>What to lower where a training diverges.</summary>
    internal required string Rate { get; init; }

    /// <summary>The training images.</summary>
    internal FloatImages Images { get; } = pictures.Train.Slice(0, Math.Min(config.Images, pictures.Train.Count));

    /// <summary>Compiles the training of some orders from every start: replicas by seed, start and order.</summary>
    internal SupervisedTraining Compile(int orders, bool hasMask)
    {
        var options = new SupervisedOptions
        {
            Network = Network,
            Epochs = config.Epochs,
            Batch = config.Batch,
            LearningRate = Schedule.Parse(config.LearningRate),
            Optimizer = new Optimizer { Rule = OptimizerRule.Momentum, Momentum = config.Momentum, WeightDecay = config.WeightDecay },
            Augmentation = config.Shift == 0 ? null : new ImageAugmentation { Image = pictures.Image, Padding = config.Shift },
            HasMask = hasMask,
            Convolution = convolution,
        };
        RandomSequence[] random = [.. All.SelectMany(start => Enumerable.Range(0, orders).Select(order => run.Random($"{Purposes.Order}/{order}", start.Student.Seed)))];
        var training = new SupervisedTraining(options, Images, random);
        for (var i = 0; i < random.Length; i++)
            training.Start(i, Start(All[i / orders].Student, All[i / orders].Kind));
        return training;
    }

    /// <summary>Errors on images, in single precision.</summary>
    internal LossEvaluator Evaluator(EvaluationNetwork network, FloatImages images) => new(
        network, OutputLoss.CrossEntropy, ExampleSet.Of(images), run.Team, 250)
    {
        Precision = DType.F32,
    };

    /// <exception cref="DivergedException">A training is no longer one of numbers.</exception>
    internal void ThrowIfDiverged(SupervisedTraining training, int orders)
    {
        for (var replica = 0; replica < training.Replicas; replica++)
        {
            var (student, kind) = All[replica / orders];
            if (training.IsDiverged(replica))
                throw new DivergedException($"a supervised training from a {(kind == StartKind.Fresh ? "fresh start" : "student")}, seed {student.Seed},", Rate);
        }
    }

    private double[] Start(TrainedStudent student, StartKind kind)
    {
        // a fresh start is the student's own draw: what it would have been without a teacher
        var encoder = kind == StartKind.Student ? student.Parameters : student.Teachers.Fresh(student.Seed);
        var start = new double[Network.Layout.Count];
        student.Network.EncoderPart(encoder).CopyTo(start);
        var classifier = new LayeredNetwork(new Shape(student.Network.Encoder.Outputs), new DenseLayer(pictures.Classes));
        FanInUniform.Of(classifier, 1, layer => run.Random($"{Purposes.Classifier}/{layer}", student.Seed)).CopyTo(start, student.Network.Encoder.Layout.Count);
        return start;
    }
}
