using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>The students of a phase diagram that is a whole grid, and what is the same for all of a plan.</summary>
internal sealed record PhaseGridPlan(PhaseGrid Grid, ExperimentPlan Plan);

/// <summary>From the settings of the grids to plans.</summary>
internal static class PhaseGridPlans
{
    /// <summary>One plan per learning rate and scale, and one per slope.</summary>
    internal static IReadOnlyList<PhaseGridPlan> Of(ExperimentPlan part, PhaseGridsConfig grids)
    {
        var plan = part with { Teacher = part.Teacher with { FanOutDecay = [grids.FanOutDecay] }, Sets = [(grids.Samples, TrainingSet.Plain)] };
        return
        [
            .. from rate in grids.LearningRates
               from scale in grids.Scales
               select new PhaseGridPlan(PhaseGrid.RateScale, plan with
               {
                   Student = plan.Student with { OverRealization = [grids.OverRealization], Scale = scale },
                   Training = plan.Training with { LearningRate = rate },
               }),
            .. grids.Slopes.Select(slope => new PhaseGridPlan(PhaseGrid.SlopeWidth, plan with { Slope = slope })),
        ];
    }
}

/// <summary>Trains all cells of the grids at once and measures them at the end.</summary>
internal static class PhaseGridExperiment
{
    internal const string Evaluations = PartNames.PhaseGrids + ".evaluations";

    /// <summary>Does what is still to be done; a cancelled part leaves a checkpoint of the last full epoch.</summary>
    internal static void Run(
        IReadOnlyList<PhaseGridPlan> grids, InputSource inputs, SpecializationConfig config, RunContext run, PartProgress progress, CancellationToken cancellation)
    {
        // teachers and data differ with the slope only
        var given = grids.Select(grid => grid.Plan.Slope).Distinct().ToDictionary(slope => slope, slope => grids.First(grid => grid.Plan.Slope.Equals(slope)).Plan.ReadTeacher(inputs.Dimension));
        var sets = grids.GroupBy(grid => grid.Plan.Slope).ToDictionary(same => same.Key, same => new SeedSets(same.First().Plan, inputs, config.Data.Deviation, given[same.Key], run));
        var groups = new List<(PhaseGridPlan Grid, StudentGroup Students)>();
        try
        {
            foreach (var (at, grid) in grids.Index())
            {
                foreach (var overRealization in grid.Plan.Student.OverRealization)
                    groups.Add((grid, new StudentGroup(grid.Plan, overRealization, sets[grid.Plan.Slope], config, run, FormattableString.Invariant($"{at}."))));
            }

            Train(groups, grids[0].Plan.Training, given[grids[0].Plan.Slope], run, progress, cancellation);
            // all at the end, so that a run that stopped among them has none
            foreach (var (grid, students) in groups)
                Record(grid, students, sets[grid.Plan.Slope], run);
        }
        finally
        {
            foreach (var (_, students) in groups)
                students.Dispose();
        }
    }

    private static void Train(
        IReadOnlyList<(PhaseGridPlan Grid, StudentGroup Students)> groups, TrainingConfig training, GivenTeacher? given, RunContext run, PartProgress progress, CancellationToken cancellation)
    {
        TrainPlan[] plans = [.. groups.Select(group => group.Students.Plan)];
        IReadOnlyList<Tensor> Tensors() => [.. groups.SelectMany(group => group.Students.Tensors()), .. given is null ? Array.Empty<Tensor>() : [given.ToTensor()]];
        for (var epoch = Restore(groups, training, given, run); epoch < training.Epochs; epoch++)
        {
            progress((double)epoch / training.Epochs, FormattableString.Invariant($"{PartNames.PhaseGrids}: epoch {epoch + 1} of {training.Epochs}"), []);
            foreach (var (_, students) in groups)
                students.SetRate(epoch);
            var (first, next) = ((long)epoch * training.EpochSteps, (epoch + 1L) * training.EpochSteps);
            if (TrainPlan.RunAll(plans, first, training.EpochSteps, run.Team, cancellation) < next)
            {
                run.Checkpoint(PartNames.PhaseGrids, first, Tensors, force: true);
                cancellation.ThrowIfCancellationRequested();
            }

            foreach (var (_, students) in groups)
                students.TakeParameters();
            run.Checkpoint(PartNames.PhaseGrids, next, Tensors);
        }
    }

    /// <summary>The epochs done according to the last checkpoint.</summary>
    private static int Restore(IReadOnlyList<(PhaseGridPlan Grid, StudentGroup Students)> groups, TrainingConfig training, GivenTeacher? given, RunContext run)
    {
        if (run.Restore(PartNames.PhaseGrids) is not { } checkpoint)
            return 0;
        given?.Check(checkpoint);
        foreach (var (_, students) in groups)
            students.Restore(checkpoint.Tensors);
        return checked((int)(checkpoint.Step / training.EpochSteps));
    }

    private static void Record(PhaseGridPlan grid, StudentGroup students, SeedSets sets, RunContext run)
    {
        students.Evaluate(training: false);
        var plan = grid.Plan;
        foreach (var replica in students.Replicas)
        {
            var found = StudentOutcome.Of(replica, sets.Evaluation(replica.Seed, replica.Cell));
            run.Record(Evaluations, new PhaseGridRow(
                replica.Seed, (long)plan.Training.Epochs * plan.Training.EpochSteps, grid.Grid, plan.Training.LearningRate, plan.Student.Scale, plan.Slope,
                replica.Cell.OverRealization, replica.Cell.FanOutDecay, replica.Cell.Samples, found.Diverged, found.Loss, found.RelativeLoss, found.MeanBest, found.Recovered));
        }
    }
}
