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

    /// <summary>λ, the weight decay of the parameters that <see cref="Decayed"/> names.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Where the decay enters.</summary>
    public DecayForm DecayForm { get; init; }

    /// <summary>Which parameters decay.</summary>
    public DecayedParameters Decayed { get; init; }

    /// <summary>The length to which the gradient of all trained parameters together is shortened where it is longer, before any decay; 0 for no limit.</summary>
    public double ClipNorm { get; init; }

    /// <exception cref="ArgumentException">A number is outside of its range.</exception>
    internal void Check()
    {
        foreach (var (name, value) in new[] { (nameof(Momentum), Momentum), (nameof(Beta1), Beta1), (nameof(Beta2), Beta2) })
        {
            if (!(value is >= 0 and < 1))
                throw new ArgumentException($"{name} ({value}) must be at least 0 and below 1.");
        }

        foreach (var (name, value) in new[] { (nameof(Epsilon), Epsilon), (nameof(WeightDecay), WeightDecay), (nameof(ClipNorm), ClipNorm) })
        {
            if (!(value >= 0))
                throw new ArgumentException($"{name} ({value}) must not be negative.");
        }
    }
}

/// <summary>Where weight decay enters a step.</summary>
public enum DecayForm
{
    /// <summary>λ·θ is added to the gradient, and passes through momentum and the moments of Adam.</summary>
    Coupled,

    /// <summary>θ moves by −η·λ·θ beside the step of the rule (Loshchilov and Hutter 2019): with <see cref="OptimizerRule.Adam"/> this is AdamW.</summary>
    Decoupled,
}

/// <summary>Which parameters decay.</summary>
public enum DecayedParameters
{
    /// <summary>All, biases too.</summary>
    All,

    /// <summary>Those of more than one axis: weight matrices and kernels.</summary>
    Weights,

    /// <summary>Those of one axis: biases, and scales and shifts of normalizations.</summary>
    Vectors,
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
