namespace Understudy.Studies.Specialization.Experiments;

/// <summary>What a part that trains two-layer students does.</summary>
internal sealed record ExperimentPlan
{
    /// <summary>The part's name: the beginning of its tables, arrays and checkpoints.</summary>
    internal required string Part { get; init; }

    internal required int Seeds { get; init; }

    /// <summary>Slope of the activations for negative arguments.</summary>
    internal required double Slope { get; init; }

    internal required TeacherConfig Teacher { get; init; }

    internal required StudentConfig Student { get; init; }

    internal required TrainingConfig Training { get; init; }

    /// <summary>Dimension of Gaussian and uniform inputs; pixels have their own.</summary>
    internal required int Dimension { get; init; }

    /// <summary>Whether the inputs are Gaussian points of the plane, whatever the other parts read.</summary>
    internal bool IsPlane { get; init; }

    /// <summary>Training sets: size and kind.</summary>
    internal required IReadOnlyList<(int Samples, TrainingSet Set)> Sets { get; init; }

    /// <summary>How the sets that are not plain are made.</summary>
    internal AugmentationConfig Augmentation { get; init; } = new();

    internal required int Evaluation { get; init; }

    /// <summary>The epoch at which nodes and gradients are recorded besides the last; −1 for none.</summary>
    internal int EarlyEpoch { get; init; } = -1;

    /// <summary>What is measured along boundaries at the end; null for nothing.</summary>
    internal GeometryConfig? Geometry { get; init; }

    /// <summary>Training samples on which the Hessian of every student is taken at the end; 0 for none.</summary>
    internal int Curvature { get; init; }

    /// <summary>Whether the table of student nodes is recorded at the end.</summary>
    internal bool RecordsStudents { get; init; } = true;

    /// <summary>Whether gradients, observation and products of activations on the training sets are saved where they are measured.</summary>
    internal bool SavesMatrices { get; init; }

    /// <summary>Epochs at which all correlation matrices are saved.</summary>
    internal required Func<int, bool> SavesCorrelations { get; init; }

    /// <summary>Epochs at which all weights are saved.</summary>
    internal required Func<int, bool> SavesWeights { get; init; }

    /// <summary>The cells to train where they are not a whole grid.</summary>
    internal IReadOnlyList<Cell>? Chosen { get; init; }

    /// <summary>The cells with one over-realization, in the order of their replicas within a seed.</summary>
    internal IEnumerable<Cell> Cells(double overRealization) => Chosen is not null
        ? Chosen.Where(cell => cell.OverRealization.Equals(overRealization))
        : from decay in Teacher.FanOutDecay
          from set in Sets
          select new Cell(overRealization, decay, set.Samples, set.Set);

    /// <summary>The user's teacher, read once; null where teachers are drawn.</summary>
    internal GivenTeacher? ReadTeacher(int dimension) => Teacher.File.Length == 0 ? null : new GivenTeacher(Teacher.File, TeacherFile.Load(Teacher, dimension, Slope).ToFlat());

    /// <summary>Multiplications of the whole training, to share out progress: B·(4dn + 6nC) per step and replica.</summary>
    internal double Cost(int dimension)
        => Student.OverRealization.Sum(r => (double)InitialStudent.Nodes(r, Teacher.Nodes)) * Teacher.FanOutDecay.Count * Sets.Count * Seeds
            * Training.Epochs * Training.EpochSteps * (Training.FullBatch ? Sets.Max(set => set.Samples) : Training.Batch) * ((4.0 * dimension) + (6.0 * Teacher.Outputs));
}
