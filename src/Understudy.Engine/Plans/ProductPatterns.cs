using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>Finds what can be folded into the last pass of a matrix product or a convolution: bias, activation, parameter update.</summary>
/// <remarks>
/// Which patterns are folded depends on the graph alone, never on threads, registers or replicas, because a folded update
/// rounds once where two instructions would round twice.
/// </remarks>
internal sealed class ProductPatterns
{
    /// <summary>A product is folded into a parameter update only where its sum is one block, so that it is added once.</summary>
    private const int LargestFoldedSum = Gemm<F1, float>.BlockK;

    private readonly Uses _uses;
    private readonly Func<Sym, bool> _varies;
    private readonly Dictionary<Sym, Sym> _states;
    private readonly Dictionary<Sym, Product> _products = [];
    private readonly HashSet<Sym> _absorbed = [];
    private readonly Dictionary<Sym, Sym> _gates = [];

    internal ProductPatterns(IReadOnlyList<Sym> order, Uses uses, Func<Sym, bool> varies, IReadOnlyList<Update> updates)
    {
        _uses = uses;
        _varies = varies;
        _states = updates.GroupBy(update => update.Next).Where(group => group.Count() == 1)
            .ToDictionary(group => group.Key, group => group.Single().State);
        foreach (var node in order)
            Visit(node);
    }

    /// <summary>The product whose final value is this node, if any.</summary>
    internal Product? Of(Sym node) => _products.GetValueOrDefault(node);

    /// <summary>Whether the node is computed inside another one and has no value of its own.</summary>
    internal bool IsAbsorbed(Sym node) => _absorbed.Contains(node);

    /// <summary>The rectified value whose sign stands for that of an absorbed pre-activation; otherwise the node itself.</summary>
    internal Sym Gate(Sym node) => _gates.GetValueOrDefault(node, node);

    private void Visit(Sym node)
    {
        switch (node.Operation)
        {
            case MatMul when node.Shape.Rank == 2:
            case Convolve when node.Shape.Rank == 4:
                _products[node] = new Product(node, node, null, Activation.None, 0, null, null);
                break;
            case Add:
                if (!TryBias(node, node.Inputs[0], node.Inputs[1]))
                    TryBias(node, node.Inputs[1], node.Inputs[0]);
                break;
            case Rectify rectify:
                TryActivation(node, Activation.Rectify, rectify.Slope);
                break;
            case Tanh:
                TryActivation(node, Activation.Tanh, 0);
                break;
            case ScaledAdd:
                TryUpdate(node);
                break;
        }
    }

    private bool TryBias(Sym node, Sym product, Sym row)
    {
        if (!IsBare(product) || row.Operation is not Broadcast broadcast || row.Inputs[0].Shape.Rank != 1
            || broadcast.Inserted.Values.Length != product.Shape.Rank - 1 || broadcast.Inserted.Values[^1] != product.Shape.Rank - 2 || !AreTogether(node, product))
        {
            return false;
        }

        Fold(product, _products[product] with { Result = node, Bias = row.Inputs[0] });
        return true;
    }

    private void TryActivation(Sym node, Activation activation, double slope)
    {
        var before = node.Inputs[0];
        if (!_products.TryGetValue(before, out var product) || product.Activation != Activation.None || product.State is not null
            || _uses.IsKept(before) || !AreTogether(node, before) || (activation == Activation.Tanh && product.Node.Operation is Convolve))
        {
            return;
        }

        // the sign of a rectified value is the sign of what was rectified, so gates do not need the latter
        foreach (var use in _uses.Of(before))
        {
            if (use != node && !(activation == Activation.Rectify && slope >= 0 && use.Operation is Primitives.Step))
                return;
        }

        Fold(before, product with { Result = node, Activation = activation, Slope = slope });
        _gates[before] = node;
    }

    private void TryUpdate(Sym node)
    {
        var (state, scale, product) = (node.Inputs[0], Scalars.Source(node.Inputs[1]), node.Inputs[2]);
        if (!_states.TryGetValue(node, out var target) || target != state || scale is null || !IsBare(product) || !AreTogether(node, product))
            return;
        if (product.Operation is MatMul matMul && product.Inputs[0].Shape[matMul.TransposeLeft ? 0 : 1] <= LargestFoldedSum)
            Fold(product, _products[product] with { Result = node, State = state, Alpha = scale });
    }

    private bool IsBare(Sym node)
        => _uses.IsSingle(node) && _products.TryGetValue(node, out var product)
            && product is { Bias: null, Activation: Activation.None, State: null };

    private bool AreTogether(Sym left, Sym right) => _varies(left) == _varies(right);

    private void Fold(Sym before, Product product)
    {
        _products.Remove(before);
        _absorbed.Add(before);
        _products[product.Result] = product;
    }
}
