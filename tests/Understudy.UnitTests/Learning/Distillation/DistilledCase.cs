using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

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

    /// <summary>Compares a gradient with central differences of the loss, along a direction of its own for each tensor.</summary>
    /// <param name="plan">A plan whose only student is this one, in double precision.</param>
    /// <param name="gradient">The gradient at the start.</param>
    /// <param name="slots">The tensors.</param>
    internal void AssertSlopes(DistillationPlan plan, double[] gradient, IEnumerable<ParameterSlot> slots)
    {
        const double Move = 1e-6;
        foreach (var slot in slots)
        {
            double[] along = new double[Start.Length], own = new Draw(slot.Offset).Normal(slot.Shape.Count);
            own.CopyTo(slot.Of(along.AsSpan()));
            var slope = (Loss(Move) - Loss(-Move)) / (2 * Move);
            // rounding of 1e-16 / step, step² times third derivatives, and no bend of a rectifier so near; a bias before a normalization has no gradient at all
            Assert.Equal(slope, Dot(gradient, along), 1e-8);

            double Loss(double move)
            {
                plan.SetStudent(0, [.. Start.Zip(along, (at, direction) => at + (move * direction))]);
                plan.Run(0, 1);
                return plan.LastStep(0).Loss;
            }
        }
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
