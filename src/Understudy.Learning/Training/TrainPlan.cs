using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Training;

/// <summary>Stochastic gradient descent on many replicas of one network at once, each with its own parameters, data, teacher and learning rate.</summary>
/// <remarks>
/// Replicas lie in the lanes of a register. A replica's numbers do not depend on how many others there are, on the number of
/// threads or on the register width. Cost per step and replica: about batch·(4 d n + 6 n C) operations for one hidden layer of n nodes;
/// nothing is allocated in a step after <see cref="Compile"/>, only between runs of steps, of which a rate that changes at every step makes one each.
/// </remarks>
public sealed class TrainPlan : IDisposable
{
    private readonly ReplicaPlan _plan;
    private readonly Sym[] _parameters;
    private readonly Sym[] _teacher;
    private readonly Sym _descent;
    private readonly Sym? _decay;
    private readonly CarriedStates _carried;
    private readonly RunningStatistics? _statistics;
    private readonly ReplicaMasks? _masks;
    private readonly INetwork _student;
    private readonly INetwork? _teacherNetwork;
    private readonly ReplicaStatus[] _status;
    private readonly double[] _flat;

    private TrainPlan(TrainOptions options, TrainStep step)
    {
        (_student, _teacherNetwork) = (options.Student, options.Teacher);
        (_parameters, _teacher, _descent, _decay, _statistics) = (step.Parameters, step.Teacher, step.Descent, step.Decay, step.Statistics);
        _plan = ReplicaPlan.Compile(step.Program, options.Replicas, options.Precision, options.Layout);
        _status = new ReplicaStatus[options.Replicas];
        _flat = new double[ParameterCount];
        _carried = new CarriedStates(_plan, step.Carried);
        _masks = options.HasMask ? new ReplicaMasks(_plan, _student.Layout, step) : null;
    }

    /// <summary>The number of replicas.</summary>
    public int Replicas => _status.Length;

    /// <summary>The length of a student's flat parameter vector.</summary>
    public int ParameterCount => _student.Layout.Count;

    /// <summary>The length of what is carried from step to step besides the parameters: the optimizer's states and the running statistics; 0 for plain descent without those.</summary>
    public int OptimizerCount => _carried.Count;

