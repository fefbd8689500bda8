using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Training;

/// <summary>Stochastic gradient descent on many replicas of one network at once, each with its own parameters, data, teacher and learning rate.</summary>
/// <remarks>
/// Replicas lie in the lanes of a register. A replica's numbers do not depend on how many others there are, on the number of
/// threads or on the register width. Cost per step and replica: about batch·(4 d n + 6 n C) operations for one hidden layer of n nodes;
/// nothing is allocated after <see cref="Compile"/>.
/// </remarks>
public sealed class TrainPlan : IDisposable
{
    private readonly ReplicaPlan _plan;
    private readonly Sym[] _parameters;
    private readonly Sym[] _teacher;
    private readonly Sym _descent;
    private readonly IReadOnlyList<(Sym State, double Start)> _optimizer;
    private readonly INetwork _student;
    private readonly INetwork? _teacherNetwork;
    private readonly ReplicaStatus[] _status;
    private readonly double[] _flat;

    private TrainPlan(TrainOptions options, TrainStep step)
    {
        (_student, _teacherNetwork) = (options.Student, options.Teacher);
        (_parameters, _teacher, _descent, _optimizer) = (step.Parameters, step.Teacher, step.Descent, step.Optimizer);
        _plan = ReplicaPlan.Compile(step.Program, options.Replicas, options.Precision, options.Layout);
        _status = new ReplicaStatus[options.Replicas];
        _flat = new double[ParameterCount];
        OptimizerCount = _optimizer.Sum(state => state.State.Shape.Count);
    }

    /// <summary>The number of replicas.</summary>
    public int Replicas => _status.Length;

    /// <summary>The length of a student's flat parameter vector.</summary>
    public int ParameterCount => _student.Layout.Count;

    /// <summary>The length of what an optimizer carries from step to step: 0 for plain descent.</summary>
    public int OptimizerCount { get; }

    /// <summary>Traces and compiles the training step.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static TrainPlan Compile(TrainOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TrainPlan(options, TrainStep.Trace(options));
    }

    /// <summary>Sets a replica's parameters; its optimizer begins anew.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="flat">A vector of the student's layout.</param>
    public void SetParameters(int replica, ReadOnlySpan<double> flat)
    {
        Write(_student, _parameters, replica, flat);
        foreach (var (state, start) in _optimizer)
        {
            var values = new double[state.Shape.Count];
            values.AsSpan().Fill(start);
            _plan.Write(state, replica, values);
        }

        _status[replica] = default;
    }

    /// <summary>Reads what a replica's optimizer carries, [<see cref="OptimizerCount"/>].</summary>
    public void GetOptimizer(int replica, Span<double> flat)
    {
        foreach (var (state, _) in _optimizer)
        {
            _plan.Read(state, replica, flat[..state.Shape.Count]);
            flat = flat[state.Shape.Count..];
        }
    }

    /// <summary>Sets what a replica's optimizer carries, after <see cref="SetParameters"/>.</summary>
    public void SetOptimizer(int replica, ReadOnlySpan<double> flat)
    {
        foreach (var (state, _) in _optimizer)
        {
            _plan.Write(state, replica, flat[..state.Shape.Count]);
            flat = flat[state.Shape.Count..];
        }
    }

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

    /// <summary>Does the same steps of several plans, their groups of replicas shared out together.</summary>
    /// <returns>The next step, as <see cref="Run"/>.</returns>
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
            var isDiverged = false;
            foreach (var value in _flat)
                isDiverged |= !double.IsFinite(value);
            _status[replica] = new ReplicaStatus(isDiverged, next);
        }
    }

    private void Write(INetwork network, Sym[] parameters, int replica, ReadOnlySpan<double> flat)
    {
        if (flat.Length != network.Layout.Count)
            throw new ArgumentException($"The network has {network.Layout.Count} parameters, but was given {flat.Length}.", nameof(flat));
        for (var i = 0; i < parameters.Length; i++)
            _plan.Write(parameters[i], replica, network.Layout.Slots[i].Of(flat));
    }
}
