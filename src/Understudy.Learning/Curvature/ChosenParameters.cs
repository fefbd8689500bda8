using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The parameters of a block, by where they stand in a vector of all: slots in order, as <see cref="NetworkCurvature.Block"/> has them.</summary>
/// <param name="layout">All parameters, P.</param>
/// <param name="block">Which slots; null for all.</param>
internal sealed class ChosenParameters(ParameterLayout layout, Func<ParameterSlot, bool>? block)
{
    private readonly bool[] _isChosen = [.. layout.Slots.Select(slot => block?.Invoke(slot) ?? true)];

    /// <summary>A vector of the block as one of all parameters [P], 0 outside of the block.</summary>
    internal double[] Spread(double[] vector)
    {
        var (all, from) = (new double[layout.Count], 0);
        foreach (var slot in Chosen())
        {
            vector.AsSpan(from, slot.Shape.Count).CopyTo(slot.Of(all.AsSpan()));
            from += slot.Shape.Count;
        }

        return all;
    }

    /// <summary>The part of a vector of all parameters [P] that is the block's.</summary>
    internal double[] Gather(double[] all) => [.. Chosen().SelectMany(slot => slot.Of<double>(all).ToArray())];

    /// <summary>The sum over the block of a number per slot.</summary>
    internal double Sum(IReadOnlyList<double> bySlot) => bySlot.Where((_, i) => _isChosen[i]).Sum();

    private IEnumerable<ParameterSlot> Chosen() => layout.Slots.Where((_, i) => _isChosen[i]);
}
