namespace Understudy.Studies.Specialization;

/// <summary>Kinds of training set; specification section 3.</summary>
public enum TrainingSet
{
    /// <summary>Inputs as they come.</summary>
    Plain,

    /// <summary>The published boundary data set: triples around points of each teacher boundary, every point rescaled to one norm.</summary>
    Boundary,

    /// <summary>The theorem's teacher-aware augmentation: points on each teacher boundary, each with one point a step to either side of it.</summary>
    TeacherAware,

    /// <summary>The theorem's teacher-agnostic augmentation: inputs as they come, each with two points a step away along every axis.</summary>
    TeacherAgnostic,
}

/// <summary>How training sets that are not plain are made.</summary>
public sealed record AugmentationConfig
{
    /// <summary>Set boundary: smallest distance of the outer points of a triple from the boundary, before rescaling.</summary>
    public double BoundaryMean { get; init; } = 2;

    /// <summary>Set boundary: width of the interval of distances above the smallest.</summary>
    public double BoundaryWidth { get; init; } = 2;

    /// <summary>Sets teacher-aware and teacher-agnostic: the sine ε the step is made for.</summary>
    public double Sine { get; init; } = 0.1;

    /// <summary>Sets teacher-aware and teacher-agnostic: explicit for steps of ε·deviation/2, or order for ε/K^1.5, with K the nodes of the teacher and the widest student together.</summary>
    public AugmentationStep Step { get; init; } = AugmentationStep.Explicit;

    /// <summary>Set teacher-agnostic: whether steps go along a random orthonormal basis, one per seed, instead of the axes.</summary>
    public bool Rotated { get; init; }
}

/// <summary>How far augmented points lie from their base.</summary>
public enum AugmentationStep
{
    /// <summary>ε·deviation/2, the step of the certificates.</summary>
    Explicit,

    /// <summary>ε/K^1.5, the order of the theorem.</summary>
    Order,
}
