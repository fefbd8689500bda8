using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Speed;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Learning.Speed;

/// <summary>Training steps of students as the specialization study makes them, minibatches drawn from each student's own training set.</summary>
/// <remarks>
/// Over nodes, inputs, batches, replicas and layers. Peers were recorded on one core of another processor: the research code (training only, steps of
/// two layers in double precision, several layers in single), and naive C in single precision with cached labels.
/// </remarks>
public static class TrainingSpeed
{
    private const string ResearchCode = "the research code";
    private const string NaiveC = "naive C";

    /// <summary>Floating-point operations of one run; within its steps a group of replicas stays in the cache, as in a study.</summary>
    private const double Run = 3e10;

    private const int FewestSteps = 10;
    private const int MostSteps = 250;

    private const int Together = 32;

    /// <summary>The workloads: time per step of one student and core.</summary>
    public static IReadOnlyList<SpeedCase> All { get; } =
    [
        // the protocols' sizes over the number of nodes
        TwoLayer(100, 5, 50, 16, 1000, Together) with { Peers = Peers(108, 12) },
        TwoLayer(100, 10, 50, 16, 1000, Together) with { Peers = Peers(115, 12.5), Target = 4 },
        TwoLayer(100, 20, 50, 16, 10_000, Together) with { Peers = Peers(122, 26) },
        TwoLayer(100, 25, 50, 16, 1000, Together) with { Peers = Peers(120, 20) },
        TwoLayer(100, 40, 50, 16, 10_000, Together) with { Peers = Peers(141, 36), Target = 12 },
        TwoLayer(100, 50, 50, 16, 1000, Together) with { Peers = Peers(160, 36) },
        TwoLayer(100, 100, 50, 16, 10_000, Together) with { Peers = Peers(172, 70) },
        TwoLayer(100, 200, 50, 16, 10_000, Together) with { Peers = Peers(238, 120), Target = 45 },
        TwoLayer(100, 10, 50, 16, 1000, 2 * Together, threads: 2) with { Peers = Peers(115, 12.5), Target = 4 },
        TwoLayer(100, 200, 50, 16, 10_000, 2 * Together, threads: 2) with { Peers = Peers(238, 120), Target = 45 },

        // inputs
        TwoLayer(20, 20, 50, 16, 1000, Together),
        TwoLayer(50, 20, 50, 16, 1000, Together),
        TwoLayer(400, 20, 50, 16, 1000, Together),

        // batches
        TwoLayer(100, 40, 50, 1, 1000, Together),
        TwoLayer(100, 40, 50, 4, 1000, Together),
        TwoLayer(100, 40, 50, 64, 1000, Together),
        TwoLayer(20, 10, 10, 16, 1000, Together) with { Recorded = "prototype 0.4 µs without drawing batches" },
        TwoLayer(20, 50, 10, 64, 1000, Together) with { Recorded = "prototype 6.1 µs without drawing batches" },
        TwoLayer(100, 100, 10, 64, 1000, Together) with { Recorded = "prototype 44 µs without drawing batches" },
        TwoLayer(100, 200, 50, 128, 1000, Together) with { Recorded = "prototype 250 µs without drawing batches" },

        // replicas
        TwoLayer(100, 10, 50, 16, 1000, 1) with { Peers = Peers(115, 12.5) },
        TwoLayer(100, 10, 50, 16, 1000, 8) with { Peers = Peers(115, 12.5) },
        TwoLayer(100, 10, 50, 16, 1000, 256) with { Peers = Peers(115, 12.5) },
        TwoLayer(100, 200, 50, 16, 10_000, 1) with { Peers = Peers(238, 120) },
        TwoLayer(100, 200, 50, 16, 10_000, 8) with { Peers = Peers(238, 120) },

        // several layers, recorded per sample: 25, 50 (10-15-20-25 at r = 10, the same widths; 55 for the other) and 440 µs at best
        Layers([10, 15, 20, 25], 2) with { Peers = [new SpeedPeer(ResearchCode, 64 * 25)] },
        Layers([50, 75, 100, 125], 2) with { Peers = [new SpeedPeer(ResearchCode, 64 * 50)] },
        Layers([50, 75, 100, 125], 10) with { Peers = [new SpeedPeer(ResearchCode, 64 * 440)] },

        // what the layout of replicas is chosen by
        TwoLayer(100, 10, 50, 16, 1000, 8, layout: ReplicaLayout.Lanes),
        TwoLayer(100, 10, 50, 16, 1000, 8, layout: ReplicaLayout.Alone),
        TwoLayer(100, 200, 50, 16, 1000, 8, layout: ReplicaLayout.Lanes),
        TwoLayer(100, 200, 50, 16, 1000, 8, layout: ReplicaLayout.Alone),
        Layers([50, 75, 100, 125], 1, 8, ReplicaLayout.Lanes),
        Layers([50, 75, 100, 125], 1, 8, ReplicaLayout.Alone),
        Layers([50, 75, 100, 125], 2, 8, ReplicaLayout.Lanes),
        Layers([50, 75, 100, 125], 2, 8, ReplicaLayout.Alone),
    ];

