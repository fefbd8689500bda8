using Understudy.Data;
using Understudy.Learning.Networks;
using static System.FormattableString;
using static Understudy.Studies.Specialization.SettingRules;

namespace Understudy.Studies.Specialization;

/// <summary>What settings of the parts with two-layer students do not fit together, in sentences.</summary>
internal static class TwoLayerProblems
{
    /// <summary>Half a gigabyte for the Hessian of one student, and some twenty seconds for its eigenvalues.</summary>
    private const int MostCurved = 8192;

    internal static IEnumerable<string> Of(SpecializationConfig config)
        => Recovery("twoLayer", config.TwoLayer)
            .Concat(Recovery("dynamics", config.Dynamics))
            .Concat(Samples(config.Samples))
            .Concat(Leaky(config.Leaky))
            .Concat(Optimizers(config.Optimizers))
            .Concat(Phase(config.Phase))
            .Concat(Boundaries(config.Boundaries))
            .Concat(Files(config));

    private static IEnumerable<string> Recovery(string path, RecoveryConfig part)
        => AtLeastOne($"{path}.seeds", part.Seeds)
            .Concat(Networks(path, part.Teacher, part.Student, part.Data.Dimension))
            .Concat(AtLeastOne($"{path}.data.samples", part.Data.Samples))
            .Concat(Training($"{path}.training", part.Training))
            .Concat(AtLeastTwo($"{path}.measures.evaluation", part.Measures.Evaluation))
            .Concat(AtLeastOne($"{path}.measures.earlyEpoch", part.Measures.EarlyEpoch))
            .Concat(part.Measures.Geometry.Problems($"{path}.measures.geometry"))
            .Concat(Curvature(path, part.Measures.Curvature, part.Teacher, part.Student, part.Data.Dimension));

    private static IEnumerable<string> Curvature(string path, int examples, TeacherConfig teacher, StudentConfig student, int dimension)
    {
        if (examples < 0)
            yield return $"{path}.measures.curvature ({examples}) must not be negative.";
        if (examples > 0 && Parameters(teacher, student, dimension) is > MostCurved and var count)
            yield return Invariant($"{path}.measures.curvature takes all eigenvalues of students of up to {count:N0} parameters, more than {MostCurved:N0}: lower {path}.student.overRealization or {path}.data.dimension.");
    }

    private static IEnumerable<string> Leaky(LeakyConfig part)
    {
        if (part.Slopes.Count == 0 || part.Slopes.Any(slope => !(slope is > 0 and < 1)))
            yield return "leaky.slopes must hold at least one number, each above 0 and below 1; 0 is part two-layer.";
        if (part.Slopes.Distinct().Count() != part.Slopes.Count)
            yield return "leaky.slopes must not hold a number twice.";
        if (part.Student.Slope is not null || part.Student.Activation != ActivationKind.Rectified)
            yield return "leaky.student.slope must be null and leaky.student.activation rectified: leaky.slopes are those of teacher and student.";
        foreach (var problem in Recovery("leaky", part.ToRecovery()))
            yield return problem;
    }

    private static IEnumerable<string> Samples(SamplesConfig part)
    {
        foreach (var problem in AtLeastOne("samples.seeds", part.Seeds)
            .Concat(Networks("samples", part.Teacher, part.Student, part.Data.Dimension))
            .Concat(Training("samples.training", part.Training))
            .Concat(AtLeastTwo("samples.measures.evaluation", part.Measures.Evaluation))
            .Concat(part.Measures.Geometry.Problems("samples.measures.geometry"))
            .Concat(Curvature("samples", part.Measures.Curvature, part.Teacher, part.Student, part.Data.Dimension)))
            yield return problem;
        foreach (var problem in Sizes("samples.data", part.Data))
            yield return problem;
        if (part.Training.FullBatch && part.Data.Samples.Count * part.Data.Sets.Count > 1)
            yield return "samples.training.fullBatch needs one training set: a single number in samples.data.samples and a single kind in samples.data.sets.";
    }

    private static IEnumerable<string> Phase(PhaseConfig part)
        => AtLeastOne("phase.seeds", part.Seeds)
            .Concat(Networks("phase", part.Teacher, part.Student, part.Data.Dimension))
            .Concat(Training("phase.training", part.Training))
            .Concat(AtLeastTwo("phase.measures.evaluation", part.Measures.Evaluation))
            .Concat(Sizes("phase.data", part.Data))
            .Concat(part.Problems());

