namespace Understudy.Learning.Training;

/// <summary>Where a training stands, so that it goes on from there to the bit: what weights are rewound to.</summary>
/// <remarks>Random numbers are addressed by the step, so that it stands for their state.</remarks>
/// <param name="Parameters">θ.</param>
/// <param name="Carried">What the optimizer and the running statistics carry.</param>
/// <param name="Step">The next step.</param>
public sealed record TrainingPoint(double[] Parameters, double[] Carried, long Step);
