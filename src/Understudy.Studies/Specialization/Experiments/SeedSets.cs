using Understudy.Lab.Runs;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Teachers and labelled samples of every seed, made once and shared by all cells.</summary>
internal sealed class SeedSets
{
    private readonly ExperimentPlan _plan;
    private readonly InputSource _inputs;
    private readonly double _deviation;
    private readonly TwoLayerNetwork[][] _teachers;
    private readonly LabelledSamples[][] _evaluation;
    private readonly LabelledSamples[][][] _training;

    internal SeedSets(ExperimentPlan plan, InputSource inputs, double deviation, GivenTeacher? givenTeacher, RunContext run)
    {
        (_plan, _inputs, _deviation) = (plan, inputs, deviation);
        var shape = new TwoLayerNetwork(inputs.Dimension, plan.Teacher.Nodes, plan.Teacher.Outputs, plan.Slope);
        _teachers = new TwoLayerNetwork[plan.Seeds][];
        _evaluation = new LabelledSamples[plan.Seeds][];
        _training = new LabelledSamples[plan.Seeds][][];
        var given = givenTeacher is null ? null : shape.WithFlat(givenTeacher.Flat);
        run.Team.Run(plan.Seeds, seed =>
        {
            _teachers[seed] = given is not null ? [given] : [.. plan.Teacher.FanOutDecay.Select(decay => RandomTeacher.Draw(
                shape, decay, run.Random(Purposes.TeacherHidden, seed), run.Random(Purposes.TeacherOutput, seed), plan.Teacher.Bias))];
            _evaluation[seed] = Label(_teachers[seed], inputs.Evaluation(seed, plan.Evaluation));
            var natural = inputs.Training(seed, plan.Sets.Max(Natural));
            _training[seed] = [.. plan.Sets.Select(set => Noisy(Label(_teachers[seed], Rows(run, seed, set, natural)), run, seed))];
        });
    }

    internal int Dimension => _inputs.Dimension;

    /// <summary>Whether inputs are independent normal coordinates.</summary>
    internal bool IsGaussian => _inputs.IsGaussian;

    /// <summary>The setting data.deviation, by which steps are measured.</summary>
    internal double Deviation => _deviation;

    /// <summary>Root mean square norm of the inputs.</summary>
    internal double Radius => _inputs.RootMeanSquare * Math.Sqrt(Dimension);

    internal TwoLayerNetwork Teacher(int seed, Cell cell) => _teachers[seed][Decay(cell)];

    internal LabelledSamples Evaluation(int seed, Cell cell) => _evaluation[seed][Decay(cell)];

    internal LabelledSamples Training(int seed, Cell cell) => _training[seed][Set(cell)][Decay(cell)];

    /// <summary>Which of the training sets a cell uses.</summary>
    internal int Set(Cell cell) => _plan.Sets.ToList().IndexOf((cell.Samples, cell.Set));

    /// <summary>Which of the fan-out decays a cell uses.</summary>
    internal int Decay(Cell cell) => _plan.Teacher.FanOutDecay.ToList().IndexOf(cell.FanOutDecay);

    private static LabelledSamples[] Label(TwoLayerNetwork[] teachers, float[] inputs)
    {
        var labelled = new LabelledSamples[teachers.Length];
        for (var i = 0; i < teachers.Length; i++)
            labelled[i] = LabelledSamples.Of(teachers[i], inputs, i > 0 ? labelled[0] : null);
        return labelled;
    }

    private LabelledSamples[] Noisy(LabelledSamples[] samples, RunContext run, int seed)
        => _plan.Teacher.OutputNoise == 0 ? samples : [.. samples.Select(labelled => labelled.WithNoise(_plan.Teacher.OutputNoise, run.Random(Purposes.LabelNoise, seed)))];

    /// <summary>How many inputs as they come a set is made of.</summary>
    private int Natural((int Samples, TrainingSet Set) set) => set.Set switch
    {
        TrainingSet.Plain => set.Samples,
        TrainingSet.TeacherAgnostic => AugmentedSamples.Bases(set.Samples, Dimension),
        _ => 0,
    };

    private float[] Rows(RunContext run, int seed, (int Samples, TrainingSet Set) set, float[] natural)
    {
        var (augmentation, teacher) = (_plan.Augmentation, _teachers[seed][0]);
        void Point(long address, double[] point) => _inputs.Point(seed, address, point);
        switch (set.Set)
        {
            case TrainingSet.Boundary:
                return new BoundarySamples(teacher, _inputs.RootMeanSquare, augmentation.BoundaryMean, augmentation.BoundaryWidth)
                    .Draw(set.Samples, Point, run.Random(Purposes.BoundaryDistances, seed));
            case TrainingSet.TeacherAware:
                return AugmentedSamples.TeacherAware(teacher, set.Samples, Step, Point);
        }

        var length = Natural(set) * Dimension;
        return set.Set == TrainingSet.TeacherAgnostic
            ? AugmentedSamples.TeacherAgnostic(natural.AsSpan(0, length), Step, AugmentedSamples.Basis(Dimension, augmentation.Rotated ? run.Random(Purposes.Basis, seed) : null))
            : natural.Length == length ? natural : natural[..length];
    }

    /// <summary>How far augmented points lie from their base.</summary>
    private double Step
    {
        get
        {
            var augmentation = _plan.Augmentation;
            var nodes = _plan.Teacher.Nodes + InitialStudent.Nodes(_plan.Student.OverRealization.Max(), _plan.Teacher.Nodes);
            return augmentation.Step == AugmentationStep.Explicit ? augmentation.Sine * _deviation / 2 : augmentation.Sine / Math.Pow(nodes, 1.5);
        }
    }
}
