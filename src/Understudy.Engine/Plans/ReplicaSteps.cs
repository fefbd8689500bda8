using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans;

/// <summary>Single steps of several plans, between which their inputs are written: what has to be sorted for them is sorted once.</summary>
/// <remarks>For plans that draw their own batches <see cref="ReplicaPlan.RunAll(IReadOnlyList{ReplicaPlan}, long, int, Team, CancellationToken)"/> is faster, as it keeps a group in the cache for many steps. Nothing is allocated in a step.</remarks>
public sealed class ReplicaSteps
{
    private readonly ReplicaGroup[] _groups;
    private readonly Action<int> _work;
    private long _step;

    /// <summary>Steps of some plans, each named once.</summary>
    /// <exception cref="ArgumentException">A plan is named twice.</exception>
    public ReplicaSteps(IReadOnlyList<ReplicaPlan> plans)
    {
        ArgumentNullException.ThrowIfNull(plans);
        if (plans.Distinct().Count() < plans.Count)
            throw new ArgumentException("A plan is named twice.", nameof(plans));
        _groups = [.. plans.SelectMany(plan => plan.Groups).OrderByDescending(group => group.Executor.Bytes)];
        _work = group => _groups[group].Run(_step, 1);
    }

    /// <summary>Does one step of every plan, their groups shared out together, those with most to do first.</summary>
    /// <param name="step">Its number, which the plans' feeds are drawn for.</param>
    /// <param name="team">Threads; results do not depend on it.</param>
    /// <exception cref="InvalidOperationException">A replica lacks tables or random numbers. No plan has done the step then.</exception>
    /// <exception cref="ObjectDisposedException">A plan or a table was disposed of. No plan has done the step then.</exception>
    public void Do(long step, Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        foreach (var group in _groups)
            group.CheckReady();
        _step = step;
        team.Run(_groups.Length, _work);
    }
}
