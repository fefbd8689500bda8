using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Speed;

/// <summary>One step of gradient descent of a two-layer student on a batch that its teacher labels: alone, and with others in the lanes of a register.</summary>
/// <param name="D">Inputs.</param>
/// <param name="M">Hidden nodes of the teacher.</param>
/// <param name="N">Hidden nodes of the student.</param>
/// <param name="C">Outputs.</param>
/// <param name="B">Samples of the batch.</param>
internal sealed record TwoLayerStep(int D, int M, int N, int C, int B)
{
    // the processor of the recorded figures, per core
    private const double RecordedPeak = 116e9;

    private const int StepsPerRun = 64;

    // forward: teacher and student; backward: both weight matrices and the hidden layer
    private double Operations => (2.0 * B * ((D * M) + (M * C))) + (6.0 * B * N * C) + (4.0 * B * D * N);

    private string Sizes => $"d{D} m{M} n{N} C{C} B{B}";

    /// <param name="microseconds">The recorded time of a step.</param>
    internal SpeedCase Alone(double microseconds)
        => new(
            $"step of one student, teacher included: {Sizes}", 1, SpeedUnit.SingleOperations, 1, Operations,
            100 * Operations / (1e-6 * microseconds * RecordedPeak), FormattableString.Invariant($"{microseconds} µs"), _ => Prepare());

    /// <param name="replicas">Students side by side.</param>
    /// <param name="threads">Threads that share them.</param>
    /// <param name="stepsPerSecond">The recorded rate of all together.</param>
    internal SpeedCase InLanes(int replicas, int threads, double stepsPerSecond)
        => new(
            $"step of one of {replicas} students in lanes, teacher included: {Sizes}", threads, SpeedUnit.SingleOperations,
            (double)replicas * StepsPerRun, replicas * StepsPerRun * Operations,
            100 * Operations * stepsPerSecond / (threads * RecordedPeak),
            FormattableString.Invariant($"{1e6 / stepsPerSecond:0.00} µs"), team => Prepare(replicas, team));

    private SpeedWork Prepare()
    {
        var (inputs, updates) = Trace();
        var plan = Plan.Compile([], new PlanOptions { Updates = updates });
        foreach (var input in inputs)
            plan.Write(input, Numbers(input, 0));
        return new SpeedWork(plan.Run, plan.Dispose);
    }

    private SpeedWork Prepare(int replicas, Team team)
    {
        var (inputs, updates) = Trace();
        var plan = ReplicaPlan.Compile(new ReplicaProgram { Updates = updates }, replicas);
        for (var replica = 0; replica < replicas; replica++)
            foreach (var input in inputs)
                plan.Write(input, replica, Numbers(input, replica));
        long step = 0;
        return new SpeedWork(() => step = ReplicaPlan.RunAll([plan], step, StepsPerRun, team), plan.Dispose);
    }

    private (Sym[] Inputs, Update[] Updates) Trace()
    {
        var x = Ops.Input(B, D);
        Sym[] teacher = [Ops.Input(D, M), Ops.Input(M), Ops.Input(M, C), Ops.Input(C)];
        Sym[] student = [Ops.Input(D, N), Ops.Input(N), Ops.Input(N, C), Ops.Input(C)];
        Sym Net(Sym[] p) => Ops.MatMul(Ops.Rectify(Ops.MatMul(x, p[0]) + p[1]), p[2]) + p[3];
        var gradients = Transforms.Grad(0.5 / B * Ops.Sum(Ops.Square(Net(student) - Net(teacher))), student);
        var rate = Ops.Constant(-1e-4);
        return ([x, .. teacher, .. student], [.. student.Select((parameter, i) => new Update(parameter, Ops.ScaledAdd(parameter, rate, gradients[i])))]);
    }

    private static double[] Numbers(Sym input, int replica)
    {
        var values = new double[input.Shape.Count];
        new RandomSequence(1, "speed", replica).FillNormal(0, values);
        return Array.ConvertAll(values, value => 0.1 * value);
    }
}
