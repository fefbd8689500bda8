using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <content>What keeps large values out of memory: sums over rows join the group that computes them, and what follows from one other value in a few operations is computed again.</content>
internal sealed partial class Schedule
{
    // operations that are computed again rather than written to memory and read back
    private const int LongestChain = 4;

    // the group of every element-wise value
    private readonly Dictionary<Sym, GroupStep> _groups = [];
    private readonly Dictionary<Sym, HashSet<PlanStep>> _readers = [];
    private readonly Dictionary<Sym, Chain> _chains = [];

    // what a group computes again, in the order of its first operations
    private readonly Dictionary<GroupStep, Dictionary<Sym, Sym>> _copies = [];

    private void Fuse(bool sumsToo, int smallest)
    {
        // one number may be read as a scalar by groups of any size
        smallest = Math.Max(2, smallest);
        foreach (var group in Steps.OfType<GroupStep>().Where(group => group.Count >= smallest))
        {
            foreach (var operation in group.Operations)
                _groups[operation.Result] = group;
        }

        if (sumsToo)
            JoinSums();
        foreach (var step in Steps)
        {
            foreach (var read in step.Reads)
                ReadersOf(Written(read)).Add(step);
        }

        foreach (var group in Steps.OfType<GroupStep>().Where(group => group.Count >= smallest).ToArray())
        {
            foreach (var operation in group.Operations.ToArray())
                Derive(operation, group);
        }

        foreach (var group in Steps.OfType<GroupStep>().Where(group => group.Count >= smallest))
            DropUnread(group);
        RemoveSteps(step => step is GroupStep { Operations.Count: 0 });
    }

    private HashSet<PlanStep> ReadersOf(Sym value) => _readers.TryGetValue(value, out var known) ? known : _readers[value] = [];

    private void JoinSums()
    {
        var joined = new HashSet<PlanStep>();
        foreach (var step in Steps.OfType<SingleStep>())
        {
            // the sum over rows of a strip goes on where that of the strip before ended
            if (step.Node is not { Operation: Sum { Over: var over } } sum || _updating.Contains(sum) || over.Values[0] != 0 || over.Values[^1] != over.Values.Length - 1
                || sum.Shape.Count < 2 || ArenaLayout.Strip % sum.Shape.Count != 0 || !_groups.TryGetValue(Written(sum.Inputs[0]), out var group) || _updating.Contains(Written(sum.Inputs[0])))
            {
                continue;
            }

            group.Sums.Add(sum);
            joined.Add(step);
        }

        RemoveSteps(joined.Contains);
    }

    /// <summary>Lets other groups compute the operation's value again, if they are its only readers elsewhere and it follows from one value that is in memory anyway.</summary>
    private void Derive(GroupOperation operation, GroupStep group)
    {
        var result = operation.Result;
        if (_updating.Contains(result) || ChainOf(operation) is not { } chain)
            return;
        var others = ReadersOf(result).Where(reader => reader != group).ToArray();
        if (others.Any(reader => reader is not GroupStep || IsPrepared(reader) != IsPrepared(group)) || _uses.IsKept(result) || Outputs.Any(output => Home(output) == result))
            return;
        _chains[result] = chain;
        foreach (var reader in others.Cast<GroupStep>())
        {
            var copy = Again(result, reader);
            for (var i = 0; i < reader.Operations.Count; i++)
            {
                var reading = reader.Operations[i];
                reader.Operations[i] = reading with { Operands = [.. reading.Operands.Select(operand => Written(operand.Source) == result ? operand with { Source = copy } : operand)] };
            }

            ReadersOf(result).Remove(reader);
        }
    }

    private bool IsPrepared(PlanStep step) => Steps.IndexOf(step) < Prepared;

    private Chain? ChainOf(GroupOperation operation)
    {
        if (!IsCheap(operation.Kernel))
            return null;
        var chain = new Chain(operation, null, 1);
        foreach (var operand in operation.Operands)
        {
            var source = Written(operand.Source);
            if (Updates.Any(update => update.State == source))
                return null;
            if (operand.IsScalar || source.Operation is Constant || IsStrip(source))
                continue;
            var isDerived = _chains.TryGetValue(source, out var before);
            // a value that is read within its group alone is not in memory
            if (!isDerived && _groups.TryGetValue(source, out var group) && ReadersOf(source).All(reader => reader == group))
                return null;
            var root = isDerived ? before!.Root : source;
            if (root is not null && chain.Root is not null && chain.Root != root)
                return null;
            chain = chain with { Root = chain.Root ?? root, Length = chain.Length + (before?.Length ?? 0) };
        }

        return chain.Length <= LongestChain ? chain : null;
    }

    /// <summary>The value as the group computes it again; values in memory stand for themselves.</summary>
    private Sym Again(Sym value, GroupStep group)
    {
        value = Written(value);
        if (!_chains.TryGetValue(value, out var chain))
            return value;
        if (!_copies.TryGetValue(group, out var copies))
            _copies[group] = copies = [];
        if (copies.TryGetValue(value, out var known))
            return known;
        GroupOperand[] operands = [.. chain.Operation.Operands.Select(operand => operand.IsScalar ? operand : operand with { Source = Again(operand.Source, group) })];
        var copy = new Sym(value.Operation, value.Caller, value.Inputs.ToArray());
        group.Operations.Insert(copies.Count, chain.Operation with { Result = copy, Operands = operands });
        foreach (var operand in operands)
            ReadersOf(Written(operand.Source)).Add(group);
        (_groups[copy], _chains[copy]) = (group, chain);
        ReadersOf(copy).Add(group);
        return copies[value] = copy;
    }

    private void DropUnread(GroupStep group)
    {
        for (var i = group.Operations.Count - 1; i >= 0; i--)
        {
            var result = group.Operations[i].Result;
            var isRead = !_chains.ContainsKey(result) || ReadersOf(result).Any(reader => reader != group)
                || group.ReadsAfter(result).Concat(group.Sums.Select(sum => sum.Inputs[0])).Any(read => Written(read) == result);
            if (!isRead)
                group.Operations.RemoveAt(i);
        }
    }

    private void RemoveSteps(Predicate<PlanStep> isGone)
    {
        Prepared -= Steps.Take(Prepared).Count(step => isGone(step));
        Steps.RemoveAll(isGone);
    }

    // a row that is repeated: only a strip of it is ever kept
    private bool IsStrip(Sym value)
        => IsRepeatedRow(value) && ReadersOf(value).All(reader => reader is GroupStep) && !_uses.IsKept(value);

    private static bool IsRepeatedRow(Sym value)
        => value.Operation is Broadcast { Inserted.Values: var inserted } && !inserted.IsEmpty && inserted[^1] == inserted.Length - 1 && ArenaLayout.Strip % value.Inputs[0].Shape.Count == 0;

    private static bool IsCheap(ElementOperation operation) => operation is ElementOperation.Affine or ElementOperation.Add or ElementOperation.Subtract or ElementOperation.Multiply
        or ElementOperation.Square or ElementOperation.Rectify or ElementOperation.RectifyGrad or ElementOperation.Step or ElementOperation.Abs or ElementOperation.Max or ElementOperation.Min;

    /// <summary>Operations that lead from one value in memory, or from rows and constants alone, to another.</summary>
    private sealed record Chain(GroupOperation Operation, Sym? Root, int Length);
}
