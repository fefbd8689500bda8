using Understudy.Engine.Plans;
using Understudy.Engine.Threading;

namespace Understudy.Learning.SelfDistillation;

/// <summary>Trainings that go on side by side, their students shared out over one team.</summary>
/// <remarks>Nothing is allocated in a step.</remarks>
public sealed class ViewDistillationRound
{
    private readonly ViewDistillation[] _trainings;
    private readonly ReplicaSteps _steps;

    /// <summary>The trainings, which stay their owner's.</summary>
    /// <param name="trainings">Each once, at a step of its own.</param>
    /// <exception cref="ArgumentException">A training is named twice.</exception>
    public ViewDistillationRound(params IReadOnlyList<ViewDistillation> trainings)
    {
        ArgumentNullException.ThrowIfNull(trainings);
        _trainings = [.. trainings];
        _steps = new ReplicaSteps([.. trainings.Select(training => training.Plan)]);
    }

    /// <summary>Does the next step of every training.</summary>
    /// <param name="team">Threads; results do not depend on it.</param>
    /// <exception cref="InvalidOperationException">A training is at its end; none has done a step then.</exception>
    public void DoStep(Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        foreach (var training in _trainings)
            training.CheckUnended();
        foreach (var training in _trainings)
            training.Prepare(team);
        // batches are drawn by the trainings, so that the plans have no use for the number of a step
        _steps.Do(0, team);
        foreach (var training in _trainings)
            training.Advance();
    }
}
