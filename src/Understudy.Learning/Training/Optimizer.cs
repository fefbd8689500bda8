namespace Understudy.Learning.Training;

/// <summary>How a gradient becomes a step.</summary>
public sealed record Optimizer
{
    /// <summary>Plain stochastic gradient descent.</summary>
    public static Optimizer Descent { get; } = new();

    /// <summary>The rule.</summary>
    public OptimizerRule Rule { get; init; } = OptimizerRule.Sgd;

    /// <summary>μ of <see cref="OptimizerRule.Momentum"/>, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>β₁ of <see cref="OptimizerRule.Adam"/>, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂ of <see cref="OptimizerRule.Adam"/>, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε of <see cref="OptimizerRule.Adam"/>, added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>λ: λ·θ is added to the gradient of every parameter, biases too.</summary>
    public double WeightDecay { get; init; }
}

/// <summary>Rules of descent along a gradient g with learning rate η.</summary>
public enum OptimizerRule
{
    /// <summary>θ ← θ − η·g.</summary>
    Sgd,

    /// <summary>Heavy ball (Polyak 1964): v ← μ·v + g, θ ← θ − η·v.</summary>
    Momentum,

    /// <summary>Adam (Kingma and Ba 2015): moments m and v of g and g² with their bias corrections, θ ← θ − η·m̂/(√v̂ + ε).</summary>
    Adam,
}
