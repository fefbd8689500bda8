using Understudy.Engine.Random;
using Understudy.Engine.Speed;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Learning.Speed;

/// <summary>Steps of two-layer students as the specialization study trains them, minibatches drawn from each student's own training set.</summary>
public static class TrainingSpeed
{
    private const int Steps = 200;

    /// <summary>The workloads: time per step of one student and core.</summary>
    /// <remarks>Recorded peers: a published research code on one core (training only), and naive C with cached labels.</remarks>
    public static IReadOnlyList<SpeedCase> All { get; } =
    [
        Of(20, 10, 10, 16, 1000, 1, null, "prototype 0.4 µs without drawing batches"),
        Of(20, 50, 10, 64, 1000, 1, null, "prototype 6.1 µs without drawing batches"),
        Of(100, 100, 10, 64, 1000, 1, null, "prototype 44 µs without drawing batches"),
        Of(100, 200, 50, 128, 1000, 1, null, "prototype 250 µs without drawing batches"),
        Of(100, 10, 50, 16, 1000, 1, 4, "research code 115 µs, naive C 12.5 µs"),
        Of(100, 40, 50, 16, 10_000, 1, 12, "research code 141 µs, naive C 36 µs"),
        Of(100, 100, 50, 16, 10_000, 1, null, "research code 172 µs, naive C 70 µs"),
        Of(100, 200, 50, 16, 10_000, 1, 45, "research code 238 µs, naive C 120 µs"),
        Of(100, 10, 50, 16, 1000, 2, 4, "per core, both cores busy"),
        Of(100, 200, 50, 16, 10_000, 2, 45, "per core, both cores busy"),
    ];

    private static SpeedCase Of(int d, int n, int c, int batch, int rows, int threads, double? target, string recorded)
    {
        var replicas = 32 * threads;
        // time per unit is time times threads over students and steps: the share of one core
        var work = (double)replicas * Steps / threads;
        var operations = replicas * Steps * batch * ((4.0 * d * n) + (6.0 * n * c));
        return new SpeedCase(
            $"step of one of {replicas} students: d{d} n{n} C{c} B{batch} N{rows}", threads, SpeedUnit.StudentSteps, work, operations, target, recorded,
            team => Prepare(team, Mlp.Relu(d, n, c), batch, rows, replicas));
    }

    private static SpeedWork Prepare(Team team, Mlp student, int batch, int rows, int replicas)
    {
        var plan = TrainPlan.Compile(new TrainOptions { Student = student, Batch = batch, Replicas = replicas });
        var (inputs, targets) = (new float[rows * student.Widths[0]], new float[rows * student.Widths[^1]]);
        var flat = new double[plan.ParameterCount];
        for (var replica = 0; replica < replicas; replica++)
        {
            new RandomSequence(1, "speed/inputs", replica).FillNormal(0, inputs);
            new RandomSequence(1, "speed/targets", replica).FillNormal(0, targets);
            new RandomSequence(1, "speed/init", replica).FillNormal(0, flat);
            for (var i = 0; i < flat.Length; i++)
                flat[i] *= 0.05;
            plan.SetParameters(replica, flat);
            plan.SetLearningRate(replica, 1e-3);
            plan.SetSamples(replica, plan.AddTable(inputs, student.Widths[0]), plan.AddTable(targets, student.Widths[^1]));
            plan.SetBatches(replica, new RandomSequence(1, "speed/batch", replica));
        }

        long step = 0;
        return new SpeedWork(() => step = plan.Run(step, Steps, team), plan.Dispose);
    }
}
