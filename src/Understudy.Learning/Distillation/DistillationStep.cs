using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Training;

namespace Understudy.Learning.Distillation;

/// <summary>The graph of one step of distillation from remembered bottlenecks.</summary>
internal sealed class DistillationStep
{
    private DistillationStep(ReplicaProgram program) => Program = program;

    internal ReplicaProgram Program { get; }

    /// <summary>The student's parameters, in the order of its layout.</summary>
    internal required Sym[] Parameters { get; init; }

    /// <summary>The teacher's parameters behind the bottleneck.</summary>
    internal required Sym[] Tail { get; init; }

    /// <summary>−η.</summary>
    internal required Sym Descent { get; init; }

    /// <summary>What is carried from step to step beside the parameters.</summary>
    internal required IReadOnlyList<CarriedState> Carried { get; init; }

    /// <summary>The running statistics among what is carried.</summary>
    internal required RunningStatistics Statistics { get; init; }

    /// <summary>The loss of the step's batch before the step.</summary>
    internal required Sym Loss { get; init; }

    /// <summary>‖∇L‖² of the step's batch over all parameters.</summary>
    internal required Sym SquaredGradient { get; init; }

    internal static DistillationStep Trace(DistillationOptions options)
    {
        var (student, batch) = (options.Student, options.Batch);
        var (x, remembered) = (Ops.Input("x", new Shape(batch, student.Inputs)), Ops.Input("teacher", new Shape(batch, student.Bottleneck)));
        var (parameters, tail) = (student.Layout.ToInputs(), student.TailInputs());
        var descent = Ops.Input("descent", Shape.Scalar);
        var (bottleneck, measured) = student.BottleneckWithStatistics(x, parameters);
        var loss = LossOf(options, bottleneck, remembered, student.TailSymbols(parameters), tail);
        var gradients = Transforms.Grad(loss, parameters);
        var optimizer = new OptimizerStep(options.Optimizer, descent);
        var clipped = optimizer.Clipped(gradients);
        var statistics = new RunningStatistics(measured);
        var (lastLoss, lastSquares) = (Ops.Input("loss", Shape.Scalar), Ops.Input("squared gradient", Shape.Scalar));
        Update[] updates =
        [
            .. parameters.Select((parameter, i) => new Update(parameter, optimizer.Next(parameter, clipped[i]))),
            .. optimizer.Updates,
            .. statistics.Updates,
            new Update(lastLoss, loss),
            new Update(lastSquares, gradients.Select(gradient => Ops.Sum(Ops.Square(gradient))).Aggregate((sum, next) => sum + next)),
        ];
        var program = new ReplicaProgram { Updates = updates, Feeds = [new RowFeed(x, remembered) { IsShuffled = true }], Kept = [.. parameters, .. tail, lastLoss, lastSquares], Convolution = options.Convolution };
        return new DistillationStep(program)
        {
            Parameters = parameters,
            Tail = tail,
            Descent = descent,
            Carried = [.. optimizer.Carried, .. statistics.Carried, new(lastLoss, 0), new(lastSquares, 0)],
            Statistics = statistics,
            Loss = lastLoss,
            SquaredGradient = lastSquares,
        };
    }

    private static Sym LossOf(DistillationOptions options, Sym bottleneck, Sym remembered, IReadOnlyList<Sym> own, IReadOnlyList<Sym> teachers)
    {
        if (options.Objective == DistillationObjective.Cosine)
            return 1 - (1.0 / options.Batch * Ops.Sum(Direction(bottleneck) * Direction(remembered)));
        var (outputs, targets) = (options.Student.Project(bottleneck, own), options.Student.Project(remembered, teachers));
        if (options.Objective == DistillationObjective.MeanSquared)
            return Ops.MseLoss(outputs, targets);
        return Ops.SoftmaxCrossEntropy(1 / options.StudentTemperature * outputs, Ops.Softmax(1 / options.TeacherTemperature * targets, 1));
    }

    private static Sym Direction(Sym rows) => new Networks.Layers.UnitLengthLayer().Apply(rows, []);
}
