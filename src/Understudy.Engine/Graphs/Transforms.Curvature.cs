namespace Understudy.Engine.Graphs;

/// <content>Products with second-derivative matrices.</content>
public static partial class Transforms
{
    /// <summary>The Hessian of a scalar loss times a vector: the change of the gradient along the directions (forward over reverse).</summary>
    /// <remarks>All blocks of <paramref name="wrt"/> take part. Where rectifiers bend, their second derivative counts as zero.</remarks>
    /// <returns>One value per input, with its shape; constants of zeros where the Hessian vanishes.</returns>
    /// <exception cref="ArgumentException">One of <paramref name="wrt"/> is not an input, or there is not one direction for each.</exception>
    /// <exception cref="ShapeException">The loss is not a scalar, or a direction does not have its input's shape.</exception>
    public static Sym[] Hvp(Sym loss, Sym[] wrt, Sym[] directions)
        => OrZeros(Jvp(Grad(loss, wrt), Directions(wrt, directions)), wrt);

    /// <summary>The generalised Gauss-Newton matrix times a vector: Jᵀ H J v, with J the Jacobian of the output and H the Hessian of the loss at the output.</summary>
    /// <param name="output">The function whose curvature is left out.</param>
    /// <param name="loss">The scalar loss of an output. It is traced once, at a value standing for the output.</param>
    /// <param name="wrt">The inputs.</param>
    /// <param name="directions">One vector per input, with its shape.</param>
    /// <returns>One value per input, with its shape.</returns>
    /// <exception cref="ArgumentException">One of <paramref name="wrt"/> is not an input, or there is not one direction for each.</exception>
    /// <exception cref="ShapeException">The loss is not a scalar, or a direction does not have its input's shape.</exception>
    public static Sym[] Ggn(Sym output, Func<Sym, Sym> loss, Sym[] wrt, Sym[] directions)
    {
        ArgumentNullException.ThrowIfNull(loss);

        // Expanded once, so that both sweeps share the values of the forward pass.
        output = Canonical.Of([output], expandMacros: true)[0];
        if (Jvp(output, Directions(wrt, directions)) is not { } tangent)
            return OrZeros(new Sym?[wrt.Length], wrt);
        var standIn = Ops.Input(output.Shape);
        var curved = Hvp(loss(standIn), [standIn], [tangent])[0];
        return OrZeros(Vjp(output, Canonical.Substitute(curved, [standIn], [output]), wrt), wrt);
    }

    /// <summary>The same product as <see cref="Hvp"/> in reverse over reverse mode: slower, and an independent check.</summary>
    internal static Sym[] HvpInReverse(Sym loss, Sym[] wrt, Sym[] directions)
    {
        var gradients = Grad(loss, wrt);
        var slope = Ops.Constant(0);
        for (var i = 0; i < wrt.Length; i++)
            slope += Ops.Sum(gradients[i] * directions[i]);
        return Grad(slope, wrt);
    }

    private static Dictionary<Sym, Sym> Directions(Sym[] wrt, Sym[] directions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(directions.Length, wrt.Length);
        var map = new Dictionary<Sym, Sym>();
        for (var i = 0; i < wrt.Length; i++)
            map.Add(wrt[i], directions[i]);
        return map;
    }
}
