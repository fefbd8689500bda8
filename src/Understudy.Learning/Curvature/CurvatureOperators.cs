namespace Understudy.Learning.Curvature;

/// <summary>Operators of a <see cref="NetworkCurvature"/>, each of which keeps passes of its own.</summary>
[Flags]
public enum CurvatureOperators
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Loss and gradient.</summary>
    Gradient = 1,

    /// <summary>H.</summary>
    Hessian = 2,

    /// <summary>G.</summary>
    GaussNewton = 4,

    /// <summary>S.</summary>
    SecondMoment = 8,
}