    private static SpeedPeer[] Peers(double researchCode, double naiveC) => [new SpeedPeer(ResearchCode, researchCode), new SpeedPeer(NaiveC, naiveC)];

    private static SpeedCase TwoLayer(int d, int n, int c, int batch, int rows, int replicas, int threads = 1, ReplicaLayout layout = ReplicaLayout.Automatic)
    {
        var options = new TrainOptions { Student = Mlp.Relu(d, n, c), Batch = batch, Replicas = replicas, Layout = layout };
        var name = replicas == 1 ? "a student alone" : $"one of {replicas} students";
        return Of($"step of {name}: d{d} n{n} C{c} B{batch} N{rows}{Word(layout)}", options, rows, threads);
    }

    private static string Word(ReplicaLayout layout) => layout switch
    {
        ReplicaLayout.Lanes => ", in lanes",
        ReplicaLayout.Alone => ", one after the other",
        _ => "",
    };

    /// <summary>Students of several hidden layers on 20 inputs and 100 outputs, batches of 64 without replacement.</summary>
    private static SpeedCase Layers(int[] teacher, int overRealization, int replicas = 4, ReplicaLayout layout = ReplicaLayout.Automatic)
    {
        const int Rows = 2000;
        int[] widths = [20, .. teacher.Select(width => overRealization * width), 100];
        var options = new TrainOptions { Student = Mlp.Relu(widths), Loss = TrainingLoss.MeanSquared, Batch = 64, Replicas = replicas, Source = BatchSource.Shuffled, Layout = layout };
        return Of($"step of one of {replicas} students: {string.Join("-", widths)} B64 N{Rows}{Word(layout)}", options, Rows, threads: 1);
    }

    private static SpeedCase Of(string name, TrainOptions options, int rows, int threads)
    {
        var (widths, replicas) = (((Mlp)options.Student).Widths, options.Replicas);
        // all layers forward and for their weights, all but the lowest for what is below
        var step = options.Batch * (Enumerable.Range(0, widths.Count - 1).Sum(layer => 6.0 * widths[layer] * widths[layer + 1]) - (2.0 * widths[0] * widths[1]));
        var steps = (int)Math.Clamp(Run / step / replicas, FewestSteps, MostSteps);
        // time per unit is time times threads over students and steps: the share of one core
        return new SpeedCase(
            name, threads, SpeedUnit.StudentSteps, (double)replicas * steps / threads, replicas * steps * step, null, "", team => Prepare(team, options, rows, steps));
    }

    private static SpeedWork Prepare(Team team, TrainOptions options, int rows, int steps)
    {
        var (student, plan) = (options.Student, TrainPlan.Compile(options));
        var (inputs, targets) = (new float[rows * student.Inputs], new float[rows * student.Outputs]);
        var flat = new double[plan.ParameterCount];
        for (var replica = 0; replica < options.Replicas; replica++)
        {
            new RandomSequence(1, "speed/inputs", replica).FillNormal(0, inputs);
            new RandomSequence(1, "speed/targets", replica).FillNormal(0, targets);
            new RandomSequence(1, "speed/init", replica).FillNormal(0, flat);
            for (var i = 0; i < flat.Length; i++)
                flat[i] *= 0.05;
            plan.SetParameters(replica, flat);
            plan.SetLearningRate(replica, 1e-3);
            plan.SetSamples(replica, plan.AddTable(inputs, student.Inputs), plan.AddTable(targets, student.Outputs));
            plan.SetBatches(replica, new RandomSequence(1, "speed/batch", replica));
        }

        long step = 0;
        return new SpeedWork(() => step = plan.Run(step, steps, team), plan.Dispose);
    }
}
