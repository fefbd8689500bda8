using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>A graph as a list of steps: those that do not depend on the varying inputs first, parameter updates last.</summary>
internal sealed class Schedule
{
    private readonly Dictionary<Sym, int> _stepOf = [];
    private readonly HashSet<Sym> _varying = [];
    private readonly Uses _uses;
    private readonly ProductPatterns _products;
    private readonly ElementPatterns _elements;
    private readonly Dictionary<Sym, Sym> _states = [];

    internal Schedule(IReadOnlyList<Sym> outputs, PlanOptions options)
    {
        // one canonical graph for outputs and updates, so that they share what they have in common
        var roots = Lowering.Of(Canonical.Of([.. outputs, .. options.Updates.Select(update => update.Next)], expandMacros: true));
        Outputs = roots[..outputs.Count];
        Updates = [.. options.Updates.Select((update, i) => update with { Next = Computed(roots[outputs.Count + i]) })];
        for (var i = 0; i < Updates.Length; i++)
            roots[outputs.Count + i] = Updates[i].Next;
        Order = Canonical.TopologicalOrder(roots);
        MarkVarying(options.Varying);
        _uses = new Uses(Order, Outputs);
        foreach (var group in Updates.GroupBy(update => update.Next).Where(group => group.Count() == 1 && !_uses.IsKept(group.Key)))
            _states[group.Key] = group.Single().State;
        _products = new ProductPatterns(Order, _uses, _varying.Contains, [.. Updates.Where(update => _states.ContainsKey(update.Next))]);
        _elements = new ElementPatterns(_uses, _products, _varying.Contains);
        Build();
    }

    /// <summary>The values asked for.</summary>
    internal Sym[] Outputs { get; }

    /// <summary>The states and their next values.</summary>
    internal Update[] Updates { get; }

    /// <summary>All nodes, operands first.</summary>
    internal Sym[] Order { get; }

    /// <summary>The steps in the order they run.</summary>
    internal List<PlanStep> Steps { get; } = [];

    /// <summary>How many of the first steps belong to <see cref="Plan.Prepare"/>.</summary>
    internal int Prepared { get; private set; }

    /// <summary>Constants that a step other than an element-wise one reads, or that are asked for: they need all their elements.</summary>
    internal HashSet<Sym> FullConstants { get; } = [];

    /// <summary>Where a value's elements are: the value itself, the state it overwrites, or what it is a view of.</summary>
    internal Sym Home(Sym node)
    {
        while (true)
        {
            if (_states.TryGetValue(node, out var state))
                return state;
            if (node.Operation is Reshape or StopGradient)
                node = node.Inputs[0];
            else if (_products.Gate(node) is var gate && gate != node)
                node = gate;
            else
                return node;
        }
    }

    // a next value that is itself an input, or a view of one, is copied, so that states may change places
    private static Sym Computed(Sym next)
    {
        var home = next;
        while (home.Operation is Reshape or StopGradient)
            home = home.Inputs[0];
        return home == next && home.Operation is not Leaf ? next : new Sym(new Affine(1, 0), null, next);
    }

    private void MarkVarying(IReadOnlyList<Sym> varying)
    {
        foreach (var node in Order)
        {
            var marked = varying.Contains(node);
            foreach (var input in node.Inputs)
                marked |= _varying.Contains(input);
            if (marked)
                _varying.Add(node);
        }
    }

    private void Build()
    {
        var nodes = Order.Where(IsComputed).ToArray();
        // a value that overwrites a state comes after everything that may still read the old one
        Place(nodes.Where(node => !_varying.Contains(node) && !IsUpdate(node)));
        Prepared = Steps.Count;
        Place(nodes.Where(node => _varying.Contains(node) && !IsUpdate(node)));
        var last = Steps.Count;
        Place(nodes.Where(IsUpdate));
        DemoteUnsafeUpdates(last);
        foreach (var update in Updates.Where(update => !_states.ContainsKey(update.Next)))
            Steps.Add(new CopyStep(update.Next, update.State));
        if (Updates.Length > 0)
            Prepared = 0;
        CollectConstants();
    }

    // an update may read another update's next value, so everything after the first update counts as one
    private bool IsUpdate(Sym node) => _states.ContainsKey(node) || _afterUpdate.Contains(node) || DependsOnUpdate(node);

    private readonly HashSet<Sym> _afterUpdate = [];
    private readonly HashSet<Sym> _beforeUpdate = [];

