using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>A graph as a list of steps: those that do not depend on the varying inputs first, parameter updates last.</summary>
internal sealed partial class Schedule
{
    private readonly Dictionary<Sym, int> _stepOf = [];
    private readonly HashSet<Sym> _varying = [];
    private readonly Uses _uses;
    private readonly ProductPatterns _products;
    private readonly ElementPatterns _elements;
    private readonly Dictionary<Sym, Sym> _states = [];
    private readonly HashSet<Sym> _updating = [];

    internal Schedule(IReadOnlyList<Sym> outputs, PlanOptions options)
    {
        Convolution = options.Convolution;
        // one canonical graph for outputs and updates, so that they share what they have in common
        var roots = Lowering.Of(Canonical.Of([.. outputs, .. options.Updates.Select(update => update.Next)], expandMacros: true));
        Updates = [.. options.Updates.Select((update, i) => update with { Next = Computed(roots[outputs.Count + i]) })];
        var states = Updates.Select(update => update.State).ToHashSet();
        // what is asked for is the old value, so a state is copied before it is overwritten
        Outputs = [.. roots[..outputs.Count].Select(output => states.Contains(Viewed(output)) ? Computed(output) : output)];
        Order = Canonical.TopologicalOrder([.. Outputs, .. Updates.Select(update => update.Next), .. states, .. options.Kept]);
        MarkVarying(options.Varying);
        var kept = Outputs.Select(Viewed).ToHashSet();
        _uses = new Uses(Order, [.. Outputs, .. Updates.Select(update => update.Next)]);
        foreach (var group in Updates.GroupBy(update => update.Next).Where(group => group.Count() == 1 && !kept.Contains(group.Key)))
            _states[group.Key] = group.Single().State;
        _products = new ProductPatterns(Order, _uses, _varying.Contains, [.. Updates.Where(update => _states.ContainsKey(update.Next))]);
        _elements = new ElementPatterns(_uses, _products, _varying.Contains);
        MarkUpdating();
        DeferToUpdates();
        Build();
        // shares of a group do not know the rows before them
        Fuse(sumsToo: options.Team is null or { Threads: 1 }, options.SmallestFused);
        CollectConstants();
    }

    /// <summary>The values asked for.</summary>
    internal Sym[] Outputs { get; }

    /// <summary>The states and their next values.</summary>
    internal Update[] Updates { get; }

    /// <summary>How convolutions are computed.</summary>
    internal ConvolutionAlgorithm Convolution { get; }

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

    // a value that is an input, or a view of another one, is copied, so that states may change places
    private static Sym Computed(Sym value)
        => Viewed(value) == value && value.Operation is not Leaf ? value : new Sym(new Affine(1, 0), null, value);

    private static Sym Viewed(Sym node)
    {
        while (node.Operation is Reshape or StopGradient)
            node = node.Inputs[0];
        return node;
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

    // an update may read another update's next value, so everything after the first update counts as one
    private void MarkUpdating()
    {
        foreach (var node in Order)
        {
            var marked = _states.ContainsKey(node) || _states.ContainsKey(_products.Gate(node));
            foreach (var input in node.Inputs)
                marked |= _updating.Contains(input);
            if (marked)
                _updating.Add(node);
        }
    }

    // what only updates read is computed with them: its elements need not wait in memory
    private void DeferToUpdates()
    {
        for (var i = Order.Length - 1; i >= 0; i--)
        {
            var node = Order[i];
            if (IsOwnElement(node) && !_uses.IsKept(node) && _uses.Of(node) is { Count: > 0 } uses
                && uses.All(use => _updating.Contains(use) && IsOwnElement(use) && use.Shape.Count == node.Shape.Count && _varying.Contains(use) == _varying.Contains(node)))
            {
                _updating.Add(node);
            }
        }
    }

    private bool IsOwnElement(Sym node) => ElementPatterns.IsElementwise(node) && _products.Of(node) is null && !_products.IsAbsorbed(node);

    private void Build()
    {
        // a rectified value comes where its pre-activation was, because gates read it instead
        // and rows that are repeated and wait for nothing come first, so that nobody waits for them
        var nodes = Order.Select(_products.Gate).Distinct().Where(IsComputed).OrderBy(node => WaitsForNothing(node) ? 0 : 1).ToArray();
        // a value that overwrites a state comes after everything that may still read the old one
        Place(nodes.Where(node => !_varying.Contains(node) && !_updating.Contains(node)));
        Prepared = Updates.Length > 0 ? 0 : Steps.Count;
        Place(nodes.Where(node => _varying.Contains(node) && !_updating.Contains(node)));
        var last = Steps.Count;
        Place(nodes.Where(_updating.Contains));
        for (var at = last; at < Steps.Count; at++)
        {
            foreach (var node in Steps[at].Writes.Where(node => _states.ContainsKey(node) && IsReadAfterwards(at, node)).ToArray())
                _states.Remove(node);
        }

        foreach (var update in Updates.Where(update => !_states.ContainsKey(update.Next)))
            Steps.Add(new CopyStep(update.Next, update.State));
    }

    private bool WaitsForNothing(Sym node)
        => IsRepeatedRow(node) && Viewed(node.Inputs[0]).Operation is Leaf && !_uses.IsKept(node) && _uses.Of(node).All(ElementPatterns.IsElementwise);

    // whether the old value of the state that the node overwrites is read while or after that happens
    private bool IsReadAfterwards(int at, Sym node)
    {
        var state = _states[node];
        var within = Steps[at] switch
        {
            GroupStep group => group.ReadsAfter(node),
            ProductStep product => product.Operands,
            var step => step.Reads,
        };
        return within.Concat(Steps.Skip(at + 1).SelectMany(step => step.Reads)).Any(read => Written(read) == state);
    }

    private bool IsComputed(Sym node)
        => node.Operation is not (Leaf or Reshape or StopGradient)
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

        var updates = _updating.Contains(operation.Result);
        for (var at = Steps.Count - 1; at >= dependency; at--)
        {
            if (Steps[at] is GroupStep group && group.Count == operation.Result.Shape.Count && _updating.Contains(group.Operations[0].Result) == updates)
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

    private Sym Written(Sym node) => _products.Gate(Viewed(node));

    private void CollectConstants()
    {
        var whole = Steps.SelectMany(step => step is GroupStep group ? group.WholeReads : step.Reads);
        FullConstants.UnionWith(whole.Concat(Outputs).Select(Home).Where(node => node.Operation is Constant));
    }
}
