using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <summary>Functions from graphs to graphs: derivatives, curvature products and replicas. They compose in any order.</summary>
/// <remarks>
/// Transforms act on inputs made by <see cref="Ops.Input(Shape)"/>: to differentiate with respect to a value within a graph, add an
/// input to it and hand in zeros. A zero tangent or cotangent is null, unless said otherwise. Results share nodes with the
/// graphs they were made from, and equal sub-expressions within them are merged.
/// </remarks>
public static partial class Transforms
{
    /// <summary>The tangent of the output for tangents of inputs (Jacobian times vector, forward mode); inputs not named stay fixed.</summary>
    /// <returns>The tangent, with the output's shape, or null where it is zero.</returns>
    /// <exception cref="ArgumentException">A key is not an input.</exception>
    /// <exception cref="ShapeException">A tangent does not have its input's shape.</exception>
    public static Sym? Jvp(Sym output, IReadOnlyDictionary<Sym, Sym> tangents) => Jvp([output], tangents)[0];

    /// <summary>The tangents of several outputs for tangents of inputs, in one sweep.</summary>
    /// <exception cref="ArgumentException">A key is not an input.</exception>
    /// <exception cref="ShapeException">A tangent does not have its input's shape.</exception>
    public static Sym?[] Jvp(IReadOnlyList<Sym> outputs, IReadOnlyDictionary<Sym, Sym> tangents)
    {
        ArgumentNullException.ThrowIfNull(tangents);
        foreach (var (input, tangent) in tangents)
        {
            RequireInput(input);
            if (tangent.Shape != input.Shape)
                throw new ShapeException("Jvp", "a tangent with its input's shape", input.Shape, tangent.Shape);
        }

        var expanded = Canonical.Of([.. outputs], expandMacros: true);
        var known = new Dictionary<Sym, Sym>(tangents);
        foreach (var node in Canonical.TopologicalOrder(expanded))
        {
            var moving = false;
            var given = new Sym?[node.Inputs.Length];
            for (var i = 0; i < given.Length; i++)
                moving |= known.TryGetValue(node.Inputs[i], out given[i]);
            if (moving && node.Operation.Jvp(node, given) is { } tangent)
                known[node] = tangent;
        }

        return Merged([.. expanded.Select(known.GetValueOrDefault)]);
    }

    /// <summary>The cotangents of inputs for a cotangent of the output (transposed Jacobian times vector, reverse mode).</summary>
    /// <returns>One entry per input, with its shape, or null where it is zero.</returns>
    /// <exception cref="ArgumentException">One of <paramref name="wrt"/> is not an input.</exception>
    /// <exception cref="ShapeException">The cotangent does not have the output's shape.</exception>
    public static Sym?[] Vjp(Sym output, Sym cotangent, params Sym[] wrt) => Vjp([output], [cotangent], wrt);

    /// <summary>The cotangents of inputs for cotangents of several outputs, in one sweep; null is a zero cotangent.</summary>
    /// <exception cref="ArgumentException">One of <paramref name="wrt"/> is not an input, or there is not one cotangent per output.</exception>
    /// <exception cref="ShapeException">A cotangent does not have its output's shape.</exception>
    public static Sym?[] Vjp(IReadOnlyList<Sym> outputs, IReadOnlyList<Sym?> cotangents, params Sym[] wrt)
    {
        ArgumentNullException.ThrowIfNull(wrt);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cotangents.Count, outputs.Count);
        var order = Canonical.TopologicalOrder([.. outputs]);
        var leading = LeadingFrom(wrt, order);

        // Contributions arrive from the last user to the first; they are added from the first to the last.
        var arrived = new Dictionary<Sym, List<Sym>>();
        for (var i = outputs.Count - 1; i >= 0; i--)
        {
            if (cotangents[i] is not { } cotangent)
                continue;
            if (cotangent.Shape != outputs[i].Shape)
                throw new ShapeException("Vjp", "a cotangent with its output's shape", outputs[i].Shape, cotangent.Shape);
            Arrive(arrived, outputs[i], cotangent);
        }

