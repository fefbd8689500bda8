using BenchmarkDotNet.Attributes;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Benchmarks;

/// <summary>What do replicas in register lanes bring over plain loops? 200 steps of 32 two-layer students, d 100, C 50, batch 16, on one thread.</summary>
[MemoryDiagnoser]
public class TrainingBenchmarks
{
    private const int Replicas = 32, Steps = 200, Inputs = 100, Outputs = 50, Batch = 16, Rows = 1000;

    private Team? _team;
    private readonly PlainStudent[] _plain = new PlainStudent[Replicas];
    private TrainPlan? _plan;
    private long _step;

    [Params(10, 40, 200)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _team = new Team(1);
        var student = Mlp.Relu(Inputs, Nodes, Outputs);
        _plan = TrainPlan.Compile(new TrainOptions { Student = student, Batch = Batch, Replicas = Replicas });
        for (var replica = 0; replica < Replicas; replica++)
        {
            float[] x = new float[Rows * Inputs], y = new float[Rows * Outputs];
            var flat = new double[_plan.ParameterCount];
            new RandomSequence(1, "benchmark/inputs", replica).FillNormal(0, x);
            new RandomSequence(1, "benchmark/targets", replica).FillNormal(0, y);
            new RandomSequence(1, "benchmark/init", replica).FillNormal(0, flat);
            for (var i = 0; i < flat.Length; i++)
                flat[i] *= 0.05;
            _plan.SetParameters(replica, flat);
            _plan.SetLearningRate(replica, 1e-3);
            _plan.SetSamples(replica, _plan.AddTable(x, Inputs), _plan.AddTable(y, Outputs));
            _plan.SetBatches(replica, new RandomSequence(1, "benchmark/batch", replica));
            _plain[replica] = new PlainStudent(Inputs, Nodes, Outputs, Batch, flat, x, y, new RandomSequence(1, "benchmark/batch", replica));
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Replicas * Steps)]
    public void PlainLoops()
    {
        foreach (var student in _plain)
        {
            for (var i = 0; i < Steps; i++)
                student.Step(_step + i, 1e-3f);
        }

        _step += Steps;
    }

    [Benchmark(OperationsPerInvoke = Replicas * Steps)]
    public void Lanes() => _step = _plan!.Run(_step, Steps, _team!);

    [GlobalCleanup]
    public void Release()
    {
        _plan?.Dispose();
        _team?.Dispose();
    }
}
