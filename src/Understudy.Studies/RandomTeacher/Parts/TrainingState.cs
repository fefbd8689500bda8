using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.Distillation;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>What trainings of students side by side have in common: how long they go without a look at a request to stop, and what is kept of them.</summary>
internal static class TrainingState
{
    /// <summary>Work between two looks at a request to stop: a second or two of a thread.</summary>
    private const double ChunkOperations = 1e11;

    private const int LongestChunk = 250;

    private const string Step = "step";

    /// <summary>Steps between two looks, of so many operations each.</summary>
    internal static int ChunkSteps(RunContext run, double operations) => (int)Math.Clamp(run.Team.Threads * ChunkOperations / operations, 1, LongestChunk);

    /// <summary>The step and every student, with what it carries.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="plans">Students by plan and replica.</param>
    /// <param name="size">The number of parameters of a plan's students.</param>
    internal static IReadOnlyList<Tensor> Of<TPlan>(int step, IReadOnlyList<TPlan> plans, Func<TPlan, int> size)
        where TPlan : IStudentReplicas
    {
        var tensors = new List<Tensor> { Tensor.Of(Step, [(double)step], 1) };
        foreach (var (i, plan) in plans.Index())
        {
            for (var replica = 0; replica < plan.Replicas; replica++)
            {
                var (parameters, carried) = (new double[size(plan)], new double[plan.CarriedCount]);
                plan.GetStudent(replica, parameters);
                plan.GetCarried(replica, carried);
                tensors.AddRange([StudentTensors.Tensor($"parameters{i}.{replica}", parameters, plan.Precision), StudentTensors.Tensor($"carried{i}.{replica}", carried, plan.Precision)]);
            }
        }

        return tensors;
    }

    /// <summary>Puts every student where it was.</summary>
    /// <param name="tensors">As <see cref="Of"/> gave them, and more.</param>
    /// <param name="plans">In the same order.</param>
    /// <param name="start">Puts a student, of a plan's number and replica, at its parameters.</param>
    /// <returns>Steps done.</returns>
    internal static int Restore<TPlan>(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<TPlan> plans, Action<int, int, double[]> start)
        where TPlan : IStudentReplicas
    {
        foreach (var (i, plan) in plans.Index())
        {
            for (var replica = 0; replica < plan.Replicas; replica++)
            {
                start(i, replica, StudentTensors.Of(tensors[$"parameters{i}.{replica}"]));
                plan.SetCarried(replica, StudentTensors.Of(tensors[$"carried{i}.{replica}"]));
            }
        }

        return (int)tensors[Step].Doubles[0];
    }
}
