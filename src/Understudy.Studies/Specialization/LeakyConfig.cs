namespace Understudy.Studies.Specialization;

/// <summary>Part leaky: part two-layer in small, with activations that pass a share of negative arguments.</summary>
public sealed record LeakyConfig
{
    /// <summary>Slopes for negative arguments, a grid inside the run; teacher and student have the same.</summary>
    public IReadOnlyList<double> Slopes { get; init; } = [0.1, 0.5];

    /// <summary>Seeds: each has its own teacher, data, initial students and batches.</summary>
    public int Seeds { get; init; } = 4;

    /// <summary>The teachers.</summary>
    public TeacherConfig Teacher { get; init; } = new();

    /// <summary>The students.</summary>
    public StudentConfig Student { get; init; } = new() { OverRealization = [1, 2, 5] };

    /// <summary>The training sets.</summary>
    public SampleCountConfig Data { get; init; } = new();

    /// <summary>How the students are trained.</summary>
    public TrainingConfig Training { get; init; } = new() { LearningRate = 0.02 };

    /// <summary>What is measured.</summary>
    public MeasuresConfig Measures { get; init; } = new();

    /// <summary>The settings of one slope.</summary>
    internal RecoveryConfig ToRecovery() => new()
    {
        Seeds = Seeds,
        Teacher = Teacher,
        Student = Student,
        Data = Data,
        Training = Training,
        Measures = Measures,
    };
}
