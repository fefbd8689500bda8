using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Distillation;
using Understudy.Learning.Training;

namespace Understudy.Learning.SelfDistillation;

/// <summary>The graph of one step of distillation on V views of every image of a batch: rows of a view follow one another.</summary>
internal sealed class ViewDistillationStep
{
    private ViewDistillationStep(ReplicaProgram program) => Program = program;

    internal ReplicaProgram Program { get; }

    /// <summary>The views [V·batch, d].</summary>
    internal required Sym Inputs { get; init; }

    /// <summary>The small views [S·batch, d']; null where there are none.</summary>
    internal required Sym? Small { get; init; }

    /// <summary>The student's parameters, in the order of its layout.</summary>
    internal required Sym[] Parameters { get; init; }

    /// <summary>The teacher's parameters, in the same order.</summary>
    internal required Sym[] Teacher { get; init; }

    /// <summary>−η.</summary>
    internal required Sym Descent { get; init; }

    /// <summary>λ; null where it is the optimizer's constant.</summary>
    internal required Sym? Decay { get; init; }

    /// <summary>1 / τ_T.</summary>
    internal required Sym TeacherSharpness { get; init; }

    /// <summary>1 / τ_S.</summary>
    internal required Sym StudentSharpness { get; init; }

    /// <summary>μ of the teacher; null where it is frozen.</summary>
    internal required Sym? Momentum { get; init; }

    /// <summary>1 where the last layer is trained, 0 where it is frozen; null where it always is trained.</summary>
    internal required Sym? Gate { get; init; }

    /// <summary>What is carried from step to step beside the parameters of student and teacher.</summary>
    internal required IReadOnlyList<CarriedState> Carried { get; init; }

    /// <summary>The student's running statistics among what is carried.</summary>
    internal required RunningStatistics Statistics { get; init; }

    /// <summary>The teacher's; null where it measures none.</summary>
    internal required RunningStatistics? OfTeacher { get; init; }

    /// <summary>The centre [m]; null for none.</summary>
    internal required Sym? Center { get; init; }

    /// <summary>The loss of the step's batch before the step.</summary>
    internal required Sym Loss { get; init; }

    /// <summary>‖∇L‖² of the step's batch over the parameters that are trained, before any clipping.</summary>
    internal required Sym SquaredGradient { get; init; }

    internal static ViewDistillationStep Trace(ViewDistillationOptions options)
    {
        var student = options.Student;
        var x = Ops.Input("x", new Shape(options.Views * options.Batch, student.Inputs));
        var (parameters, teacher) = (student.Layout.ToInputs(), student.Layout.ToInputs());
        Sym Scalar(string label) => Ops.Input(label, Shape.Scalar);
        var (descent, teacherSharpness, studentSharpness) = (Scalar("descent"), Scalar("teacher sharpness"), Scalar("student sharpness"));
        var decay = options.WeightDecay is null ? null : Scalar("decay");
        var momentum = options.Teacher is FrozenTeacher ? null : Scalar("momentum");
        var gate = options.LastLayerFrozenEpochs > 0 ? Scalar("gate") : null;

        var (outputs, measured) = Passed(student, x, parameters);
        var small = options.SmallStudent is { } smaller ? Ops.Input("small", new Shape(options.SmallViews * options.Batch, smaller.Inputs)) : null;
        var ofSmall = small is null ? default : Passed(options.SmallStudent!, small, parameters);
        var statistics = small is null ? new RunningStatistics(measured) : new RunningStatistics([measured, ofSmall.Measured]);
        var (answers, ofTeacher) = Asked(options, x, teacher, statistics);
        var center = options.CenterMomentum is null ? null : Ops.Input("center", new Shape(student.Outputs));
        var targets = Ops.Softmax(teacherSharpness * (center is null ? answers : answers - center), 1);
        var pairs = new ViewPairs(options, targets);
        var loss = Ops.SoftmaxCrossEntropy(studentSharpness * outputs, pairs.OfViews);
        if (small is not null)
            loss = ((1 - pairs.SmallShare) * loss) + (pairs.SmallShare * Ops.SoftmaxCrossEntropy(studentSharpness * ofSmall.Outputs, pairs.OfSmall!));

        var gradients = Transforms.Grad(loss, parameters);
        var descended = new Descended(options, parameters, gradients, descent, decay, gate);
        List<Update> updates = [.. descended.Updates, .. statistics.Updates, .. ofTeacher?.Updates ?? []];
        if (momentum is not null)
            updates.AddRange(teacher.Select((own, i) => new Update(own, (momentum * own) + ((1 - momentum) * descended.Next[i]))));
        if (center is not null)
            updates.Add(new Update(center, (options.CenterMomentum!.Value * center) + ((1 - options.CenterMomentum.Value) * Ops.Mean(answers, 0))));
        var (lastLoss, lastSquares) = (Scalar("loss"), Scalar("squared gradient"));
        updates.AddRange([new Update(lastLoss, loss), new Update(lastSquares, descended.SquaredGradient)]);
        var program = new ReplicaProgram { Updates = updates, Kept = [x, .. small is null ? Array.Empty<Sym>() : [small], .. parameters, .. teacher, lastLoss, lastSquares], Convolution = options.Convolution };
        return new ViewDistillationStep(program)
        {
            Inputs = x,
            Small = small,
            Parameters = parameters,
            Teacher = teacher,
            Descent = descent,
            Decay = decay,
            TeacherSharpness = teacherSharpness,
            StudentSharpness = studentSharpness,
            Momentum = momentum,
            Gate = gate,
            Carried =
            [
                .. descended.Carried, .. statistics.Carried, .. ofTeacher?.Carried ?? [], .. center is null ? Array.Empty<CarriedState>() : [new(center, 0)],
                new(lastLoss, 0), new(lastSquares, 0),
            ],
            Statistics = statistics,
            OfTeacher = ofTeacher,
            Center = center,
            Loss = lastLoss,
            SquaredGradient = lastSquares,
        };
    }

    /// <summary>The student's outputs for views of one size, and the statistics of the batch.</summary>
    private static (Sym Outputs, IReadOnlyList<(Sym Mean, Sym Variance, int Numbers)> Measured) Passed(ProjectedEncoder student, Sym x, Sym[] parameters)
    {
        var (embedding, measured) = student.Encoder.OutputWithStatistics(x, student.EncoderSymbols(parameters));
        return (student.Project(student.BottleneckOf(embedding, parameters), student.TailSymbols(parameters)), measured);
    }

    /// <summary>The teacher's outputs [V·batch, m], and the statistics it measures of the batch; null where it takes given ones.</summary>
    private static (Sym Answers, RunningStatistics? Statistics) Asked(ViewDistillationOptions options, Sym x, Sym[] teacher, RunningStatistics ofStudent)
    {
        var network = options.Student;
        Sym Projected(Sym embedding) => network.Project(network.BottleneckOf(embedding, teacher), network.TailSymbols(teacher));
        switch (options.TeacherStatistics)
        {
            case TeacherStatistics.Batch:
                var (embedding, measured) = network.Encoder.OutputWithStatistics(x, network.EncoderSymbols(teacher));
                return (Projected(embedding), new RunningStatistics(measured));
            case TeacherStatistics.Student:
                return (Projected(network.Encoder.WithStatistics(ofStudent.States).Output(x, network.EncoderSymbols(teacher))), null);
            default:
                return (network.InEvaluationMode().Output(x, teacher), null);
        }
    }
}
