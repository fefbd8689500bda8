using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>What may be overwritten.</summary>
internal static class Updates
{
    /// <exception cref="ArgumentException">A state is not an input, is overwritten twice, or has another shape than its next value.</exception>
    internal static void Check(IReadOnlyList<Update> updates)
    {
        var seen = new HashSet<Sym>();
        foreach (var (state, next) in updates)
        {
            if (state.Operation is not Input)
                throw new ArgumentException($"Only an input can be overwritten, but {state} is computed.");
            if (!seen.Add(state))
                throw new ArgumentException($"{state} is overwritten twice.");
            if (state.Shape != next.Shape)
                throw new ShapeException("An update", "a next value of the state's shape", state.Shape, next.Shape);
        }
    }
}
