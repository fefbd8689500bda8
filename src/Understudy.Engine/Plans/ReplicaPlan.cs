using System.Numerics;
using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans;

/// <summary>A compiled step that many replicas do, each in a lane of a register or one after the other.</summary>
/// <remarks>
/// In lanes the replicas are cut into groups of one register. A thread takes a group through a whole block of steps before the next
/// group, so that its states stay in the second-level cache. The last group is padded with idle lanes that are never reported.
/// A replica's bits do not depend on the others, on the threads, on the register or on <see cref="ReplicaLayout"/>.
/// </remarks>
public sealed class ReplicaPlan : IDisposable
{
    // long enough to keep a group in the cache, short enough that cancelling is prompt
    private const int BlockSteps = 250;

    private readonly Schedule _schedule;
    private readonly ReplicaGroup[] _groups;
    private readonly List<RowTable> _tables = [];
    private readonly DType _precision;

    private ReplicaPlan(Schedule schedule, ReplicaGroup[] groups, int replicas, DType precision)
    {
        _schedule = schedule;
        _groups = groups;
        _precision = precision;
        Replicas = replicas;
    }

    /// <summary>The number of replicas.</summary>
    public int Replicas { get; }

    /// <summary>The memory of all groups in bytes, without the tables.</summary>
    public long Bytes => _groups.Sum(group => group.Executor.Bytes);

    /// <summary>The replicas in groups of those that are computed together.</summary>
    internal IReadOnlyList<ReplicaGroup> Groups => _groups;

    private int Lanes => _groups[0].Executor.Lanes;

    /// <summary>Compiles a program for a number of replicas.</summary>
    /// <exception cref="ArgumentException">The program overwrites or keeps what is not an input, or feeds do not fit.</exception>
    public static ReplicaPlan Compile(ReplicaProgram program, int replicas, DType precision = DType.F32, ReplicaLayout layout = ReplicaLayout.Automatic)
        => Compile(program, replicas, precision, layout, poison: false);

