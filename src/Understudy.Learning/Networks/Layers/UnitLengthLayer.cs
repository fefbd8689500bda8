using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>x / max(‖x‖, floor): every row of the last axis with length 1.</summary>
/// <remarks>The derivative takes a cotangent g to (I − z zᵀ) g / ‖x‖ with z the result; below the floor it is g / floor.</remarks>
public sealed class UnitLengthLayer : ILayer
{
    /// <summary>The length below which a row is divided by this number.</summary>
    public double Floor { get; init; } = 1e-12;

    /// <summary>Whether the length counts as given in derivatives: then a cotangent g goes to g / ‖x‖.</summary>
    public bool IsLengthGiven { get; init; }

    /// <inheritdoc/>
    public Shape Output(Shape example) => example.Rank >= 1 ? example : throw new ShapeException("UnitLength", "examples with an axis", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var inverse = InverseLengths(input, -1, Floor);
        return input * Ops.BroadcastAlong(IsLengthGiven ? Ops.StopGradient(inverse) : inverse, -1, input.Shape[-1]);
    }

    /// <summary>1 / max(‖x‖, floor) along an axis, which disappears; the root is taken of the larger one, so that derivatives are finite where x is 0.</summary>
    internal static Sym InverseLengths(Sym x, int axis, double floor)
    {
        var squares = Ops.Sum(Ops.Square(x), axis);
        return Ops.Rsqrt(Ops.Max(squares, Ops.Constant(floor * floor, squares.Shape)));
    }
}
