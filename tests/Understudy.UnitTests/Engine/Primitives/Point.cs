using Understudy.Engine.Graphs;

namespace Understudy.UnitTests.Engine.Primitives;

/// <summary>A case at a point: inputs with values, and a direction for every input that can be differentiated.</summary>
internal sealed class Point
{
    private readonly Dictionary<Sym, double[]> _values = [];
    private readonly Numbers _numbers;

    internal Point(PrimitiveCase @case, ulong seed)
    {
        _numbers = new Numbers(seed);
        (var inputs, Output) = @case.Trace();
        var values = @case.Values(_numbers);
        for (var i = 0; i < inputs.Length; i++)
            _values[inputs[i]] = values[i];
        Wrt = @case.Differentiable(inputs);
        Directions = [.. Wrt.Select(input => Ops.Input(input.Shape))];
        foreach (var direction in Directions)
            Give(direction);
    }

    internal Sym Output { get; }

    internal Sym[] Wrt { get; }

    internal Sym[] Directions { get; }

    /// <summary>The sum of products, over several values; null counts as zero.</summary>
    internal static Sym Inner(Sym?[] left, Sym?[] right)
    {
        var sum = Ops.Constant(0);
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] is { } a && right[i] is { } b)
                sum += Ops.Sum(a * b);
        }

        return sum;
    }

    /// <summary>Gives an input some value.</summary>
    internal void Give(Sym input) => _values[input] = _numbers.Any(input.Shape.Count);

    internal Dictionary<Sym, Sym> TangentOf() => Wrt.Zip(Directions).ToDictionary(pair => pair.First, pair => pair.Second);

    /// <summary>A curved scalar function of the output.</summary>
    internal Sym Loss() => Ops.Sum(Ops.Sin(Output) + (0.3 * Ops.Square(Output)));

    internal double[][] Evaluate(params Sym[] outputs) => Reference.Evaluate(_values, outputs);

    internal double[][] EvaluateMoved(double by, params Sym[] outputs)
    {
        var moved = new Dictionary<Sym, double[]>(_values);
        for (var i = 0; i < Wrt.Length; i++)
            moved[Wrt[i]] = [.. _values[Wrt[i]].Zip(_values[Directions[i]], (x, v) => x + (by * v))];
        return Reference.Evaluate(moved, outputs);
    }
}