    private static IEnumerable<string> Sizes(string path, SampleSizesConfig data)
    {
        if (data.Samples.Count == 0 || data.Samples.Any(count => count < 1))
            yield return $"{path}.samples must hold at least one number of samples, each at least 1.";
        if (data.Samples.Distinct().Count() != data.Samples.Count)
            yield return $"{path}.samples must not hold a number twice.";
        if (data.Sets.Count == 0 || data.Sets.Distinct().Count() != data.Sets.Count)
            yield return $"{path}.sets must hold at least one kind of training set, each once.";
        var augmentation = data.Augmentation;
        if (!(augmentation.BoundaryMean >= 0 && augmentation.BoundaryWidth >= 0 && augmentation.BoundaryMean + augmentation.BoundaryWidth > 0))
            yield return $"{path}.augmentation.boundaryMean and {path}.augmentation.boundaryWidth must not be negative, nor both 0.";
        if (!(augmentation.Sine is > 0 and <= 1))
            yield return Invariant($"{path}.augmentation.sine ({augmentation.Sine}) must be above 0 and at most 1.");
    }

    private static IEnumerable<string> Optimizers(OptimizersConfig part)
    {
        if (part.Rules.Count == 0 || part.Rules.Distinct().Count() != part.Rules.Count)
            yield return "optimizers.rules must hold at least one rule, each once.";
        if (part.LearningRates.Count != part.Rules.Count || part.LearningRates.Any(rate => !(rate > 0)))
            yield return $"optimizers.learningRates must hold one positive number for each of the {part.Rules.Count} optimizers.rules.";
        foreach (var problem in AtLeastOne("optimizers.seeds", part.Seeds)
            .Concat(Networks("optimizers", part.Teacher, part.Student, part.Data.Dimension))
            .Concat(AtLeastOne("optimizers.data.samples", part.Data.Samples))
            .Concat(AtLeastOne("optimizers.batch", part.Batch)).Concat(AtLeastOne("optimizers.epochs", part.Epochs))
            .Concat(AtLeastOne("optimizers.epochSteps", part.EpochSteps)).Concat(AtLeastOne("optimizers.fullBatchSteps", part.FullBatchSteps))
            .Concat(AtLeastTwo("optimizers.evaluation", part.Evaluation)))
            yield return problem;
    }

    private static IEnumerable<string> Boundaries(BoundariesConfig part)
    {
        foreach (var problem in AtLeastOne("boundaries.seeds", part.Seeds)
            .Concat(Networks("boundaries", part.Teacher, part.Student, part.Data.Dimension))
            .Concat(AtLeastOne("boundaries.data.samples", part.Data.Samples))
            .Concat(Training("boundaries.training", part.Training))
            .Concat(AtLeastTwo("boundaries.evaluation", part.Evaluation)))
            yield return problem;
        if (part.Data.Dimension != 2)
            yield return $"boundaries.data.dimension ({part.Data.Dimension}) must be 2: the part draws lines in the plane.";
        if (part.Student.Activation != ActivationKind.Rectified)
            yield return "boundaries.student.activation must be rectified: other nodes have no boundaries.";
        if (part.Teacher.FanOutDecay.Count != 1 || part.Student.OverRealization.Count != 1)
            yield return "boundaries takes one fan-out decay and one over-realization.";
        if (part.Shown.Any(epoch => epoch < 0 || epoch > part.Training.Epochs))
            yield return $"boundaries.shown must lie between 0 and boundaries.training.epochs ({part.Training.Epochs}).";
    }

