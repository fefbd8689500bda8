using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>Where the output of a network is not smooth in its parameters.</summary>
internal static class Kinks
{
    /// <summary>What bends in the network, in the plural; null where nothing does.</summary>
    internal static string? Of(INetwork network)
    {
        var (seen, left) = (new HashSet<Sym>(), new Stack<Sym>());
        left.Push(network.Output(Ops.Input("x", new Shape(2, network.Inputs)), network.Layout.ToInputs()));
        while (left.TryPop(out var node))
        {
            if (!seen.Add(node))
                continue;
            if (Named(node) is { } kink)
                return kink;
            foreach (var input in node.Inputs)
                left.Push(input);
        }

        return null;
    }

    /// <remarks>A node is written as its operation and its shape.</remarks>
    private static string? Named(Sym node) => node.ToString().Split(' ')[0] switch
    {
        "Rectify" => "rectifiers",
        // which of its activations it has is not said
        "LinearAct" => "layers that may be rectified",
        "PoolPlaces" => "pools of the largest number",
        "Step" or "Select" => "functions in parts",
        "Abs" => "magnitudes",
        "Max" or "MaxAlong" => "maxima",
        "Min" => "minima",
        _ => null,
    };
}