        for (var n = order.Length - 1; n >= 0; n--)
        {
            var node = order[n];
            if (node.Inputs.Length == 0 || !leading.Contains(node) || !arrived.Remove(node, out var contributions))
                continue;
            var shares = node.Operation.Vjp(node, Added(contributions));
            for (var i = shares.Length - 1; i >= 0; i--)
            {
                if (shares[i] is { } share && leading.Contains(node.Inputs[i]))
                    Arrive(arrived, node.Inputs[i], share);
            }
        }

        return Merged([.. wrt.Select(input => arrived.TryGetValue(input, out var contributions) ? Added(contributions) : null)]);
    }

    /// <summary>The gradients of a scalar loss; where the loss does not depend on an input, a constant of zeros.</summary>
    /// <exception cref="ArgumentException">One of <paramref name="wrt"/> is not an input.</exception>
    /// <exception cref="ShapeException">The loss is not a scalar.</exception>
    public static Sym[] Grad(Sym loss, params Sym[] wrt)
    {
        if (loss.Shape.Rank != 0)
            throw new ShapeException("Grad", "a scalar loss", loss.Shape);
        return OrZeros(Vjp(loss, Ops.Constant(1), wrt), wrt);
    }

    /// <summary>The gradient of a scalar loss at a value that may be computed, which counts as given.</summary>
    /// <param name="loss">The loss of a value. It is traced once, at an input standing for it.</param>
    /// <param name="value">Where the gradient is taken.</param>
    /// <exception cref="ShapeException">The loss is not a scalar.</exception>
    public static Sym GradAt(Func<Sym, Sym> loss, Sym value)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(value);
        var standIn = Ops.Input(value.Shape);
        return Canonical.Substitute(Grad(loss(standIn), standIn)[0], [standIn], [value]);
    }

    /// <summary>The sum of two tangents or cotangents, of which null is zero.</summary>
    internal static Sym? Total(Sym? a, Sym? b) => (a, b) switch
    {
        ({ } x, { } y) => x + y,
        (null, var y) => y,
        (var x, null) => x,
    };

    private static void Arrive(Dictionary<Sym, List<Sym>> arrived, Sym node, Sym contribution)
    {
        if (!arrived.TryGetValue(node, out var contributions))
            arrived[node] = contributions = [];
        contributions.Add(contribution);
    }

    private static Sym Added(List<Sym> contributions)
    {
        var sum = contributions[^1];
        for (var i = contributions.Count - 2; i >= 0; i--)
            sum += contributions[i];
        return sum;
    }

    /// <summary>The nodes of an order that depend on the given inputs, these included.</summary>
    private static HashSet<Sym> LeadingFrom(IReadOnlyList<Sym> inputs, Sym[] order)
    {
        foreach (var input in inputs)
            RequireInput(input);
        var leading = new HashSet<Sym>(inputs);
        foreach (var node in order)
        {
            foreach (var operand in node.Inputs)
            {
                if (leading.Contains(operand))
                    leading.Add(node);
            }
        }

        return leading;
    }

    private static void RequireInput(Sym node)
    {
        if (node.Operation is not Input)
            throw new ArgumentException($"Transforms act on inputs, but were given {node}; add an input to the value and hand in zeros.", nameof(node));
    }

    private static Sym[] OrZeros(Sym?[] values, Sym[] like)
        => [.. values.Select((value, i) => value ?? Ops.Constant(0, like[i].Shape))];

    /// <summary>Merges equal sub-expressions across the values that are not null.</summary>
    private static Sym?[] Merged(Sym?[] values)
    {
        var merged = Canonical.Of([.. values.OfType<Sym>()]);
        var next = 0;
        var results = new Sym?[values.Length];
        for (var i = 0; i < results.Length; i++)
            results[i] = values[i] is null ? null : merged[next++];
        return results;
    }
}
