namespace Understudy.Learning.OnlineLearning;

/// <summary>The activation g of a local field, for which Gaussian averages have a closed form.</summary>
public enum FieldActivation
{
    /// <summary>g(x) = erf(x/√2), the sigmoid of Saad and Solla 1995.</summary>
    Erf,

    /// <summary>g(x) = max(x, 0) with derivative 0 at 0; the average of four factors is missing, so its equations hold for small learning rates.</summary>
    Relu,

    /// <summary>g(x) = x.</summary>
    Linear,
}
