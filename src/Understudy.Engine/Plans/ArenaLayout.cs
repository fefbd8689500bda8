using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>Where every value of a schedule lies in one block of memory, by the time it is needed.</summary>
/// <remarks>
/// Offsets are in elements of the plan's type. Every buffer starts on a 64-byte border and has one spare register behind it,
/// so that kernels may read past its end. A value used only inside its element-wise group lies in a strip-sized scratch buffer.
/// </remarks>
internal sealed class ArenaLayout
{
    /// <summary>Elements of an element-wise group that are worked on at a time, so that they stay in the first-level cache.</summary>
    internal const int Strip = 1024;

    private const int Alignment = 64;

    private readonly Schedule _schedule;
    private readonly int _lanes;
    private readonly int _elementSize;
    private readonly Dictionary<Sym, long> _offsets = [];
    private readonly HashSet<Sym> _scratch = [];
    private readonly Dictionary<PlanStep, long> _workspaces = [];
    private readonly Dictionary<Sym, int> _lastUse = [];
    private readonly HashSet<Sym> _lasting = [];
    private readonly HashSet<Sym> _tiled = [];
    private readonly FreeList _free = new();

    /// <summary>Lays a schedule out.</summary>
    /// <param name="schedule">The steps.</param>
    /// <param name="lanes">Replicas per element.</param>
    /// <param name="elementSize">Bytes per number.</param>
    /// <param name="reuse">Whether memory is used again.</param>
    /// <param name="workspace">Numbers a step needs while it runs.</param>
    internal ArenaLayout(Schedule schedule, int lanes, int elementSize, bool reuse, Func<PlanStep, long> workspace)
    {
        (_schedule, _lanes, _elementSize) = (schedule, lanes, elementSize);
        FindScratch();
        FindTiled();
        FindLastUses();
        PlaceLasting();
        for (var at = 0; at < schedule.Steps.Count; at++)
        {
            var step = schedule.Steps[at];
            PlaceResults(step, at, reuse);
            var needed = workspace(step);
            if (needed > 0)
                _workspaces[step] = Allocate(needed);
            if (!reuse)
                continue;
            if (needed > 0)
                _free.Give(_workspaces[step], Rounded(needed));
            ReleaseDead(at);
        }

        Count = _free.End;
    }

    /// <summary>The number of elements of the whole block.</summary>
    internal long Count { get; }

    /// <summary>Where a value's elements start, in numbers.</summary>
    internal long Offset(Sym node) => _offsets[_schedule.Home(node)];

    /// <summary>Whether the value has elements in the block.</summary>
    internal bool Has(Sym node) => _offsets.ContainsKey(_schedule.Home(node));

    /// <summary>Whether the value lives in a scratch buffer of its group.</summary>
    internal bool IsScratch(Sym node) => _scratch.Contains(_schedule.Home(node));

    /// <summary>Whether only a strip of the value is kept, because every strip of it is the same: a row that is repeated for element-wise groups.</summary>
    internal bool IsTiled(Sym node) => _tiled.Contains(_schedule.Home(node));

    /// <summary>Where a step's working memory starts.</summary>
    internal long Workspace(PlanStep step) => _workspaces.GetValueOrDefault(step);

    /// <summary>Numbers of a value: one per element and replica, as far as they are kept.</summary>
    internal long Numbers(Sym node) => IsTiled(node) ? Strip : (long)node.Shape.Count * _lanes;

    private void FindScratch()
    {
        var readElsewhere = new HashSet<Sym>();
        foreach (var step in _schedule.Steps)
        {
            var own = step is GroupStep group ? group.Operations.Select(operation => operation.Result).ToHashSet() : [];
            foreach (var read in step.Reads.Select(_schedule.Home).Where(read => !own.Contains(read)))
                readElsewhere.Add(read);
        }

        foreach (var output in _schedule.Outputs)
            readElsewhere.Add(_schedule.Home(output));
        foreach (var result in _schedule.Steps.OfType<GroupStep>().SelectMany(step => step.Operations).Select(operation => operation.Result))
        {
            if (_schedule.Home(result) == result && !readElsewhere.Contains(result))
                _scratch.Add(result);
        }
    }

