using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks;

/// <summary>A fully connected network with (leaky) rectified hidden layers and a linear last layer.</summary>
/// <remarks>
/// Layer l maps a_l [batch, n_l] to z_l = a_l W_l + b_l with W_l [n_l, n_l+1] and b_l [n_l+1]; a_l+1 = max(z_l, slope·z_l) for all
/// but the last layer. Parameters in order: <c>layer.0.weight</c>, <c>layer.0.bias</c>, <c>layer.1.weight</c>, …
/// </remarks>
public sealed class Mlp
{
    private readonly int[] _widths;

    private Mlp(double slope, ReadOnlySpan<int> widths)
    {
        if (widths.Length < 2)
            throw new ArgumentException("A network needs at least an input and an output width.", nameof(widths));
        foreach (var width in widths)
            ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, nameof(widths));
        if (!(slope is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(slope), slope, "The slope must lie in [0, 1].");
        _widths = widths.ToArray();
        Slope = slope;
        var parameters = new List<(string, Shape)>();
        for (var layer = 0; layer < Layers; layer++)
        {
            parameters.Add(($"layer.{layer}.weight", new Shape(_widths[layer], _widths[layer + 1])));
            parameters.Add(($"layer.{layer}.bias", new Shape(_widths[layer + 1])));
        }

        Layout = new ParameterLayout(parameters);
    }

    /// <summary>The widths from input to output: d, n_1, …, C.</summary>
    public IReadOnlyList<int> Widths => _widths;

    /// <summary>The slope of the activation for negative arguments; 0 is ReLU, 1 linear.</summary>
    public double Slope { get; }

    /// <summary>The number of weight matrices.</summary>
    public int Layers => _widths.Length - 1;

    /// <summary>Where each parameter stands in the flat vector.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>A network with ReLU hidden layers.</summary>
    public static Mlp Relu(params ReadOnlySpan<int> widths) => new(0, widths);

    /// <summary>A network with leaky ReLU hidden layers.</summary>
    public static Mlp LeakyRelu(double slope, params ReadOnlySpan<int> widths) => new(slope, widths);

    /// <summary>Symbolic parameters in the order of <see cref="Layout"/>.</summary>
    public Sym[] Parameters()
    {
        var parameters = new Sym[Layout.Slots.Count];
        for (var i = 0; i < parameters.Length; i++)
            parameters[i] = Ops.Input(Layout.Slots[i].Name, Layout.Slots[i].Shape);
        return parameters;
    }

    /// <summary>The pre-activations z_0 … z_last of an input [batch, d]; the last one is the output.</summary>
    public Sym[] PreActivations(Sym input, IReadOnlyList<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var layers = new Sym[Layers];
        for (var layer = 0; layer < Layers; layer++)
        {
            layers[layer] = Ops.MatMul(input, parameters[2 * layer]) + parameters[(2 * layer) + 1];
            input = Ops.Rectify(layers[layer], Slope);
        }

        return layers;
    }

    /// <summary>The output [batch, C] for an input [batch, d].</summary>
    public Sym Output(Sym input, IReadOnlyList<Sym> parameters) => PreActivations(input, parameters)[^1];
}
