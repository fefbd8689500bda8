using Understudy.Engine.Plans;

namespace Understudy.Learning.Training;

/// <summary>What replicas of a plan carry from step to step besides the parameters, as one flat vector each.</summary>
internal sealed class CarriedStates(ReplicaPlan plan, IReadOnlyList<CarriedState> states)
{
    /// <summary>The length of the vector.</summary>
    internal int Count { get; } = states.Sum(state => state.State.Shape.Count);

    /// <summary>Sets a replica's states to what they are before the first step.</summary>
    internal void Begin(int replica)
    {
        foreach (var (state, start, _) in states)
        {
            var values = new double[state.Shape.Count];
            values.AsSpan().Fill(start);
            plan.Write(state, replica, values);
        }
    }

    /// <summary>Reads a replica's states.</summary>
    internal void Read(int replica, Span<double> flat)
    {
        foreach (var (state, _, _) in states)
        {
            plan.Read(state, replica, flat[..state.Shape.Count]);
            flat = flat[state.Shape.Count..];
        }
    }

    /// <summary>Sets a replica's states.</summary>
    internal void Write(int replica, ReadOnlySpan<double> flat)
    {
        foreach (var (state, _, _) in states)
        {
            plan.Write(state, replica, flat[..state.Shape.Count]);
            flat = flat[state.Shape.Count..];
        }
    }
}
