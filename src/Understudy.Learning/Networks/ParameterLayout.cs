using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks;

/// <summary>Where each parameter of a network stands in its flat parameter vector.</summary>
/// <remarks>Flat vectors are what training, checkpoints, interpolation and curvature work on.</remarks>
public sealed class ParameterLayout
{
    /// <summary>A layout of parameters one behind the other.</summary>
    public ParameterLayout(IReadOnlyList<(string Name, Shape Shape)> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var slots = new ParameterSlot[parameters.Count];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = new ParameterSlot(parameters[i].Name, Count, parameters[i].Shape);
            Count = checked(Count + parameters[i].Shape.Count);
        }

        Slots = slots;
    }

    /// <summary>The parameters in order.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>The length of the flat vector.</summary>
    public int Count { get; }

    /// <summary>A symbolic input for each parameter, in order.</summary>
    public Sym[] ToInputs()
    {
        var inputs = new Sym[Slots.Count];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = Ops.Input(Slots[i].Name, Slots[i].Shape);
        return inputs;
    }
}

/// <summary>One parameter of a network.</summary>
/// <param name="Name">Such as <c>layer.0.weight</c>.</param>
/// <param name="Offset">Where it starts in the flat vector.</param>
/// <param name="Shape">Its extents; a linear weight is [in, out].</param>
public readonly record struct ParameterSlot(string Name, int Offset, Shape Shape)
{
    /// <summary>This parameter's part of a flat vector.</summary>
    public ReadOnlySpan<T> Of<T>(ReadOnlySpan<T> flat) => flat.Slice(Offset, Shape.Count);

    /// <summary>This parameter's part of a flat vector.</summary>
    public Span<T> Of<T>(Span<T> flat) => flat.Slice(Offset, Shape.Count);

    /// <summary>Whether it is what its layer names so, such as <c>weight</c>.</summary>
    internal bool Is(string kind) => Name.EndsWith($".{kind}", StringComparison.Ordinal);
}
