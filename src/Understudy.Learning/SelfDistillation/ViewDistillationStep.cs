using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
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

    /// <summary>The predictor's parameters, in the order of its layout; empty for none.</summary>
    internal required Sym[] Predictor { get; init; }

    /// <summary>The teacher's parameters, in the same order; the student's where it is its own teacher.</summary>
    internal required Sym[] Teacher { get; init; }

    /// <summary>−η.</summary>
    internal required Sym Descent { get; init; }

    /// <summary>λ; null where it is the optimizer's constant.</summary>
    internal required Sym? Decay { get; init; }

    /// <summary>1 / τ_T; null where there are no temperatures.</summary>
    internal required Sym? TeacherSharpness { get; init; }

    /// <summary>1 / τ_S; null where there are no temperatures.</summary>
    internal required Sym? StudentSharpness { get; init; }

    /// <summary>μ of the teacher; null where it is frozen, or the student itself.</summary>
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
        var comparison = new ViewComparison(options);
        var parameters = student.Layout.ToInputs();
        var teacher = options.Teacher is OwnTeacher ? parameters : student.Layout.ToInputs();
        Sym Scalar(string label) => Ops.Input(label, Shape.Scalar);
        var descent = Scalar("descent");
        var teacherSharpness = comparison.IsCosine ? null : Scalar("teacher sharpness");
        var studentSharpness = comparison.IsCosine ? null : Scalar("student sharpness");
        var decay = options.WeightDecay is null ? null : Scalar("decay");
        var momentum = options.Teacher is FrozenTeacher or OwnTeacher ? null : Scalar("momentum");
        var gate = options.LastLayerFrozenEpochs > 0 ? Scalar("gate") : null;

        var (bottleneck, measured) = student.BottleneckWithStatistics(x, parameters);
        var small = options.SmallStudent is { } smaller ? Ops.Input("small", new Shape(options.SmallViews * options.Batch, smaller.Inputs)) : null;
        var ofSmall = small is null ? default : options.SmallStudent!.BottleneckWithStatistics(small, parameters);
        var statistics = small is null ? new RunningStatistics(measured) : new RunningStatistics([measured, ofSmall.Measured]);
        var (answers, ofTeacher) = options is { Teacher: OwnTeacher, TeacherStatistics: TeacherStatistics.Batch }
            ? (Ops.StopGradient(comparison.Answer(student, bottleneck, parameters)), (RunningStatistics?)null)
            : Asked(options, comparison, x, options.Teacher is OwnTeacher ? [.. parameters.Select(own => Ops.StopGradient(own))] : teacher, statistics);
        var center = options.CenterMomentum is null ? null : Ops.Input("center", new Shape(student.Outputs));
        var pairs = new ViewPairs(options, comparison.IsCosine ? answers : Ops.Softmax(teacherSharpness! * (center is null ? answers : answers - center), 1));
        var loss = comparison.Loss(comparison.Predicted(student, bottleneck, parameters), pairs.OfViews, studentSharpness);
        if (small is not null)
        {
            var ofPairs = comparison.Loss(comparison.Predicted(options.SmallStudent!, ofSmall.Bottleneck, parameters), pairs.OfSmall!, studentSharpness);
            loss = ((1 - pairs.SmallShare) * loss) + (pairs.SmallShare * ofPairs);
        }

        // bottlenecks know nothing of what follows them
        var lastLayer = student.TailSymbols(parameters).Length;
        Sym[] trained = [.. comparison.Predictor, .. comparison.IsCosine ? parameters[..^lastLayer] : parameters];
        var descended = new Descended(options, trained, lastLayer, Transforms.Grad(loss, trained), descent, decay, gate);
        Sym[] next = [.. descended.Next[comparison.Predictor.Length..], .. comparison.IsCosine ? parameters[^lastLayer..] : []];
        List<Update> updates = [.. descended.Updates, .. statistics.Updates, .. ofTeacher?.Updates ?? []];
        if (momentum is not null)
            updates.AddRange(teacher.Select((own, i) => new Update(own, (momentum * own) + ((1 - momentum) * next[i]))));
        if (center is not null)
            updates.Add(new Update(center, (options.CenterMomentum!.Value * center) + ((1 - options.CenterMomentum.Value) * Ops.Mean(answers, 0))));
        var (lastLoss, lastSquares) = (Scalar("loss"), Scalar("squared gradient"));
        updates.AddRange([new Update(lastLoss, loss), new Update(lastSquares, descended.SquaredGradient)]);
        var program = new ReplicaProgram { Updates = updates, Kept = [x, .. small is null ? Array.Empty<Sym>() : [small], .. parameters.Union(teacher), lastLoss, lastSquares], Convolution = options.Convolution };
        return new ViewDistillationStep(program)
        {
            Inputs = x,
            Small = small,
            Parameters = parameters,
            Predictor = comparison.Predictor,
            Teacher = teacher,
            Descent = descent,
            Decay = decay,
            TeacherSharpness = teacherSharpness,
            StudentSharpness = studentSharpness,
            Momentum = momentum,
            Gate = gate,
            Carried =
            [
                .. comparison.Predictor.Select(parameter => new CarriedState(parameter, 0)), .. descended.Carried, .. statistics.Carried, .. ofTeacher?.Carried ?? [], .. center is null ? Array.Empty<CarriedState>() : [new(center, 0)],
                new(lastLoss, 0), new(lastSquares, 0),
            ],
            Statistics = statistics,
            OfTeacher = ofTeacher,
            Center = center,
            Loss = lastLoss,
            SquaredGradient = lastSquares,
        };
    }

    /// <summary>What the teacher answers to its views, and the statistics it measures of the batch; null where it takes given ones.</summary>
    private static (Sym Answers, RunningStatistics? Statistics) Asked(ViewDistillationOptions options, ViewComparison comparison, Sym x, Sym[] teacher, RunningStatistics ofStudent)
    {
        var network = options.Student;
        Sym Answered(Sym bottleneck) => comparison.Answer(network, bottleneck, teacher);
        switch (options.TeacherStatistics)
        {
            case TeacherStatistics.Batch:
                var (bottleneck, measured) = network.BottleneckWithStatistics(x, teacher);
                return (Answered(bottleneck), new RunningStatistics(measured));
            case TeacherStatistics.Student:
                return (Answered(network.BottleneckBy(ofStudent.States, x, teacher)), null);
            default:
                return (Answered(network.InEvaluationMode().BottleneckFrom(x, teacher)), null);
        }
    }
}
