using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Training;

/// <summary>The graph of one step of gradient descent.</summary>
internal sealed record TrainStep(ReplicaProgram Program, Sym[] Parameters, Sym[] Teacher, Sym Descent)
{
    /// <summary>λ of each replica; null where it is the optimizer's constant.</summary>
    internal Sym? Decay { get; private init; }

    /// <summary>A factor, 1 or 0, on every parameter; empty where there are no masks.</summary>
    internal Sym[] Masks { get; private init; } = [];

    /// <summary>The averages along batch normalizations; null for none.</summary>
    internal RunningStatistics? Statistics { get; private init; }

    /// <summary>What is carried from step to step: the optimizer's, then the running statistics.</summary>
    internal required IReadOnlyList<CarriedState> Carried { get; init; }

    internal static TrainStep Trace(TrainOptions options)
    {
        Check(options);
        var (student, batch) = (options.Student, options.Batch);
        var x = Ops.Input("x", new Shape(batch, student.Inputs));
        var parameters = student.Layout.ToInputs();
        var teacher = options.Teacher?.Layout.ToInputs() ?? [];
        var isClass = options.Loss == TrainingLoss.CrossEntropy;
        var feeds = new List<Feed>();
        Sym? given = null;
        if (options.Source == BatchSource.FreshNormal)
        {
            feeds.Add(new NormalFeed(x, options.InputDeviation));
        }
        else
        {
            var rows = Ops.Input("y", new Shape(batch, isClass ? 1 : student.Outputs));
            feeds.Add(new RowFeed(x, rows) { IsShuffled = options.Source == BatchSource.Shuffled });
            given = isClass ? Ops.Reshape(rows, new Shape(batch)) : rows;
        }

        Sym Label(Sym at) => isClass ? Ops.ArgMax(options.Teacher!.Output(at, teacher)) : options.Teacher!.Output(at, teacher);
        var noise = new StepNoise(options, feeds);
        RunningStatistics? statistics = null;
        Sym Output(Sym at) => noise.Masks is null ? student.Output(at, parameters) : options.FullyConnected.PreActivations(at, parameters, noise.Masks)[^1];
        // the output that the loss is taken of, whose batch the averages see
        Sym Trained(Sym at)
        {
            if (options.StatisticsMomentum == 0)
                return Output(at);
            var (output, measured) = options.Layered.OutputWithStatistics(at, parameters);
            statistics = new RunningStatistics(measured, options.StatisticsMomentum);
            return output;
        }

        var inputs = options.Adversary?.Perturbed(x, at => Loss(Output(at), Label(at), options.Loss)) ?? x;
        var target = options.Adversary is null ? given ?? Label(x) : Label(inputs);
        var (descent, decay) = (Ops.Input("descent", Shape.Scalar), options.HasOwnDecay ? Ops.Input("decay", Shape.Scalar) : null);
        var gradients = options.Rule == StepRule.Gradient
            ? Transforms.Grad(noise.Penalized(Loss(Trained(inputs), target, options.Loss), x, Output), parameters)
            : BatchAverages.Gradients(options.FullyConnected, parameters, (Mlp)options.Teacher!, teacher, x);
        Sym[] masks = options.HasMask ? [.. parameters.Select((parameter, i) => Ops.Input($"mask.{i}", parameter.Shape))] : [];
        var (next, optimizer) = ((Sym[])[.. parameters], new OptimizerStep(options.Optimizer, descent, decay));
        int[] trained = [.. Enumerable.Range(0, next.Length).Where(i => !IsFrozen(i, options))];
        var clipped = optimizer.Clipped([.. trained.Select(i => options.HasMask ? masks[i] * gradients[i] : gradients[i])]);
        for (var i = 0; i < trained.Length; i++)
            next[trained[i]] = optimizer.Next(parameters[trained[i]], clipped[i]);
        if (options.NormalizeColumns)
            NormalizeColumns(options.FullyConnected, next);
        if (options.NormalizeHidden)
            NormalizeHidden(options.FullyConnected, next);
        List<Update> updates = [.. optimizer.Updates, .. statistics?.Updates ?? [], .. trained.Select(i => new Update(parameters[i], next[i]))];
        return new TrainStep(new ReplicaProgram { Updates = updates, Feeds = feeds, Kept = [.. parameters, .. masks], Convolution = options.Convolution }, parameters, teacher, descent)
        {
            Decay = decay,
            Masks = masks,
            Statistics = statistics,
            Carried = [.. optimizer.Carried, .. statistics?.Carried ?? []],
        };
    }

