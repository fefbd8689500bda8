using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Training;

/// <summary>The masks of replicas: the step multiplies gradients by them, so what is 0 here stays 0.</summary>
internal sealed class ReplicaMasks
{
    private readonly ReplicaPlan _plan;
    private readonly ParameterLayout _layout;
    private readonly Sym[] _masks;
    private readonly (Sym Value, int Parameter)[] _masked;
    private readonly bool[][] _isKept;

    /// <summary>Masks that keep everything.</summary>
    internal ReplicaMasks(ReplicaPlan plan, ParameterLayout layout, TrainStep step)
    {
        (_plan, _layout, _masks) = (plan, layout, step.Masks);
        _masked = [
            .. step.Parameters.Select((parameter, i) => (parameter, i)),
            .. step.Carried.Where(carried => carried.Parameter is not null).Select(carried => (carried.State, Array.IndexOf(step.Parameters, carried.Parameter)))];
        _isKept = [.. Enumerable.Range(0, plan.Replicas).Select(_ => Enumerable.Repeat(true, layout.Count).ToArray())];
        for (var replica = 0; replica < plan.Replicas; replica++)
            WriteMasks(replica);
    }

    /// <summary>Sets a replica's mask, and what it does not keep to 0.</summary>
    internal void Set(int replica, ReadOnlySpan<bool> isKept)
    {
        if (isKept.Length != _layout.Count)
            throw new ArgumentException($"The network has {_layout.Count} parameters, but the mask has {isKept.Length}.", nameof(isKept));
        isKept.CopyTo(_isKept[replica]);
        WriteMasks(replica);
        Apply(replica);
    }

    /// <summary>Sets what a replica's mask does not keep to 0.</summary>
    internal void Apply(int replica)
    {
        foreach (var (value, parameter) in _masked)
        {
            var isKept = Kept(replica, parameter);
            if (!isKept.Contains(false))
                continue;
            var values = new double[isKept.Length];
            _plan.Read(value, replica, values);
            for (var i = 0; i < values.Length; i++)
                values[i] = isKept[i] ? values[i] : 0;
            _plan.Write(value, replica, values);
        }
    }

    private void WriteMasks(int replica)
    {
        for (var parameter = 0; parameter < _masks.Length; parameter++)
        {
            var isKept = Kept(replica, parameter);
            var factors = new double[isKept.Length];
            for (var i = 0; i < factors.Length; i++)
                factors[i] = isKept[i] ? 1 : 0;
            _plan.Write(_masks[parameter], replica, factors);
        }
    }

    private ReadOnlySpan<bool> Kept(int replica, int parameter) => _layout.Slots[parameter].Of<bool>(_isKept[replica].AsSpan());
}