    /// <summary>Traces and compiles the training step.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static TrainPlan Compile(TrainOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TrainPlan(options, TrainStep.Trace(options));
    }

    /// <summary>Sets a replica's parameters, 0 where its mask is; its optimizer and its running statistics begin anew.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="flat">A vector of the student's layout.</param>
    public void SetParameters(int replica, ReadOnlySpan<double> flat)
    {
        Write(_student, _parameters, replica, flat);
        _carried.Begin(replica);
        _masks?.Apply(replica);
        _status[replica] = new ReplicaStatus(!IsFinite(flat), 0);
    }

    /// <summary>Reads what a replica carries from step to step, [<see cref="OptimizerCount"/>].</summary>
    public void GetOptimizer(int replica, Span<double> flat) => _carried.Read(replica, flat);

    /// <summary>Sets what a replica carries from step to step, after <see cref="SetParameters"/>; 0 where its mask is.</summary>
    public void SetOptimizer(int replica, ReadOnlySpan<double> flat)
    {
        _carried.Write(replica, flat);
        _masks?.Apply(replica);
    }

    /// <summary>The running statistics of a replica's batch normalizations, for <see cref="LayeredNetwork.InEvaluationMode"/>.</summary>
    /// <exception cref="InvalidOperationException">The plan was compiled without them.</exception>
    public IReadOnlyList<ChannelStatistics> Statistics(int replica)
    {
        var statistics = _statistics ?? throw new InvalidOperationException("The plan was compiled without running statistics.");
        return statistics.Read((state, values) => _plan.Read(state, replica, values));
    }

    /// <summary>Keeps parameters at 0 from now on, with all that the optimizer carries for them, whatever is written afterwards; the others are as they are.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="isKept">For every parameter of the student's layout, whether it is trained.</param>
    /// <exception cref="InvalidOperationException">The plan was compiled without masks.</exception>
    /// <exception cref="ArgumentException">The mask is not as long as the layout.</exception>
    public void SetMask(int replica, ReadOnlySpan<bool> isKept)
        => (_masks ?? throw new InvalidOperationException("The plan was compiled without masks.")).Set(replica, isKept);

    /// <summary>Reads a replica's parameters.</summary>
    public void GetParameters(int replica, Span<double> flat)
    {
        for (var i = 0; i < _parameters.Length; i++)
            _plan.Read(_parameters[i], replica, _student.Layout.Slots[i].Of(flat));
    }

    /// <summary>Sets the parameters of the teacher that labels a replica's fresh batches.</summary>
    public void SetTeacher(int replica, ReadOnlySpan<double> flat)
        => Write(_teacherNetwork ?? throw new InvalidOperationException("The plan was compiled without a teacher."), _teacher, replica, flat);

    /// <summary>Sets a replica's learning rate, from the next step on.</summary>
    public void SetLearningRate(int replica, double rate) => _plan.Write(_descent, replica, [-rate]);

    /// <summary>Sets a replica's weight decay, from the next step on.</summary>
    /// <exception cref="InvalidOperationException">The plan was compiled with the optimizer's constant for all.</exception>
    public void SetWeightDecay(int replica, double decay)
        => _plan.Write(_decay ?? throw new InvalidOperationException("The plan was compiled with one weight decay for all replicas."), replica, [decay]);

    /// <summary>Takes in rows that replicas may share: inputs [N, d] or targets [N, C] or [N, 1], row-major.</summary>
    public RowTable AddTable(ReadOnlySpan<float> rows, int width) => _plan.AddTable(rows, width);

    /// <summary>Takes in rows that replicas may share: inputs [N, d] or targets [N, C] or [N, 1], row-major.</summary>
    public RowTable AddTable(ReadOnlySpan<double> rows, int width) => _plan.AddTable(rows, width);

    /// <summary>Sets a replica's training set: row i of the targets labels row i of the inputs.</summary>
    /// <exception cref="ArgumentException">The tables do not fit, or batches are shuffled and larger than the training set.</exception>
    public void SetSamples(int replica, RowTable inputs, RowTable targets) => _plan.SetTables(replica, [inputs, targets]);

    /// <summary>Sets the random numbers a replica's batches are drawn with: step t uses those of step t.</summary>
    public void SetBatches(int replica, RandomSequence batches) => _plan.SetSequence(replica, batches);

    /// <summary>Does steps <paramref name="firstStep"/> to <paramref name="firstStep"/> + <paramref name="steps"/> − 1 of every replica.</summary>
    /// <returns>The next step: less than asked for only where cancellation was requested; all replicas have done the same steps.</returns>
    public long Run(long firstStep, int steps, Team team, CancellationToken cancellation = default)
        => RunAll([this], firstStep, steps, team, cancellation);

    /// <summary>The same with learning rates that follow a schedule, in as many parts as there are rates.</summary>
    /// <remarks>Where the rate stays the same, steps are done in one go, as without a schedule. Afterwards replicas keep the rate of the last step done.</remarks>
    /// <returns>The next step, as <see cref="Run(long, int, Team, CancellationToken)"/>.</returns>
    public long Run(long firstStep, int steps, ScheduleCourse rates, Team team, CancellationToken cancellation = default)
    {
        var (next, end) = (firstStep, firstStep + steps);
        while (next < end && !cancellation.IsCancellationRequested)
        {
            var (rate, stretch) = rates.From(next, end);
            for (var replica = 0; replica < Replicas; replica++)
                SetLearningRate(replica, rate);
            next = ReplicaPlan.RunAll([_plan], next, stretch, team, cancellation);
        }

        Check(next);
        return next;
    }

    /// <summary>Does the same steps of several plans, their groups of replicas shared out together.</summary>
    /// <returns>The next step, as <see cref="Run(long, int, Team, CancellationToken)"/>.</returns>
    public static long RunAll(IReadOnlyList<TrainPlan> plans, long firstStep, int steps, Team team, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plans);
        var next = ReplicaPlan.RunAll([.. plans.Select(plan => plan._plan)], firstStep, steps, team, cancellation);
        foreach (var plan in plans)
            plan.Check(next);
        return next;
    }

    /// <summary>Does steps of several plans, of each its own, their groups of replicas shared out together.</summary>
    /// <returns>Whether every plan has done its steps: not only where cancellation was requested, which leaves the plans at different steps.</returns>
    public static bool RunAll(IReadOnlyList<(TrainPlan Plan, long FirstStep, int Steps)> plans, Team team, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plans);
        var done = ReplicaPlan.RunAll([.. plans.Select(item => (item.Plan._plan, item.FirstStep, item.Steps))], team, cancellation);
        foreach (var (plan, first, steps) in plans)
            plan.Check(first + Math.Min(steps, done));
        return plans.All(item => item.Steps <= done);
    }

    /// <summary>How a replica stands.</summary>
    public ReplicaStatus Status(int replica) => _status[replica];

    /// <summary>The compiled step, instruction by instruction, for people.</summary>
    public string Explain() => _plan.Explain();

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private void Check(long next)
    {
        for (var replica = 0; replica < _status.Length; replica++)
        {
            if (_status[replica].IsDiverged)
                continue;
            GetParameters(replica, _flat);
            _status[replica] = new ReplicaStatus(!IsFinite(_flat), next);
        }
    }

    private static bool IsFinite(ReadOnlySpan<double> flat)
    {
        foreach (var value in flat)
        {
            if (!double.IsFinite(value))
                return false;
        }

        return true;
    }

    private void Write(INetwork network, Sym[] parameters, int replica, ReadOnlySpan<double> flat)
    {
        if (flat.Length != network.Layout.Count)
            throw new ArgumentException($"The network has {network.Layout.Count} parameters, but was given {flat.Length}.", nameof(flat));
        for (var i = 0; i < parameters.Length; i++)
            _plan.Write(parameters[i], replica, network.Layout.Slots[i].Of(flat));
    }
}
