using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using Understudy.Learning.Training;

namespace Understudy.Learning.Distillation;

/// <summary>What is read and written of the students of a compiled step.</summary>
/// <param name="plan">The step.</param>
/// <param name="layout">The parameters of a student, and of its teacher.</param>
/// <param name="carried">What a student carries from step to step.</param>
/// <param name="loss">The loss of the last step's batch.</param>
/// <param name="squaredGradient">‖∇L‖² of the last step's batch.</param>
internal sealed class StudentReplicas(ReplicaPlan plan, ParameterLayout layout, IReadOnlyList<CarriedState> carried, Sym loss, Sym squaredGradient)
{
    private readonly CarriedStates _carried = new(plan, carried);

    /// <summary>The length of what a student carries.</summary>
    internal int CarriedCount => _carried.Count;

    /// <summary>Writes the parameters of a student or of a teacher.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than the layout has.</exception>
    internal void Write(Sym[] symbols, int replica, ReadOnlySpan<double> parameters)
    {
        CheckParameters(parameters.Length);
        for (var i = 0; i < symbols.Length; i++)
            plan.Write(symbols[i], replica, layout.Slots[i].Of(parameters));
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="ArgumentException">There is room for another number than the layout has.</exception>
    internal void Read(Sym[] symbols, int replica, Span<double> parameters)
    {
        CheckParameters(parameters.Length);
        for (var i = 0; i < symbols.Length; i++)
            plan.Read(symbols[i], replica, layout.Slots[i].Of(parameters));
    }

    /// <summary>Sets what a student carries to what it is before the first step.</summary>
    internal void BeginCarried(int replica) => _carried.Begin(replica);

    /// <summary>Reads what a student carries.</summary>
    /// <exception cref="ArgumentException">There is room for another number than it carries.</exception>
    internal void GetCarried(int replica, Span<double> carried)
    {
        CheckCarried(carried.Length);
        _carried.Read(replica, carried);
    }

    /// <summary>Sets what a student carries.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than it carries.</exception>
    internal void SetCarried(int replica, ReadOnlySpan<double> carried)
    {
        CheckCarried(carried.Length);
        _carried.Write(replica, carried);
    }

    /// <summary>Running statistics of a student, or of its teacher.</summary>
    internal IReadOnlyList<ChannelStatistics> Statistics(RunningStatistics of, int replica) => of.Read((state, values) => plan.Read(state, replica, values));

    /// <summary>Loss and norm of the gradient on the batch of the last step, before it.</summary>
    internal (double Loss, double GradientNorm) LastStep(int replica)
    {
        Span<double> value = stackalloc double[2];
        plan.Read(loss, replica, value[..1]);
        plan.Read(squaredGradient, replica, value[1..]);
        return (value[0], Math.Sqrt(value[1]));
    }

    private void CheckParameters(int count)
    {
        if (count != layout.Count)
            throw new ArgumentException($"A student has {layout.Count} parameters, not {count}.");
    }

    private void CheckCarried(int count)
    {
        if (count != CarriedCount)
            throw new ArgumentException($"A student carries {CarriedCount} numbers, not {count}.");
    }
}
