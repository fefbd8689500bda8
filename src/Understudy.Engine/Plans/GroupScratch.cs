using Understudy.Engine.Graphs;

namespace Understudy.Engine.Plans;

/// <summary>Which buffer of a strip holds which value of an element-wise group: a buffer is used again as soon as nobody reads its value any more.</summary>
internal static class GroupScratch
{
    /// <summary>The number of the buffer of every value that has no other place.</summary>
    internal static Dictionary<Sym, int> Of(GroupStep group, Func<Sym, Sym> home, Predicate<Sym> isScratch)
    {
        var last = new Dictionary<Sym, int>();
        for (var i = 0; i < group.Operations.Count; i++)
        {
            last[home(group.Operations[i].Result)] = i;
            foreach (var operand in group.Operations[i].Operands)
                last[home(operand.Source)] = i;
        }

        // sums come after all operations
        foreach (var sum in group.Sums)
            last[home(sum.Inputs[0])] = int.MaxValue;
        var (slots, free, count) = (new Dictionary<Sym, int>(), new Stack<int>(), 0);
        for (var i = 0; i < group.Operations.Count; i++)
        {
            // an operation may overwrite what it reads
            foreach (var read in group.Operations[i].Operands.Select(operand => home(operand.Source)).Distinct())
            {
                if (last[read] == i && slots.TryGetValue(read, out var slot))
                    free.Push(slot);
            }

            var result = home(group.Operations[i].Result);
            if (!isScratch(result))
                continue;
            slots[result] = free.TryPop(out var known) ? known : count++;
            if (last[result] == i)
                free.Push(slots[result]);
        }

        return slots;
    }
}
