using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning.Distillation;

/// <summary>A drawn student with its teacher, its images and its batches.</summary>
internal sealed class DistilledCase
{
    internal DistilledCase(ProjectedEncoder network, int number, int images = 7)
    {
        var draw = new Draw(number);
        (Network, Number) = (network, number);
        Images = draw.NormalSingle(images * network.Inputs);
        // numbers that single precision holds, so that plans of both precisions start at one point
        Teacher = [.. draw.NormalSingle(network.Layout.Count).Select(value => 0.5 * value)];
        Start = [.. draw.NormalSingle(network.Layout.Count).Select(value => 0.5 * value)];
    }

    internal ProjectedEncoder Network { get; }

    internal int Number { get; }

    internal float[] Images { get; init; }

    internal double[] Teacher { get; init; }

    internal double[] Start { get; init; }

    internal int Count => Images.Length / Network.Inputs;

    internal RandomSequence Batches => new(1, "batch", Number);

    /// <summary>What the teacher answers at its bottleneck.</summary>
    internal double[] Remembered(DType precision = DType.F64) => TeacherCache.Bottlenecks(Network.InEvaluationMode(), Teacher, Images, new OutputOptions { Precision = precision });

    /// <summary>Descent along the gradient as it is, in double precision, on all images at once.</summary>
    internal DistillationOptions Plainly(DistillationObjective objective = DistillationObjective.CrossEntropy) => new()
    {
        Student = Network,
        Objective = objective,
        Batch = Count,
        Optimizer = Optimizer.Descent,
        Precision = DType.F64,
    };

    /// <summary>A plan whose only student is this one, with learning rate 1.</summary>
    internal DistillationPlan Compile(DistillationOptions options)
    {
        var plan = DistillationPlan.Compile(options);
        Put(plan, 0, options.Precision);
        return plan;
    }

    /// <summary>Makes a replica of a plan this student.</summary>
    internal void Put(DistillationPlan plan, int replica, DType precision, double rate = 1)
    {
        plan.SetStudent(replica, Start);
        plan.SetTeacher(replica, Teacher);
        plan.SetLearningRate(replica, rate);
        plan.SetImages(replica, plan.AddTable(Images, Network.Inputs), plan.AddTable(Remembered(precision), Network.Bottleneck));
        plan.SetBatches(replica, Batches);
    }

    /// <summary>Loss and gradient at the start.</summary>
    internal (double Loss, double[] Gradient) Differentiated(DistillationOptions options)
    {
        using var plan = Compile(options);
        plan.Run(0, 1);
        return (plan.LastStep(0).Loss, [.. Start.Zip(plan.Student(0, Start.Length), (before, after) => before - after)]);
    }
}

/// <summary>Short words for plans with few students.</summary>
internal static class PlanSteps
{
    internal static void Run(this DistillationPlan plan, long first, int steps)
    {
        using var team = new Team(1);
        Assert.True(DistillationPlan.RunAll([(plan, first, steps)], team, TestContext.Current.CancellationToken));
    }

    internal static double[] Student(this DistillationPlan plan, int replica, int count)
    {
        var parameters = new double[count];
        plan.GetStudent(replica, parameters);
        return parameters;
    }

    internal static double[] Carried(this DistillationPlan plan, int replica)
    {
        var carried = new double[plan.CarriedCount];
        plan.GetCarried(replica, carried);
        return carried;
    }
}
