using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;
using Understudy.UnitTests.Engine.Primitives;

namespace Understudy.UnitTests.Guides;

// The code of docs/guides/engine-from-scratch.md: what stands between "// <name>" and "// </name>" is copied there.

// <trace>
internal abstract record Expression
{
    public static Expression operator +(Expression a, Expression b) => new Plus(a, b);

    public static Expression operator *(Expression a, Expression b) => new Times(a, b);
}

internal sealed record Number(double Value) : Expression;

internal sealed record Variable(string Name) : Expression;

internal sealed record Plus(Expression A, Expression B) : Expression;

internal sealed record Times(Expression A, Expression B) : Expression;

internal sealed record Sine(Expression A) : Expression;

internal sealed record Cosine(Expression A) : Expression;
// </trace>

internal static class Toy
{
    // <evaluate>
    internal static double Evaluate(Expression e, Dictionary<Variable, double> values) => e switch
    {
        Number number => number.Value,
        Variable variable => values[variable],
        Plus(var a, var b) => Evaluate(a, values) + Evaluate(b, values),
        Times(var a, var b) => Evaluate(a, values) * Evaluate(b, values),
        Sine(var a) => Math.Sin(Evaluate(a, values)),
        Cosine(var a) => Math.Cos(Evaluate(a, values)),
        _ => throw new ArgumentException($"{e} has no value."),
    };
    // </evaluate>

    // <forward>
    internal static Expression? Jvp(Expression e, Dictionary<Variable, Expression> tangents)
    {
        switch (e)
        {
            case Variable variable:
                return tangents.GetValueOrDefault(variable);
            case Plus(var a, var b):
                return Total(Jvp(a, tangents), Jvp(b, tangents));
            case Times(var a, var b):
                var (da, db) = (Jvp(a, tangents), Jvp(b, tangents));
                return Total(da is null ? null : da * b, db is null ? null : a * db);
            case Sine(var a):
                return Jvp(a, tangents) is { } ds ? new Cosine(a) * ds : null;
            case Cosine(var a):
                return Jvp(a, tangents) is { } dc ? new Number(-1) * new Sine(a) * dc : null;
            default:
                return null;
        }
    }

    private static Expression? Total(Expression? a, Expression? b) => a is null ? b : b is null ? a : a + b;
    // </forward>

    // <reverse>
    internal static Expression? Grad(Expression e, Variable wrt)
    {
        Expression? gradient = null;
        Pull(e, new Number(1));
        return gradient;

        void Pull(Expression node, Expression cotangent)
        {
            switch (node)
            {
                case Variable variable when variable == wrt:
                    gradient = Total(gradient, cotangent);
                    break;
                case Plus(var a, var b):
                    Pull(a, cotangent);
                    Pull(b, cotangent);
                    break;
                case Times(var a, var b):
                    Pull(a, cotangent * b);
                    Pull(b, cotangent * a);
                    break;
                case Sine(var a):
                    Pull(a, cotangent * new Cosine(a));
                    break;
                case Cosine(var a):
                    Pull(a, cotangent * new Number(-1) * new Sine(a));
                    break;
            }
        }
    }
    // </reverse>

    internal static double Compose()
    {
        // <compose>
        var (x, y) = (new Variable("x"), new Variable("y"));
        var f = x * x * new Sine(y);
        var slope = Grad(f, x)!; // 2 x sin y
        var mixed = Jvp(slope, new Dictionary<Variable, Expression> { [y] = new Number(1) })!; // 2 x cos y
        var value = Evaluate(mixed, new Dictionary<Variable, double> { [x] = 3, [y] = 0 }); // 6
        // </compose>
        return value;
    }
}

internal static class Real
{
    internal static double[][] Network()
    {
        // <network>
        var (x, y) = (Ops.Input("x", 2, 3), Ops.Input("y", 2, 1));
        var (w, v) = (Ops.Input("w", 3, 1), Ops.Input("v", 3, 1));
        var loss = Ops.Mean(Ops.Square(Ops.Tanh(Ops.MatMul(x, w)) - y));

        var gradient = Transforms.Grad(loss, w)[0];
        var curvature = Transforms.Hvp(loss, [w], [v])[0];

        var results = Reference.Evaluate(
            new Dictionary<Sym, double[]> { [x] = [1, 2, 3, 4, 5, 6], [y] = [0, 1], [w] = [0.1, 0, -0.1], [v] = [1, 0, 0] },
            loss, gradient, curvature);
        // </network>
        return results;
    }

    internal static (Sym Gradients, Sym Same) Copies()
    {
        // <replicas>
        var (x, w) = (Ops.Input("x", 8, 3), Ops.Input("w", 3, 2));
        var many = Ops.Input("w of all replicas", 16, 3, 2);
        var loss = Ops.Mean(Ops.Square(Ops.MatMul(x, w)));
        var replicated = new Dictionary<Sym, Sym> { [w] = many };

        var gradients = Transforms.Replicate(Transforms.Grad(loss, w), replicated, replicas: 16)[0];
        var same = Transforms.Grad(Ops.Sum(Transforms.Replicate([loss], replicated, replicas: 16)[0]), many)[0];
        // </replicas>
        return (gradients, same);
    }
}

// <softsign>
/// <summary>x / (1 + |x|), a sigmoid with slow tails; derivative (1 − |y|)². Source: Bergstra et al. 2009.</summary>
internal sealed record Softsign : Unary
{
    internal override double Evaluate(double x) => x / (1 + Math.Abs(x));

    protected override Sym? Derivative(Sym node) => Ops.Square(1 - Ops.Abs(node));
}
// </softsign>

// <running-sum>
/// <summary>Running sums along an axis: y[i] = x[0] + … + x[i], or x[i] + … to the end where reversed.</summary>
internal sealed record RunningSum(int Axis, bool Reversed) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => Axis >= 0 && Axis < inputs[0].Rank ? inputs[0] : throw new ShapeException(Name, $"an operand with an axis {Axis}", inputs);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var length = shapes[0][Axis];
        Lines.ForEach(shapes[0], Axis, (line, start, stride) =>
        {
            var sum = 0.0;
            for (var i = 0; i < length; i++)
            {
                var at = start + (stride * (Reversed ? length - 1 - i : i));
                result[at] = sum += inputs[0][at];
            }
        });
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Simplify.Node(this, null, tangents[0]!);

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [Simplify.Node(new RunningSum(Axis, !Reversed), null, cotangent)];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new RunningSum(Axis + 1, Reversed), node.Caller, inputs);
}
// </running-sum>

internal static class NewCases
{
    internal static IReadOnlyList<PrimitiveCase> All { get; } =
    [
        // <cases>
        new("Softsign", [new Shape(2, 3)], [Domain.Distinct], x => Simplify.Node(new Softsign(), null, x[0])),
        new("RunningSum", [new Shape(2, 5)], [Domain.Any], x => Simplify.Node(new RunningSum(Axis: 1, Reversed: false), null, x[0])),
        // </cases>
    ];
}
