using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Importing;

/// <summary>Operators that act element by element.</summary>
internal static class ElementOperators
{
    private static readonly double HalfRoot = Math.Sqrt(0.5);

    internal static GraphValue Relu(NodeCall call) => Map(call, x => Ops.Rectify(x));

    internal static GraphValue LeakyRelu(NodeCall call)
    {
        var slope = call.Number("alpha", 0.01);
        return Map(call, x => Ops.Rectify(x, slope));
    }

    /// <summary>x where x &gt; 0, and α (eˣ − 1) elsewhere, at 0 too.</summary>
    internal static GraphValue Elu(NodeCall call)
    {
        var alpha = call.Number("alpha", 1);
        return Map(call, x =>
        {
            var zero = Ops.Constant(0, x.Shape);
            return Ops.Select(Ops.Greater(x, zero), x, alpha * Ops.Expm1(Ops.Min(x, zero)));
        });
    }

    internal static GraphValue Tanh(NodeCall call) => Map(call, x => Ops.Tanh(x));

    internal static GraphValue Sigmoid(NodeCall call) => Map(call, x => Ops.Sigmoid(x));

    internal static GraphValue Sqrt(NodeCall call) => Map(call, x => Ops.Sqrt(x));

    internal static GraphValue Erf(NodeCall call) => Map(call, x => Ops.Erf(x));

    internal static GraphValue Softplus(NodeCall call) => Map(call, x => Ops.Softplus(x));

    /// <summary>x Φ(x), or its approximation by tanh (Hendrycks and Gimpel 2016, section 2).</summary>
    internal static GraphValue Gelu(NodeCall call) => (call.Attribute("approximate")?.Text ?? "none") switch
    {
        "none" => Map(call, x => 0.5 * x * (1 + Ops.Erf(HalfRoot * x))),
        "tanh" => Map(call, x => 0.5 * x * (1 + Ops.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * Ops.Square(x)))))),
        _ => throw call.Problem("has an unknown kind of approximation"),
    };

    internal static GraphValue Add(NodeCall call) => Combine(call, (a, b) => a + b);

    internal static GraphValue Sub(NodeCall call) => Combine(call, (a, b) => a - b);

    internal static GraphValue Mul(NodeCall call) => Combine(call, (a, b) => a * b);

    internal static GraphValue Div(NodeCall call) => Combine(call, (a, b) => a / b);

    internal static GraphValue Max(NodeCall call)
        => call.Operands.Count == 2 ? Combine(call, (a, b) => Ops.Max(a, b)) : throw call.Problem($"compares {call.Operands.Count} values; supported are two");

    /// <summary>Two values that broadcast each other, as an operation needs them; both end up with the same shape.</summary>
    /// <remarks>An axis of extent 1, or one that is missing in front, is repeated. The axis of examples is never one that is made so.</remarks>
    internal static TracedValue Combine(NodeCall call, TracedValue a, TracedValue b, Func<Sym, Sym, Sym> operation)
    {
        var rank = Math.Max(a.Sym.Shape.Rank, b.Sym.Shape.Rank);
        var hasExamples = a.HasExamples || b.HasExamples;
        if (hasExamples && (MixesExamples(a, rank) || MixesExamples(b, rank)))
            throw call.Problem($"combines {a.Sym.Shape} and {b.Sym.Shape} across examples");
        var target = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var (left, right) = (Extent(a.Sym, axis, rank), Extent(b.Sym, axis, rank));
            target[axis] = left == right || right == 1 ? left : left == 1 ? right : throw call.Problem($"cannot combine {a.Sym.Shape} and {b.Sym.Shape}");
        }

        if (rank == 4 && (a.Images ?? b.Images) is not null)
        {
            int[] last = [target[0], target[2], target[3], target[1]];
            return TracedValue.OfImages(operation(Broadcast(a.ChannelsLast(), last), Broadcast(b.ChannelsLast(), last)));
        }

        return new TracedValue(operation(Broadcast(a.Sym, target), Broadcast(b.Sym, target)), hasExamples);
    }

    private static TracedValue Map(NodeCall call, Func<Sym, Sym> function) => call.Traced(0).Map(function);

    private static TracedValue Combine(NodeCall call, Func<Sym, Sym, Sym> operation) => Combine(call, call.Traced(0), call.Traced(1), operation);

    private static bool MixesExamples(TracedValue x, int rank) => x.HasExamples ? x.Sym.Shape.Rank < rank : x.Sym.Shape.Rank == rank && x.Sym.Shape[0] != 1;

    private static int Extent(Sym x, int axis, int rank) => axis < rank - x.Shape.Rank ? 1 : x.Shape[axis - rank];

    private static Sym Broadcast(Sym x, int[] target)
    {
        List<int> kept = [], repeated = [];
        for (var axis = 0; axis < target.Length; axis++)
        {
            if (axis < target.Length - x.Shape.Rank || Extent(x, axis, target.Length) != target[axis])
                repeated.Add(axis);
            else
                kept.Add(target[axis]);
        }

        if (repeated.Count > 0)
            x = Ops.Reshape(x, new Shape([.. kept]));
        foreach (var axis in repeated)
            x = Ops.BroadcastAlong(x, axis, target[axis]);
        return x;
    }
}
