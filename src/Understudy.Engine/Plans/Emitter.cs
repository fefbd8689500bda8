using System.Numerics;
using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Plans.Instructions;
using Understudy.Engine.Primitives;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans;

/// <summary>Turns the steps of a schedule into instructions over one block of memory.</summary>
/// <remarks>
/// One source for both layouts: of a single replica every element is one number, of a group of replicas it is one register. The
/// arithmetic of a replica is the same in both, operation by operation, so its bits are too.
/// </remarks>
internal sealed unsafe partial class Emitter<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    private readonly Schedule _schedule;
    private readonly ArenaLayout _layout;
    private readonly Team? _team;
    private readonly bool _isSolo;
    private readonly int _lanes;
    private readonly nint _scratchPerThread;

    internal Emitter(Schedule schedule, bool isSolo, Team? team, bool reuseBuffers)
    {
        (_schedule, _isSolo, _team) = (schedule, isSolo, team);
        _lanes = isSolo ? 1 : V.Width;
        _layout = new ArenaLayout(schedule, _lanes, sizeof(S), reuseBuffers, Workspace);
        var slots = schedule.Steps.OfType<GroupStep>().SelectMany(group => Slots(group).Values).DefaultIfEmpty(-1).Max() + 1;
        _scratchPerThread = slots * SlotSize;
    }

    /// <summary>Numbers per element: 1, or the width of a register.</summary>
    internal int Lanes => _lanes;

    /// <summary>The size of the block of memory, in numbers.</summary>
    internal long Count => _layout.Count + (_scratchPerThread * Threads);

    private int Threads => _team?.Threads ?? 1;

    private static nint SlotSize => ArenaLayout.Strip + (11 * 64 / sizeof(S));

    /// <summary>Where a value's elements start in the block, in numbers.</summary>
    internal long Offset(Sym node) => _layout.Offset(node);

    /// <summary>Whether the value has elements in the block.</summary>
    internal bool Has(Sym node) => _layout.Has(node);

    /// <summary>The instructions over the block at <paramref name="memory"/>; constants are written into it.</summary>
    internal Instruction[] Emit(S* memory)
    {
        foreach (var node in _schedule.Order.Where(node => node.Operation is Constant && _layout.Has(node)))
        {
            var count = _schedule.FullConstants.Contains(node) ? checked((int)_layout.Numbers(node)) : _lanes;
            new Span<S>(memory + _layout.Offset(node), count).Fill(S.CreateChecked(((Constant)node.Operation).Value));
        }

        foreach (var node in _schedule.Order.Where(node => node.Operation is Literal))
        {
            var values = ((Literal)node.Operation).Values.Span;
            for (var i = 0; i < values.Length; i++)
                new Span<S>(memory + _layout.Offset(node) + ((nint)i * _lanes), _lanes).Fill(S.CreateTruncating(values[i]));
        }

        var instructions = new Instruction[_schedule.Steps.Count];
        for (var i = 0; i < instructions.Length; i++)
        {
            instructions[i] = _schedule.Steps[i] switch
            {
                ProductStep product => Product(memory, product),
                GroupStep group => Group(memory, group),
                SingleStep single => Single(memory, single),
                CopyStep copy => Copy(memory, copy.From, copy.To),
                var step => throw new InvalidOperationException($"No instruction is known for {step.Describe()}."),
            };
        }

        return instructions;
    }

    private CopyRuns<S> Copy(S* memory, Sym from, Sym to) => new(At(memory, from), At(memory, to), [(0, 0)], (nint)_layout.Numbers(from), 0);

    private S* At(S* memory, Sym node) => memory + _layout.Offset(node);

    private long Workspace(PlanStep step)
    {
        var node = step.Computed;
        if (node?.Operation is ConvolutionSum sum)
        {
            var shape = sum.Extents(node.Inputs[0].Shape, node.Inputs[1].Shape);
            var isWinograd = ConvolutionChoice.IsWinograd(_schedule.Convolution, in shape);
            return _isSolo ? SoloConvolution<V, S>.Workspace(sum, in shape, isWinograd, Threads) : LaneConvolutions<V, S>.Workspace(sum, in shape, isWinograd);
        }

        if (node?.Operation is not MatMul operation)
            return 0;
        var (m, n, k) = Extents(node);
        return _isSolo
            ? Gemm<V, S>.Workspace(m, n, k, operation.TransposeLeft, operation.TransposeRight, Threads)
            : LaneGemm<V, S>.Workspace(m, n, k, sharedB: false);
    }

    private static (int M, int N, int K) Extents(Sym product)
    {
        var left = product.Inputs[0].Shape;
        return (product.Shape[-2], product.Shape[-1], ((MatMul)product.Operation).TransposeLeft ? left[-2] : left[-1]);
    }

    private Instruction Product(S* memory, ProductStep step)
    {
        var product = step.Product;
        var bias = product.Bias is null ? null : At(memory, product.Bias);
        var alpha = product.Alpha is null ? null : At(memory, product.Alpha);
        var epilogue = new Epilogue(bias, alpha, product.State is not null, product.Activation, product.Slope);
        if (product.Node.Operation is ConvolutionSum sum)
            return Convolution(memory, step, sum, product.Node, product.Result, epilogue);
        var stack = Stack(memory, step, product.Node, product.Result, epilogue);
        // a state that is still read must not be added to: its copy is
        return product.State is { } state && _schedule.Home(product.Result) != state
            ? new Sequence([Copy(memory, state, product.Result), stack])
            : stack;
    }

    private Instruction Stack(S* memory, PlanStep step, Sym node, Sym result, Epilogue epilogue)
    {
        var operation = (MatMul)node.Operation;
        var (m, n, k) = Extents(node);
        var (left, right, rank) = (node.Inputs[0], node.Inputs[1], node.Shape.Rank);
        var count = node.Shape.Product(0, rank - 2);
        S* a = At(memory, left), b = At(memory, right), c = At(memory, result);
        var (leadingA, leadingB) = (left.Shape[-1], right.Shape[-1]);
        nint stepA = (nint)m * k * _lanes, stepB = (nint)k * n * _lanes, stepC = (nint)m * n * _lanes;
        if (_isSolo)
        {
            var first = new GemmArguments<S>
            {
                M = m,
                N = n,
                K = k,
                A = a,
                LeadingA = leadingA,
                TransposeA = operation.TransposeLeft,
                B = b,
                LeadingB = leadingB,
                TransposeB = operation.TransposeRight,
                C = c,
                LeadingC = n,
                Accumulate = epilogue.Accumulate,
                Alpha = epilogue.Alpha,
                Bias = epilogue.Bias,
                Activation = epilogue.Activation,
                Slope = S.CreateChecked(epilogue.Slope),
                Workspace = memory + _layout.Workspace(step),
            };
            return new SoloProduct<V, S>(first, count, stepA, stepB, stepC, _team);
        }

        nint row = _lanes;
        var lanes = new LaneGemmArguments<S>
        {
            M = m,
            N = n,
            K = k,
            A = a,
            RowA = operation.TransposeLeft ? row : leadingA * row,
            ColumnA = operation.TransposeLeft ? leadingA * row : row,
            B = b,
            RowB = operation.TransposeRight ? row : leadingB * row,
            ColumnB = operation.TransposeRight ? leadingB * row : row,
            Workspace = memory + _layout.Workspace(step),
            C = c,
            RowC = n * row,
            ColumnC = row,
            Accumulate = epilogue.Accumulate,
            Alpha = epilogue.Alpha,
            Bias = epilogue.Bias,
            ColumnBias = row,
            Activation = epilogue.Activation,
            Slope = S.CreateChecked(epilogue.Slope),
        };
        return new LaneProduct<V, S>(lanes, count, stepA, stepB, stepC);
    }

    private Dictionary<Sym, int> Slots(GroupStep group) => GroupScratch.Of(group, _schedule.Home, _layout.IsScratch);

    private ElementGroup<S> Group(S* memory, GroupStep group)
    {
        var slots = Slots(group);
        var members = new GroupMember<S>[group.Operations.Count];
        for (var i = 0; i < members.Length; i++)
        {
            var operation = group.Operations[i];
            ref var member = ref members[i];
            member.Kernel = Elementwise<V, S>.Kernel(operation.Kernel);
            (member.Call.P, member.Call.Q) = (S.CreateChecked(operation.P), S.CreateChecked(operation.Q));
            var y = Place(operation.Result);
            var (first, second, third) = (Operand(operation, 0), Operand(operation, 1), Operand(operation, 2));
            member.Call.Y = y.Start;
            member.Call.A = first.Start;
            member.Call.B = second.Start;
            member.Call.C = third.Start;
            (member.Call.StepA, member.Call.StepB, member.Call.StepC) = (first.Step, second.Step, third.Step);
            (member.MovesY, member.MovesA, member.MovesB, member.MovesC) = (y.Moves, first.Moves, second.Moves, third.Moves);
            (member.ScratchY, member.ScratchA, member.ScratchB, member.ScratchC) = (y.IsScratch, first.IsScratch, second.IsScratch, third.IsScratch);
        }

        var sums = new GroupSum<S>[group.Sums.Count];
        for (var i = 0; i < sums.Length; i++)
        {
            var (sum, source) = (group.Sums[i], Place(group.Sums[i].Inputs[0]));
            sums[i] = new GroupSum<S>
            {
                Kernel = &Reductions<V, S>.AddRows,
                Source = source.Start,
                Moves = source.Moves,
                Sum = At(memory, sum),
                Columns = (nint)sum.Shape.Count * _lanes,
            };
        }

        return new ElementGroup<S>(members, sums, (nint)group.Count * _lanes, ArenaLayout.Strip, _scratchPerThread, _team);

        Pointer Place(Sym node)
        {
            node = _schedule.Home(node);
            return slots.TryGetValue(node, out var slot)
                ? new Pointer(memory + (nint)_layout.Count + (slot * SlotSize), moves: false, isScratch: true, ElementStep.Full)
                : new Pointer(At(memory, node), moves: !_layout.IsTiled(node), isScratch: false, ElementStep.Full);
        }

        Pointer Operand(GroupOperation operation, int index)
        {
            if (index >= operation.Operands.Length)
                return default;
            var operand = operation.Operands[index];
            return operand.IsScalar
                ? new Pointer(At(memory, operand.Source), moves: false, isScratch: false, _isSolo ? ElementStep.One : ElementStep.Register)
                : Place(operand.Source);
        }
    }

    private readonly struct Epilogue(S* bias, S* alpha, bool accumulate, Activation activation, double slope)
    {
        internal readonly S* Bias = bias;
        internal readonly S* Alpha = alpha;
        internal readonly bool Accumulate = accumulate;
        internal readonly Activation Activation = activation;
        internal readonly double Slope = slope;
    }

    private readonly struct Pointer(S* start, bool moves, bool isScratch, ElementStep step)
    {
        internal readonly S* Start = start;
        internal readonly bool Moves = moves;
        internal readonly bool IsScratch = isScratch;
        internal readonly ElementStep Step = step;
    }
}
