using Understudy.Engine.Graphs;

namespace Understudy.Learning.Training;

/// <summary>Moves inputs within a small ball to where a loss is larger.</summary>
/// <remarks>
/// Projected ascent from the input itself: with the sup norm each of k steps adds α·sign(g), which for one step of α = ε is the fast gradient
/// sign method (Goodfellow, Shlens and Szegedy 2015); with the Euclidean norm α·g/‖g‖; g is the gradient of the loss at the input, and after
/// each step the perturbation is brought back into the ball of radius ε. α = ε for one step, else 2.5·ε/k (Madry et al. 2018).
/// </remarks>
public sealed record Adversary
{
    /// <summary>Keeps a gradient of 0 from being divided by its norm.</summary>
    private const double Smallest = 1e-30;

    /// <summary>ε, in the units of the input.</summary>
    public required double Radius { get; init; }

    /// <summary>What is measured by the radius.</summary>
    public PerturbationNorm Norm { get; init; }

    /// <summary>k, the number of steps; each costs a forward and a backward pass.</summary>
    public int Steps { get; init; } = 1;

    private double StepLength => Steps == 1 ? Radius : 2.5 * Radius / Steps;

    /// <summary>The perturbed inputs, through which no gradient flows.</summary>
    /// <param name="x">[batch, d].</param>
    /// <param name="loss">The loss of inputs [batch, d], a mean or a sum over the batch.</param>
    internal Sym Perturbed(Sym x, Func<Sym, Sym> loss)
    {
        if (!(Radius >= 0) || Steps < 1)
            throw new ArgumentException($"An adversary needs a radius of at least 0 and at least one step, not {Radius} and {Steps}.");
        Sym? moved = null;
        for (var step = 0; step < Steps; step++)
        {
            var gradient = Transforms.GradAt(loss, moved is null ? x : x + moved);
            moved = Ops.StopGradient(Inside(Total(moved, Direction(gradient))));
        }

        return x + moved!;
    }

    private static Sym Total(Sym? moved, Sym step) => moved is null ? step : moved + step;

    // a sample without a gradient stays where it is
    private Sym Direction(Sym gradient) => StepLength * (Norm == PerturbationNorm.Sup
        ? Ops.Sign(gradient)
        : gradient * AlongRows(Ops.Rsqrt(Ops.Sum(Ops.Square(gradient), 1) + Smallest), gradient));

    private Sym Inside(Sym moved)
    {
        if (Norm == PerturbationNorm.Sup)
            return Ops.Max(Ops.Min(moved, Ops.Constant(Radius, moved.Shape)), Ops.Constant(-Radius, moved.Shape));
        var shrunk = Radius * Ops.Rsqrt(Ops.Sum(Ops.Square(moved), 1) + Smallest);
        return moved * AlongRows(Ops.Min(Ops.Constant(1, shrunk.Shape), shrunk), moved);
    }

    private static Sym AlongRows(Sym factors, Sym like) => Ops.BroadcastAlong(factors, 1, like.Shape[1]);
}

/// <summary>Norms of a perturbation of one input.</summary>
public enum PerturbationNorm
{
    /// <summary>The largest magnitude of a coordinate.</summary>
    Sup,

    /// <summary>The Euclidean length.</summary>
    Euclidean,
}
