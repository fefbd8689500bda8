using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;
using Understudy.UnitTests.Learning.Distillation;

namespace Understudy.UnitTests.Learning.SelfDistillation;

/// <summary>Small networks, drawn cases, and short words for trainings of few students.</summary>
internal static class ViewedCase
{
    internal static readonly Shape Image = new(4, 4, 3);

    /// <summary>Batch normalization, images of two sizes, and widths that fill no register.</summary>
    internal static readonly ProjectedEncoder Network = new(ConvNet.Of(Image, 5, 2, Normalization.Batch), new HeadOptions { Hidden = [7], Bottleneck = 4, Outputs = 9 });

    /// <summary>Views with everything that is drawn.</summary>
    internal static readonly RandomView Views = new() { Image = Image, SmallestCrop = 0.4, IsMirrored = true, Shift = 1, Color = new ColorJitter { Means = [0.5, 0.4, 0.5], Deviations = [0.2, 0.3, 0.2] }, Blur = new GaussianBlur() };

    /// <summary>All that DINO has, in few steps.</summary>
    internal static readonly ViewDistillationOptions Full = new()
    {
        Student = Network,
        Steps = 9,
        Batch = 5,
        Views = 2,
        View = Views,
        SmallViews = 3,
        SmallView = Views with { Size = new Shape(2, 3, 3), SmallestCrop = 0.1, LargestCrop = 0.5, Shift = 0 },
        Pairing = ViewPairing.Opposite,
        Teacher = new AveragedTeacher(Schedule.Cosine(0.6, 1)),
        TeacherStatistics = TeacherStatistics.Batch,
        CenterMomentum = 0.9,
        TeacherTemperature = Schedule.Linear(0.04, 0.07),
        StudentTemperature = Schedule.Constant(0.1),
        LearningRate = Schedule.Cosine(0.01, 1e-4),
        WeightDecay = Schedule.Cosine(0.04, 0.4),
        Optimizer = new Optimizer { Rule = OptimizerRule.Adam, DecayForm = DecayForm.Decoupled, Decayed = DecayedParameters.Weights, ClipNorm = 0.3 },
        LastLayerFrozenEpochs = 1,
    };

    /// <summary>A training whose only student is that of a case.</summary>
    internal static ViewDistillation Begin(this DistilledCase drawn, ViewDistillationOptions options)
    {
        var training = new ViewDistillation(options, drawn.Images, [drawn.Batches]);
        training.Start(0, drawn.Start, drawn.Teacher);
        return training;
    }

    internal static void Do(this ViewDistillation training, int steps, int threads = 1)
    {
        using var team = new Team(threads);
        var round = new ViewDistillationRound(training);
        for (var step = 0; step < steps; step++)
            round.DoStep(team);
    }

    /// <summary>Bytes that some steps allocate on the caller's thread: a team of one has no other.</summary>
    internal static long Allocated(this ViewDistillationRound round, int steps, Team team)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < steps; step++)
            round.DoStep(team);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    internal static double[] Student(this ViewDistillation training, int replica = 0) => Read(training.GetStudent, replica);

    internal static double[] Teacher(this ViewDistillation training, int replica = 0) => Read(training.GetTeacher, replica);

    internal static double[] Carried(this ViewDistillation training, int replica = 0)
    {
        var carried = new double[training.CarriedCount];
        training.GetCarried(replica, carried);
        return carried;
    }

    /// <summary>All that a replica is.</summary>
    internal static double[] State(this ViewDistillation training, int replica = 0) => [.. training.Student(replica), .. training.Teacher(replica), .. training.Carried(replica)];

    private delegate void Reader(int replica, Span<double> parameters);

    private static double[] Read(Reader read, int replica)
    {
        var parameters = new double[Network.Layout.Count];
        read(replica, parameters);
        return parameters;
    }
}
