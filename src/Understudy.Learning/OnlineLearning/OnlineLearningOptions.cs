namespace Understudy.Learning.OnlineLearning;

/// <summary>What the simulation and the equations of online learning share.</summary>
/// <remarks>
/// Inputs x are N(0, I) of dimension N, local fields l_k = w_k·x/√N, the output φ = Σ_k v_k g(l_k), the label the teacher's output plus σ times a normal
/// number. One sample changes w_k by −(η/√N) v_k g′(l_k)(φ − y) x and v_k by −(η_v/N) g(l_k)(φ − y); time counts N samples.
/// </remarks>
public sealed record OnlineLearningOptions
{
    /// <summary>g of teacher and student.</summary>
    public FieldActivation Activation { get; init; } = FieldActivation.Erf;

    /// <summary>η.</summary>
    public double LearningRate { get; init; } = 0.5;

    /// <summary>η_v; 0 keeps the output weights as they start.</summary>
    public double OutputLearningRate { get; init; }

    /// <summary>σ, standard deviation of the noise on the label.</summary>
    public double Noise { get; init; }

    /// <summary>Decay of the learned weights per unit of time: dR/dt −= decay·R, dQ/dt −= 2·decay·Q, and dv/dt −= decay·v where v is learned.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Fresh samples B over which a step is averaged; time counts steps, so the equations lose nothing but the factor 1/B of what is of second order in η.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Samples of a finite training set, with fixed noise, from which a simulation draws with replacement; null: every sample is fresh. The equations know fresh samples only.</summary>
    public int? TrainingSamples { get; init; }
}