    private static IEnumerable<string> Networks(string path, TeacherConfig teacher, StudentConfig student, int dimension)
    {
        foreach (var problem in AtLeastOne($"{path}.teacher.nodes", teacher.Nodes).Concat(AtLeastOne($"{path}.teacher.outputs", teacher.Outputs))
            .Concat(AtLeastOne($"{path}.data.dimension", dimension))
            .Concat(Grid($"{path}.teacher.fanOutDecay", teacher.FanOutDecay, 0))
            .Concat(Grid($"{path}.student.overRealization", student.OverRealization, 1)))
            yield return problem;
        if (!(student.Scale > 0))
            yield return Invariant($"{path}.student.scale ({student.Scale}) must be positive.");
        if (student.Slope is { } slope && slope is not (>= 0 and <= 1))
            yield return Invariant($"{path}.student.slope ({slope}) must lie between 0 and 1, or be null.");
        if (student is { Activation: not ActivationKind.Rectified, Slope: not null })
            yield return $"{path}.student.slope must be null with {path}.student.activation: only rectified nodes have a slope.";
        if (student is { NormalizeRows: true, Freeze: FrozenLayer.Features })
            yield return $"{path}.student.normalizeRows changes what {path}.student.freeze=features keeps; choose one.";
        if (!(teacher.OutputNoise >= 0))
            yield return Invariant($"{path}.teacher.outputNoise ({teacher.OutputNoise}) must not be negative.");
        if (!double.IsFinite(teacher.Bias))
            yield return Invariant($"{path}.teacher.bias ({teacher.Bias}) must be a finite number.");
        if (Parameters(teacher, student, dimension) is > MostParameters and var count)
            yield return Invariant($"{path} asks for students of {count:0.##E+0} parameters, more than {MostParameters:N0}: lower {path}.teacher.nodes, {path}.teacher.outputs, {path}.data.dimension or {path}.student.overRealization.");
        if (teacher.File.Length == 0 && !CanDiffer(teacher.Nodes, dimension))
            yield return $"{path}.teacher.nodes ({teacher.Nodes}) is more than the distinct directions the weight grid has in {dimension} dimensions; use fewer nodes or more dimensions.";
        if (teacher.File.Length == 0 && !CanDiffer(teacher.Outputs, teacher.Nodes))
            yield return $"{path}.teacher.outputs ({teacher.Outputs}) is more than the distinct rows the weight grid has for {teacher.Nodes} nodes; use fewer outputs or more nodes.";
    }

    private static IEnumerable<string> Files(SpecializationConfig config)
    {
        // the dimension of all pixels is known when their images are
        int? Dimension(int drawn) => PixelInputs.IsPixels(config.Data.Kind) ? config.Data.Dimension.Count : drawn;
        (SpecializationPart Part, string Path, TeacherConfig Teacher, int? Dimension)[] parts =
        [
            (SpecializationPart.TwoLayer, "twoLayer", config.TwoLayer.Teacher, Dimension(config.TwoLayer.Data.Dimension)),
            (SpecializationPart.Dynamics, "dynamics", config.Dynamics.Teacher, Dimension(config.Dynamics.Data.Dimension)),
            (SpecializationPart.Samples, "samples", config.Samples.Teacher, Dimension(config.Samples.Data.Dimension)),
            (SpecializationPart.Phase, "phase", config.Phase.Teacher, Dimension(config.Phase.Data.Dimension)),
            (SpecializationPart.Leaky, "leaky", config.Leaky.Teacher, Dimension(config.Leaky.Data.Dimension)),
            (SpecializationPart.Optimizers, "optimizers", config.Optimizers.Teacher, Dimension(config.Optimizers.Data.Dimension)),
            (SpecializationPart.Boundaries, "boundaries", config.Boundaries.Teacher, config.Boundaries.Data.Dimension),
        ];
        return parts.Where(item => config.Parts.Contains(item.Part)).SelectMany(item => Given(item.Path, item.Teacher, item.Dimension));
    }

    private static IEnumerable<string> Given(string path, TeacherConfig teacher, int? dimension)
    {
        if (teacher.Index < 0)
            yield return $"{path}.teacher.index ({teacher.Index}) must not be negative.";
        if (teacher.File.Length == 0 && (teacher.Network.Length > 0 || teacher.Index != 0))
            yield return $"{path}.teacher.network and {path}.teacher.index need {path}.teacher.file.";
        if (teacher.File.Length == 0)
            yield break;
        if (teacher.FanOutDecay is not [0])
            yield return $"{path}.teacher.fanOutDecay must be [0] with {path}.teacher.file: the fan-outs are those of the file.";
        if (dimension is not { } inputs)
            yield break;
        var problem = "";
        try
        {
            TeacherFile.Load(teacher, inputs, slope: 0);
        }
        catch (UnreadableFileException unreadable)
        {
            problem = $"{path}.teacher.file: {unreadable.Message}.";
        }

        if (problem.Length > 0)
            yield return problem;
    }

    private static double Parameters(TeacherConfig teacher, StudentConfig student, int dimension)
    {
        var nodes = teacher.Nodes * student.OverRealization.DefaultIfEmpty(1).Max();
        return ((dimension + 1.0) * nodes) + ((nodes + 1) * teacher.Outputs);
    }
}