    private bool DependsOnUpdate(Sym node)
    {
        if (_beforeUpdate.Contains(node))
            return false;
        foreach (var input in node.Inputs)
        {
            if (_states.ContainsKey(input) || _afterUpdate.Contains(input))
            {
                _afterUpdate.Add(node);
                return true;
            }
        }

        _beforeUpdate.Add(node);
        return false;
    }

    private bool IsComputed(Sym node)
        => node.Operation is not (Input or Constant or Reshape or StopGradient)
            && !_products.IsAbsorbed(node) && !_elements.IsAbsorbed(node) && !IsUnneededBroadcast(node);

    private bool IsUnneededBroadcast(Sym node)
    {
        if (node.Operation is not Broadcast || _uses.IsKept(node))
            return false;
        foreach (var use in _uses.Of(node))
        {
            var folded = _products.Of(use) is { } product && (product.Bias == node.Inputs[0] || product.Alpha is not null)
                || _products.IsAbsorbed(use) && IsFoldedBias(use, node)
                || Scalars.Source(node) is not null && ElementPatterns.IsElementwise(use);
            if (!folded)
                return false;
        }

        return true;
    }

    // the sum with the bias was itself folded into an activation
    private bool IsFoldedBias(Sym sum, Sym row)
        => sum.Operation is Add && _uses.Of(sum).Any(use => _products.Of(use) is { } product && product.Bias == row.Inputs[0]);

    private void Place(IEnumerable<Sym> nodes)
    {
        var first = Steps.Count;
        foreach (var node in nodes)
        {
            if (_products.Of(node) is { } product)
                Append(new ProductStep(product));
            else if (ElementPatterns.IsElementwise(node))
                Join(_elements.Operation(node), first);
            else
                Append(new SingleStep(node));
        }
    }

    private void Append(PlanStep step)
    {
        Steps.Add(step);
        foreach (var node in step.Writes)
            _stepOf[node] = Steps.Count - 1;
    }

    private void Join(GroupOperation operation, int first)
    {
        var dependency = first;
        foreach (var operand in operation.Operands)
        {
            if (_stepOf.TryGetValue(Written(operand.Source), out var at))
                dependency = Math.Max(dependency, at);
        }

        var updates = IsUpdate(operation.Result);
        for (var at = Steps.Count - 1; at >= dependency; at--)
        {
            if (Steps[at] is GroupStep group && group.Count == operation.Result.Shape.Count && IsUpdate(group.Operations[0].Result) == updates
                && !(group.Operations.Exists(member => _stepOf[member.Result] != at)) && IsReadableWithin(group, operation))
            {
                group.Operations.Add(operation);
                _stepOf[operation.Result] = at;
                return;
            }
        }

        var step = new GroupStep();
        step.Operations.Add(operation);
        Append(step);
    }

    // a number computed by a group is complete only after the group, so no other member may read it as a scalar
    private bool IsReadableWithin(GroupStep group, GroupOperation operation)
    {
        foreach (var operand in operation.Operands)
        {
            if (operand.IsScalar && operation.Result.Shape.Count > 1 && group.Operations.Exists(member => member.Result == Written(operand.Source)))
                return false;
        }

        return true;
    }

    private Sym Written(Sym node)
    {
        while (node.Operation is Reshape or StopGradient)
            node = node.Inputs[0];
        return _products.Gate(node);
    }

    private void DemoteUnsafeUpdates(int first)
    {
        for (var at = first; at < Steps.Count; at++)
        {
            foreach (var node in Steps[at].Writes.Where(_states.ContainsKey).ToArray())
            {
                var state = _states[node];
                var isReadLater = Steps.Skip(at + 1).Any(step => step.Reads.Any(read => Written(read) == state));
                var isReadWithin = Steps[at] is GroupStep group && group.Operations.Exists(other => other.Result != node
                    && other.Operands.Any(operand => Written(operand.Source) == state));
                var isReadAcross = Steps[at] is SingleStep or ProductStep { Product.State: null }
                    || Steps[at] is GroupStep own && own.Operations.Exists(other => other.Operands.Any(operand => operand.IsScalar && other.Result.Shape.Count > 1 && Written(operand.Source) == state));
                if (isReadLater || isReadWithin || isReadAcross || Outputs.Any(output => Written(output) == state))
                    _states.Remove(node);
            }
        }
    }

    private void CollectConstants()
    {
        foreach (var step in Steps.Where(step => step is not GroupStep))
        {
            foreach (var read in step.Reads.Where(read => read.Operation is Constant))
                FullConstants.Add(read);
        }

        foreach (var output in Outputs.Where(output => Home(output).Operation is Constant))
            FullConstants.Add(Home(output));
    }
}
