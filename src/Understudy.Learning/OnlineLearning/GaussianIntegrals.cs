namespace Understudy.Learning.OnlineLearning;

/// <summary>Averages of products of activations over jointly normal local fields, in closed form.</summary>
/// <remarks>
/// Fields are named by their index in the covariance, and an index may occur twice. Nothing is allocated. Saad and Solla 1995 for erf, Cho and Saul 2009
/// for the rectified I₂; a rectified field of variance 0 is always off.
/// </remarks>
public static class GaussianIntegrals
{
    private const double TwoOverPi = 2 / Math.PI;

    /// <summary>I₂ = E[g(a) g(b)].</summary>
    public static double I2(FieldActivation g, in FieldCovariance c, int a, int b) => g switch
    {
        FieldActivation.Erf => TwoOverPi * Arcsine.Clamped(c[a, b] / Math.Sqrt((1 + c[a, a]) * (1 + c[b, b]))),
        FieldActivation.Relu => Rectified(c[a, a], c[a, b], c[b, b]),
        _ => c[a, b],
    };

    /// <summary>J₂ = E[g′(a) g′(b)].</summary>
    public static double J2(FieldActivation g, in FieldCovariance c, int a, int b) => g switch
    {
        FieldActivation.Erf => TwoOverPi / Math.Sqrt(1 + c[a, a] + c[b, b] - (c[a, b] * c[a, b]) + (c[a, a] * c[b, b])),
        FieldActivation.Relu => c[a, a] > 0 && c[b, b] > 0 ? 0.25 + (Arcsine.Clamped(c[a, b] / Math.Sqrt(c[a, a] * c[b, b])) / (2 * Math.PI)) : 0,
        _ => 1,
    };

    /// <summary>I₃ = E[g′(a) b g(c)].</summary>
    public static double I3(FieldActivation g, in FieldCovariance c, int a, int b, int third)
    {
        var (aa, ab, ac, bc, cc) = (c[a, a], c[a, b], c[a, third], c[b, third], c[third, third]);
        switch (g)
        {
            case FieldActivation.Erf:
                return TwoOverPi * ((bc * (1 + aa)) - (ab * ac)) / ((1 + aa) * Math.Sqrt(((1 + aa) * (1 + cc)) - (ac * ac)));
            case FieldActivation.Relu when aa > 0 && cc > 0:
                var free = Math.Sqrt(Math.Max((aa * cc) - (ac * ac), 0));
                return (ab * free / (2 * Math.PI * aa)) + (bc * ((Arcsine.Clamped(ac / Math.Sqrt(aa * cc)) / (2 * Math.PI)) + 0.25));
            case FieldActivation.Relu:
                return 0;
            default:
                return bc;
        }
    }

    /// <summary>Whether <see cref="I4"/> is known: not for ReLU, where it has no elementary form.</summary>
    public static bool HasI4(FieldActivation g) => g != FieldActivation.Relu;

    /// <summary>I₄ = E[g′(a) g′(b) g(c) g(d)].</summary>
    /// <exception cref="NotSupportedException">ReLU: see <see cref="HasI4"/>.</exception>
    public static double I4(FieldActivation g, in FieldCovariance c, int a, int b, int third, int fourth) => g switch
    {
        FieldActivation.Erf => ErfI4(c, a, b, third, fourth),
        FieldActivation.Linear => c[third, fourth],
        _ => throw new NotSupportedException("The average of four rectified factors has no elementary form."),
    };

    /// <summary>E[max(u, 0) max(v, 0)] for normal u and v: the arc-cosine kernel of degree 1 (Cho and Saul 2009), halved for one half-space.</summary>
    internal static double Rectified(double uu, double uv, double vv)
    {
        if (!(uu > 0 && vv > 0))
            return uu * vv * 0;
        var scale = Math.Sqrt(uu * vv);
        var rho = Math.Clamp(uv / scale, -1, 1);
        return scale / (2 * Math.PI) * (Math.Sqrt((1 - rho) * (1 + rho)) + (rho * ((Math.PI / 2) + Arcsine.Clamped(rho))));
    }

    private static double ErfI4(in FieldCovariance c, int a, int b, int third, int fourth)
    {
        var (oneA, oneB, ab) = (1 + c[a, a], 1 + c[b, b], c[a, b]);
        var (ac, bc, ad, bd) = (c[a, third], c[b, third], c[a, fourth], c[b, fourth]);
        var l4 = (oneA * oneB) - (ab * ab);
        var l0 = (l4 * c[third, fourth]) - (bc * bd * oneA) - (ac * ad * oneB) + (ab * ((ac * bd) + (ad * bc)));
        var l1 = (l4 * (1 + c[third, third])) - (bc * bc * oneA) - (ac * ac * oneB) + (2 * ab * ac * bc);
        var l2 = (l4 * (1 + c[fourth, fourth])) - (bd * bd * oneA) - (ad * ad * oneB) + (2 * ab * ad * bd);
        return TwoOverPi * TwoOverPi * Arcsine.Clamped(l0 / Math.Sqrt(l1 * l2)) / Math.Sqrt(l4);
    }
}
