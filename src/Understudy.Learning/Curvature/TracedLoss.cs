using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>A batch's share of the loss as a graph, with a direction for every parameter of the block.</summary>
internal sealed class TracedLoss
{
    /// <summary>Traces the loss of a batch.</summary>
    /// <param name="network">f.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="rows">The examples of the batch.</param>
    /// <param name="total">N: the share is their sum over N.</param>
    /// <param name="isChosen">By slot, whether a parameter is in the block.</param>
    internal TracedLoss(INetwork network, OutputLoss loss, int rows, int total, bool[] isChosen)
    {
        (Rule, Total) = (loss, total);
        Inputs = Ops.Input("x", new Shape(rows, network.Inputs));
        Targets = Ops.Input("y", new Shape(rows, loss.TargetWidth(network.Outputs)));
        Parameters = network.Layout.ToInputs();
        Chosen = [.. Parameters.Where((_, i) => isChosen[i])];
        Directions = [.. Chosen.Select(parameter => Ops.Input("v", parameter.Shape))];
        Output = network.Output(Inputs, Parameters);
    }

    /// <summary>ℓ.</summary>
    internal OutputLoss Rule { get; }

    /// <summary>N.</summary>
    internal int Total { get; }

    /// <summary>x, [rows, d].</summary>
    internal Sym Inputs { get; }

    /// <summary>y, [rows, w].</summary>
    internal Sym Targets { get; }

    /// <summary>All parameters.</summary>
    internal Sym[] Parameters { get; }

    /// <summary>The parameters of the block.</summary>
    internal Sym[] Chosen { get; }

    /// <summary>v, one part per parameter of the block.</summary>
    internal Sym[] Directions { get; }

    /// <summary>f, [rows, C].</summary>
    internal Sym Output { get; }

    /// <summary>J v, [rows, C].</summary>
    internal Sym OutputChange => Transforms.Jvp(Output, Chosen.Zip(Directions).ToDictionary(pair => pair.First, pair => pair.Second)) ?? Ops.Constant(0, Output.Shape);

    /// <summary>The batch's share of L at an output.</summary>
    internal Sym ShareAt(Sym output) => 1.0 / Total * Ops.Sum(Rule.PerExample(output, Targets));

    /// <summary>Jᵀ u of the block for u [rows, C].</summary>
    internal Sym[] Pulled(Sym cotangent)
        => [.. Transforms.Vjp(Output, cotangent, Chosen).Zip(Chosen, (part, parameter) => part ?? Ops.Constant(0, parameter.Shape))];
}

/// <summary>Sums over examples that products and gradients are.</summary>
internal static class Sums
{
    /// <summary>The gradient, and the loss behind it.</summary>
    internal static Sym[] Gradient(TracedLoss traced)
    {
        var share = traced.ShareAt(traced.Output);
        return [.. Transforms.Grad(share, traced.Chosen), share];
    }

    /// <summary>H v.</summary>
    internal static Sym[] Hessian(TracedLoss traced) => Transforms.Hvp(traced.ShareAt(traced.Output), traced.Chosen, traced.Directions);

    /// <summary>G v.</summary>
    internal static Sym[] GaussNewton(TracedLoss traced) => Transforms.Ggn(traced.Output, traced.ShareAt, traced.Chosen, traced.Directions);

    /// <summary>S v = (1/N) Σ J_iᵀ r_i (r_iᵀ J_i v).</summary>
    internal static Sym[] SecondMoment(TracedLoss traced)
    {
        var residual = Transforms.GradAt(output => Ops.Sum(traced.Rule.PerExample(output, traced.Targets)), traced.Output);
        var along = 1.0 / traced.Total * Ops.Sum(residual * traced.OutputChange, 1);
        return traced.Pulled(residual * Ops.BroadcastAlong(along, 1, residual.Shape[1]));
    }
}
