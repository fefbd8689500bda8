using Understudy.Learning.Training;

namespace Understudy.Learning.SelfDistillation;

/// <summary>What becomes of a teacher while its student learns.</summary>
public abstract record TeacherMotion
{
    private protected TeacherMotion()
    {
    }

    /// <summary>A teacher that stays as it was set.</summary>
    public static TeacherMotion Frozen { get; } = new FrozenTeacher();

    /// <summary>The student itself is its teacher.</summary>
    public static TeacherMotion Itself { get; } = new OwnTeacher();

    /// <summary>The published momentum of DINO: 0.996, rising to 1 as a cosine (Caron et al. 2021).</summary>
    public static TeacherMotion Averaged { get; } = new AveragedTeacher(Schedule.Cosine(0.996, 1));
}

/// <summary>A teacher that stays as it was set.</summary>
public sealed record FrozenTeacher : TeacherMotion;

/// <summary>The student itself where it is in every step, without a gradient through what it answers as a teacher (Chen and He 2021, SimSiam).</summary>
/// <remarks>There are no parameters of a teacher beside it. By the statistics of the batch both are one pass.</remarks>
public sealed record OwnTeacher : TeacherMotion;

/// <summary>A teacher that is the exponential moving average of its student: θ_T ← μ θ_T + (1 − μ) θ_S after every step, with the student after it.</summary>
/// <param name="Momentum">μ along the training, in [0, 1].</param>
public sealed record AveragedTeacher(Schedule Momentum) : TeacherMotion;

/// <summary>A teacher that becomes its student at the end of every so many epochs, and stays as it is between.</summary>
/// <param name="Epochs">How many, at least 1.</param>
public sealed record CopiedTeacher(int Epochs) : TeacherMotion;

/// <summary>The statistics that a teacher's batch normalizations take.</summary>
public enum TeacherStatistics
{
    /// <summary>Those a network starts with, mean 0 and variance 1: evaluation mode, as a random teacher that never sees data.</summary>
    Start,

    /// <summary>Those of the batch of all its views: training mode, as DINO's teacher.</summary>
    Batch,

    /// <summary>The running statistics of its student: evaluation mode, of a teacher that follows it.</summary>
    Student,
}

/// <summary>Which views of an image the student is compared in with its teacher.</summary>
public enum ViewPairing
{
    /// <summary>Each view with itself.</summary>
    Same,

    /// <summary>Each of the student with each of the teacher.</summary>
    All,

    /// <summary>Each of the student with every other of the teacher.</summary>
    Opposite,
}
