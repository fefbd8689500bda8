using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Trains the students of a plan epoch by epoch and records them; a part of the study.</summary>
/// <remarks>
/// All widths go forward together, so that a step means the same for every row of the part and a checkpoint holds all students.
/// </remarks>
internal sealed class TwoLayerExperiment(ExperimentPlan plan, InputSource inputs, SpecializationConfig config, RunContext run)
{
    private readonly GivenTeacher? _given = plan.ReadTeacher(inputs.Dimension);

    /// <summary>Does what is still to be done of the part.</summary>
    /// <param name="progress">Receives the share of the part that is done, the median loss and the recovered share of teacher nodes.</param>
    /// <param name="cancellation">A cancelled part leaves a checkpoint of the last full epoch.</param>
    internal void Run(PartProgress progress, CancellationToken cancellation)
    {
        var sets = new SeedSets(plan, inputs, config.Data.Deviation, _given, run);
        var groups = new List<StudentGroup>();
        try
        {
            foreach (var overRealization in plan.Student.OverRealization)
                groups.Add(new StudentGroup(plan, overRealization, sets, config, run));
            Run(sets, groups, progress, cancellation);
        }
        finally
        {
            foreach (var group in groups)
                group.Dispose();
        }
    }

    private void Run(SeedSets sets, IReadOnlyList<StudentGroup> groups, PartProgress progress, CancellationToken cancellation)
    {
        var recorder = new Recorder(plan, sets, run);
        var done = Restore(groups);
        if (done < 0)
        {
            if (inputs.Describe() is { } description)
                run.Record($"{plan.Part}.inputs", description);
            Evaluate(recorder, groups, done = 0, cancellation);
            foreach (var group in groups)
                group.KeepInitialCorrelations();
        }
        else
        {
            foreach (var group in groups)
                group.EvaluateInitial();
        }

        TrainPlan[] training = [.. groups.Select(group => group.Plan)];
        while (done < plan.Training.Epochs)
        {
            progress((double)done / plan.Training.Epochs, FormattableString.Invariant($"{plan.Part}: epoch {done + 1} of {plan.Training.Epochs}"), Values(groups));
            foreach (var group in groups)
                group.SetRate(done);
            var isFull = TrainPlan.RunAll(training, Step(done), plan.Training.EpochSteps, run.Team, cancellation) == Step(done + 1);
            // the replicas still hold the parameters of the last full epoch; curvature behind the last one may be cancelled too
            if (!isFull || MeasuresCurvature(done + 1))
                run.Checkpoint(plan.Part, Step(done), () => Tensors(groups), force: true);
            if (!isFull)
                cancellation.ThrowIfCancellationRequested();

            foreach (var group in groups)
                group.TakeParameters();
            Evaluate(recorder, groups, ++done, cancellation);
            run.Checkpoint(plan.Part, Step(done), () => Tensors(groups));
        }
    }

    private bool MeasuresCurvature(int epoch) => epoch == plan.Training.Epochs && plan.Curvature > 0;

    private void Evaluate(Recorder recorder, IReadOnlyList<StudentGroup> groups, int epoch, CancellationToken cancellation)
    {
        foreach (var group in groups)
        {
            group.Evaluate(training: epoch == plan.Training.Epochs || epoch == plan.EarlyEpoch);
            if (epoch == plan.Training.Epochs && plan.Geometry is { Probes: > 0 } geometry)
                group.MeasureGeometry(geometry);
            if (MeasuresCurvature(epoch))
                group.MeasureCurvature(plan.Curvature, cancellation);
            recorder.Record(group, epoch);
        }

        recorder.Save(groups, epoch);
    }

    private static (string, double)[] Values(IReadOnlyList<StudentGroup> groups)
    {
        // students of a run that goes on from a checkpoint have not been measured yet
        Replica[] measured = [.. groups.SelectMany(group => group.Replicas).Where(replica => replica is { IsDiverged: false, Evaluation: not null })];
        return measured.Length == 0 ? [] :
        [
            ("loss", Statistics.Median([.. measured.Select(replica => replica.Evaluation!.Loss)])),
            ("recovered", measured.Average(replica => replica.SpecializedAt.Average(step => step >= 0 ? 1.0 : 0))),
        ];
    }

    /// <summary>The epochs done according to the last checkpoint, or −1 where there is none.</summary>
    private int Restore(IReadOnlyList<StudentGroup> groups)
    {
        if (run.Restore(plan.Part) is not { } checkpoint)
            return -1;
        _given?.Check(checkpoint);
        foreach (var group in groups)
            group.Restore(checkpoint.Tensors);
        return checked((int)(checkpoint.Step / plan.Training.EpochSteps));
    }

    private IReadOnlyList<Tensor> Tensors(IEnumerable<StudentGroup> groups)
        => [.. groups.SelectMany(group => group.Tensors()), .. _given is null ? Array.Empty<Tensor>() : [_given.ToTensor()]];

    private long Step(int epoch) => (long)epoch * plan.Training.EpochSteps;
}