    /// <summary>
    /// The same; where <paramref name="poison"/> is set, memory starts as NaN, so that tests see what is read before it is written. Values of at least
    /// <paramref name="smallestFused"/> elements are kept out of memory.
    /// </summary>
    internal static ReplicaPlan Compile(ReplicaProgram program, int replicas, DType precision, ReplicaLayout layout, bool poison, int smallestFused = PlanOptions.Large)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        Updates.Check(program.Updates);
        Feed.Check(program);
        if (program.Kept.FirstOrDefault(kept => kept.Operation is not Input) is { } computed)
            throw new ArgumentException($"Only an input can be kept, but {computed} is computed.");
        var schedule = new Schedule([], new PlanOptions { Updates = program.Updates, Kept = program.Kept, Convolution = program.Convolution, SmallestFused = smallestFused });
        return new ReplicaPlan(schedule, Registers.Best(precision, new Compilation(schedule, program, replicas, layout, poison)), replicas, precision);
    }

    /// <summary>Sets the elements of an input of one replica, row-major; without effect where nothing reads it.</summary>
    /// <exception cref="ArgumentException">The value is not an input, or the number of elements is not its.</exception>
    public void Write(Sym input, int replica, ReadOnlySpan<double> values) => Executor(replica).WriteInput(input, replica % Lanes, values);

    /// <summary>Sets the elements of an input of one replica, row-major; without effect where nothing reads it.</summary>
    /// <exception cref="ArgumentException">The value is not an input, or the number of elements is not its.</exception>
    public void Write(Sym input, int replica, ReadOnlySpan<float> values) => Executor(replica).WriteInput(input, replica % Lanes, values);

    /// <summary>Gives the elements of an input of one replica, row-major.</summary>
    /// <exception cref="ArgumentException">The value is not an input that an update reads or that is kept, or the number of elements is not its.</exception>
    public void Read(Sym input, int replica, Span<double> values) => Executor(replica).ReadInput(input, replica % Lanes, values);

    /// <summary>Takes in rows of <paramref name="width"/> numbers, row-major, that replicas may share; the plan owns the copy.</summary>
    public RowTable AddTable(ReadOnlySpan<float> rows, int width) => Add(rows, width);

    /// <summary>Takes in rows of <paramref name="width"/> numbers, row-major, that replicas may share; the plan owns the copy.</summary>
    public RowTable AddTable(ReadOnlySpan<double> rows, int width) => Add(rows, width);

    /// <summary>Sets the tables a replica's row feeds are drawn from, in the order of their targets.</summary>
    /// <exception cref="ArgumentException">A table has another width than its target, another number of rows than the first, or another precision than the plan.</exception>
    public void SetTables(int replica, IReadOnlyList<RowTable> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (tables.Any(table => table.Precision != _precision))
            throw new ArgumentException($"The plan computes in {_precision}, but a table of another precision was given.", nameof(tables));
        _groups[Group(replica)].SetTables(replica % Lanes, tables);
    }

    /// <summary>Sets the random numbers of a replica's feeds; step t uses those of step t.</summary>
    public void SetSequence(int replica, RandomSequence sequence) => _groups[Group(replica)].SetSequence(replica % Lanes, sequence);

    /// <summary>Does steps of several plans; their groups are shared out together, the longest first.</summary>
    /// <returns>The next step; less than <paramref name="firstStep"/> + <paramref name="steps"/> only where cancellation was requested.</returns>
    /// <exception cref="ArgumentException">A plan is named twice.</exception>
    /// <exception cref="InvalidOperationException">A replica lacks tables or random numbers. No plan has done a step then.</exception>
    /// <exception cref="ObjectDisposedException">A plan or a table was disposed of. No plan has done a step then.</exception>
    public static long RunAll(IReadOnlyList<ReplicaPlan> plans, long firstStep, int steps, Team team, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        var done = RunAll([.. plans.Select(plan => (plan, firstStep, steps))], team, cancellation);
        return firstStep + (plans.Count == 0 ? steps : done);
    }

    /// <summary>Does steps of several plans, of each its own; their groups are shared out together, those with most to do first.</summary>
    /// <returns>The number of steps done by a plan that was asked for that many or more: the largest number asked for unless cancellation was requested.</returns>
    /// <exception cref="ArgumentException">A plan is named twice.</exception>
    /// <exception cref="InvalidOperationException">A replica lacks tables or random numbers. No plan has done a step then.</exception>
    /// <exception cref="ObjectDisposedException">A plan or a table was disposed of. No plan has done a step then.</exception>
    public static int RunAll(IReadOnlyList<(ReplicaPlan Plan, long FirstStep, int Steps)> plans, Team team, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentNullException.ThrowIfNull(team);
        foreach (var (_, _, steps) in plans)
            ArgumentOutOfRangeException.ThrowIfNegative(steps, nameof(plans));
        if (plans.DistinctBy(item => item.Plan).Count() < plans.Count)
            throw new ArgumentException("A plan is named twice.", nameof(plans));
        var groups = plans.SelectMany(item => item.Plan._groups.Select(group => (Group: group, item.FirstStep, item.Steps)))
            .OrderByDescending(item => (double)item.Group.Executor.Bytes * item.Steps).ToArray();
        foreach (var (group, _, _) in groups)
            group.CheckReady();
        var (done, most) = (0, plans.Count == 0 ? 0 : plans.Max(item => item.Steps));
        void Work(int index)
        {
            var (group, first, steps) = groups[index];
            group.Run(first + done, Math.Max(0, Math.Min(BlockSteps, steps - done)));
        }

        while (done < most && !cancellation.IsCancellationRequested)
        {
            team.Run(groups.Length, Work);
            done = Math.Min(most, done + BlockSteps);
        }

        return done;
    }

    /// <summary>The instructions of a step, one per line, for people.</summary>
    public string Explain() => Plan.Describe(_schedule, _groups[0].Executor);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in _groups)
            group.Dispose();
        foreach (var table in _tables)
            table.Dispose();
    }

    private RowTable Add<T>(ReadOnlySpan<T> rows, int width)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (rows.Length == 0 || rows.Length % width != 0)
            throw new ArgumentException($"{rows.Length} numbers are not rows of {width}.", nameof(rows));
        var table = RowTable.Of(rows, width, _precision);
        _tables.Add(table);
        return table;
    }

    private int Group(int replica)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replica);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(replica, Replicas);
        return replica / Lanes;
    }

    private Executor Executor(int replica) => _groups[Group(replica)].Executor;

    private sealed unsafe class Compilation(Schedule schedule, ReplicaProgram program, int replicas, ReplicaLayout layout, bool poison) : IRegisterVisitor<ReplicaGroup[]>
    {
        public ReplicaGroup[] Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var emitter = new Emitter<V, S>(schedule, isSolo: false, team: null, reuseBuffers: true);
            if (layout == ReplicaLayout.Alone || (layout == ReplicaLayout.Automatic && IsFasterAlone(emitter.Count * sizeof(S), V.Width)))
                emitter = new Emitter<V, S>(schedule, isSolo: true, team: null, reuseBuffers: true);
            var groups = new ReplicaGroup[(replicas + emitter.Lanes - 1) / emitter.Lanes];
            for (var i = 0; i < groups.Length; i++)
                groups[i] = new ReplicaGroup<V, S>(emitter, program, Math.Min(emitter.Lanes, replicas - (i * emitter.Lanes)), schedule.Steps.Count, poison);
            return groups;
        }

        /// <summary>Lanes that stand idle cost as much as the others; wide networks in lanes outgrow the cache, and narrow ones alone do not fill registers.</summary>
        /// <remarks>Time in a lane over time alone, measured with steps of 2 to 4,000 µs on a Zen 3 core: 0.66 to 0.75 below a quarter of a megabyte, 0.92 to 0.94 up to 1.5, 1.1 to 1.7 above.</remarks>
        private bool IsFasterAlone(long bytes, int lanes)
        {
            var inLane = bytes <= 1 << 18 ? 0.7 : bytes <= 3 << 19 ? 0.93 : 1.2;
            return replicas < (replicas + lanes - 1) / lanes * lanes * inLane;
        }
    }
}