    private void FindTiled()
    {
        var whole = _schedule.Steps.Where(step => step is not GroupStep).SelectMany(step => step.Reads).Concat(_schedule.Outputs).Select(_schedule.Home).ToHashSet();
        foreach (var node in _schedule.Steps.OfType<SingleStep>().Select(step => step.Node).Where(node => !whole.Contains(node)))
        {
            if (node.Operation is Broadcast { Inserted.Values: var inserted } && !inserted.IsEmpty && inserted[^1] == inserted.Length - 1
                && Strip % ((long)node.Inputs[0].Shape.Count * _lanes) == 0 && (long)node.Shape.Count * _lanes > Strip)
            {
                _tiled.Add(node);
            }
        }
    }

    private void FindLastUses()
    {
        for (var at = 0; at < _schedule.Steps.Count; at++)
        {
            foreach (var node in _schedule.Steps[at].Reads.Concat(_schedule.Steps[at].Writes).Select(_schedule.Home))
            {
                // what the first part leaves for the second must outlive every repetition of the second
                if (at >= _schedule.Prepared && _lastUse.TryGetValue(node, out var before) && before < _schedule.Prepared)
                    _lasting.Add(node);
                _lastUse[node] = at;
            }
        }

        _lasting.UnionWith(_schedule.Outputs.Select(_schedule.Home));
        _lasting.UnionWith(_schedule.Order.Where(node => node.Operation is Leaf));
    }

    private void PlaceLasting()
    {
        foreach (var node in _schedule.Order.Where(node => node.Operation is Input or Literal || _schedule.FullConstants.Contains(node)))
            _offsets[node] = Allocate(Numbers(node));
        foreach (var node in _schedule.Order.Where(node => node.Operation is Constant && !_schedule.FullConstants.Contains(node)))
            _offsets[node] = Allocate(_lanes);
        foreach (var node in _schedule.Outputs.Select(_schedule.Home).Where(node => !_offsets.ContainsKey(node)).Distinct())
            _offsets[node] = Allocate(Numbers(node));
    }

    private void PlaceResults(PlanStep step, int at, bool reuse)
    {
        foreach (var node in step.Writes.Where(node => _schedule.Home(node) == node && !_offsets.ContainsKey(node)))
        {
            if (_scratch.Contains(node))
                continue;
            _offsets[node] = reuse && step is GroupStep group && Dying(group, node, at) is { } operand
                ? TakeOver(operand)
                : Allocate(Numbers(node));
        }
    }

    // an operand nobody reads any more, in or after this group, gives its place to the result of the operation that reads it last
    private Sym? Dying(GroupStep group, Sym result, int at)
    {
        var index = group.Operations.FindIndex(operation => operation.Result == result);
        if (index < 0)
            return null;
        foreach (var operand in group.Operations[index].Operands.Where(operand => !operand.IsScalar))
        {
            var home = _schedule.Home(operand.Source);
            var isReadAfter = group.Operations.Skip(index + 1).Any(other => other.Operands.Any(read => _schedule.Home(read.Source) == home));
            if (!isReadAfter && !_lasting.Contains(home) && _lastUse[home] == at && _offsets.ContainsKey(home) && home.Shape.Count == result.Shape.Count && !_tiled.Contains(home)
                && !group.Operations.Exists(member => member.Result == home))
            {
                return home;
            }
        }

        return null;
    }

    private long TakeOver(Sym operand)
    {
        // its place now ends with the result
        _lasting.Add(operand);
        return _offsets[operand];
    }

    private void ReleaseDead(int at)
    {
        foreach (var node in _schedule.Steps[at].Reads.Concat(_schedule.Steps[at].Writes).Select(_schedule.Home).Distinct())
        {
            if (_lastUse[node] == at && !_lasting.Contains(node) && _offsets.TryGetValue(node, out var offset))
                _free.Give(offset, Rounded(Numbers(node)));
        }
    }

    private long Allocate(long numbers) => _free.Take(Rounded(numbers));

    private long Rounded(long numbers)
    {
        var perLine = Alignment / _elementSize;
        return ((numbers + perLine - 1) / perLine * perLine) + (numbers >= 4096 ? 11 : 1) * perLine;
    }
}