    private static void Check(TrainOptions options)
    {
        if (options is { Rule: StepRule.BatchAverages, Source: not BatchSource.FreshNormal })
            throw new ArgumentException("Batch averages need fresh batches.", nameof(options));
        if (options is { Rule: StepRule.BatchAverages, Loss: TrainingLoss.CrossEntropy })
            throw new ArgumentException("Batch averages descend a squared error.", nameof(options));
        if (options.Rule == StepRule.BatchAverages && (options.Dropout != 0 || options.JacobianPenalty != 0 || options.Adversary is not null))
            throw new ArgumentException("Batch averages know no dropout, penalty or adversary.", nameof(options));
        if (options is { Rule: StepRule.BatchAverages, Teacher: not (null or Mlp) })
            throw new ArgumentException("Batch averages need a fully connected teacher (Mlp).", nameof(options));
        if (options is { Source: BatchSource.FreshNormal, Teacher: null })
            throw new ArgumentException("A fresh batch needs a teacher.", nameof(options));
        if (options is { Adversary: not null, Teacher: null })
            throw new ArgumentException("An adversary needs a teacher, which labels the perturbed inputs.", nameof(options));
        if (options.StatisticsMomentum != 0 && options.Student is not LayeredNetwork)
            throw new ArgumentException("Running statistics need a student made of layers (LayeredNetwork).", nameof(options));
        if (!(options.Dropout is >= 0 and < 1))
            throw new ArgumentException($"Dropout ({options.Dropout}) must be at least 0 and below 1.", nameof(options));
    }

    /// <summary>Weights and biases alternate.</summary>
    private static bool IsFrozen(int parameter, TrainOptions options)
        => (options.FreezeHidden || options.FreezeLastLayer || options.FreezeBiases) && IsFrozenIn(options.FullyConnected, parameter, options);

    private static bool IsFrozenIn(Mlp student, int parameter, TrainOptions options)
        => (parameter / 2 == student.Layers - 1 ? options.FreezeLastLayer : options.FreezeHidden) || (options.FreezeBiases && parameter % 2 == 1);

    /// <summary>A loss of outputs [batch, C] against targets, [batch, C] or classes [batch].</summary>
    internal static Sym Loss(Sym output, Sym target, TrainingLoss loss) => loss switch
    {
        TrainingLoss.CrossEntropy => Ops.SoftmaxCrossEntropy(output, Ops.OneHot(target, output.Shape[1])),
        TrainingLoss.HalfSquaredSum => 0.5 / output.Shape[0] * Ops.Sum(Ops.Square(output - target)),
        _ => 1.0 / output.Shape.Count * Ops.Sum(Ops.Square(output - target)),
    };

    private static void NormalizeHidden(Mlp student, Sym[] next)
    {
        for (var i = 0; i < 2 * (student.Layers - 1); i += 2)
            next[i] *= Ops.Rsqrt(Ops.Sum(Ops.Square(next[i]), 0));
    }

    // column j of a weight matrix and entry j of its bias are the incoming weights of node j
    private static void NormalizeColumns(Mlp student, Sym[] next)
    {
        for (var i = 0; i < 2 * student.Layers; i += 2)
        {
            var inverse = Ops.Rsqrt(Ops.Sum(Ops.Square(next[i]), 0) + Ops.Square(next[i + 1]));
            next[i] *= inverse;
            next[i + 1] *= inverse;
        }
    }
}
