using Understudy.Learning.Networks;

namespace Understudy.Learning.Probing;

/// <summary>One network at one input: activations, and J_l = ∂f/∂h_l, the derivative of the outputs by every hidden layer.</summary>
/// <remarks>
/// <para>Of rectified nodes with the gates of the input held, f(x) = J_l h_l + o_l at every layer: o_l is the column of a node that is always 1, which
/// carries the biases above layer l. For a student f and a teacher f*, α_l = J_lᵀ J*_l and β_l = J_lᵀ J_l over nodes and that constant
/// one, the residual gradient of ½‖f* − f‖² at the pre-activations is D_l (α_l h*_l − β_l h_l), D_l the gates.</para>
/// <para>Double precision. O(C·Σ n_l n_l+1) per input, gates that are 0 skipped.
/// Nothing is allocated by <see cref="At"/>. Not for several threads at once. Source: Tian 2020; specification section 1.2.</para>
/// </remarks>
public sealed class OutputJacobian
{
    private readonly Mlp _network;
    private readonly double[][] _weights;
    private readonly double[][] _transposed;
    private readonly double[][] _biases;
    private readonly double[][] _preActivations;
    private readonly double[][] _hidden;
    private readonly double[][] _columns;
    private readonly double[][] _offsets;
    private readonly double[] _gated;

    /// <summary>The Jacobians of a network with given parameters.</summary>
    /// <exception cref="ArgumentException">The parameters are not those of the network, or it has no hidden layer.</exception>
    public OutputJacobian(Mlp network, ReadOnlySpan<double> flat)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Layers < 2)
            throw new ArgumentException("A network without hidden layers has no Jacobian by one.", nameof(network));
        if (flat.Length != network.Layout.Count)
            throw new ArgumentException($"The network has {network.Layout.Count} parameters, but was given {flat.Length}.", nameof(flat));
        _network = network;
        var (layers, outputs) = (network.Layers, network.Widths[^1]);
        (_weights, _transposed, _biases, _preActivations) = (new double[layers][], new double[layers][], new double[layers][], new double[layers][]);
        (_hidden, _columns, _offsets) = (new double[layers - 1][], new double[layers - 1][], new double[layers - 1][]);
        _gated = new double[outputs];
        for (var layer = 0; layer < layers; layer++)
        {
            var (inputs, width) = (network.Widths[layer], network.Widths[layer + 1]);
            _weights[layer] = network.Layout.Slots[2 * layer].Of(flat).ToArray();
            _biases[layer] = network.Layout.Slots[(2 * layer) + 1].Of(flat).ToArray();
            _transposed[layer] = Transposed(_weights[layer], inputs, width);
            _preActivations[layer] = new double[width];
            if (layer == layers - 1)
                continue;
            _hidden[layer] = new double[width];
            _columns[layer] = new double[checked(width * outputs)];
            _offsets[layer] = new double[outputs];
        }

        // the last layer is linear: its columns and offset do not depend on the input
        _weights[^1].CopyTo(_columns[^1], 0);
        _biases[^1].CopyTo(_offsets[^1], 0);
    }

    /// <summary>f(x), [C].</summary>
    public ReadOnlySpan<double> Output => _preActivations[^1];

    /// <summary>z_l(x), [n_l], by hidden layer from 0.</summary>
    public ReadOnlySpan<double> PreActivation(int layer) => _preActivations[layer];

    /// <summary>h_l(x), [n_l], by hidden layer from 0.</summary>
    public ReadOnlySpan<double> Hidden(int layer) => _hidden[layer];

    /// <summary>J_l transposed, [n_l, C]: row k is what the outputs make of node k, its fan-out in the last hidden layer.</summary>
    public ReadOnlySpan<double> Columns(int layer) => _columns[layer];

    /// <summary>o_l = f − J_l h_l, [C]: what reaches the outputs from the biases above layer l.</summary>
    public ReadOnlySpan<double> Offset(int layer) => _offsets[layer];

    /// <summary>ψ'(z): of rectified nodes 1 for z &gt; 0 and the slope elsewhere.</summary>
    public double Gate(int layer, int node) => _network.Activation.Derivative(_preActivations[layer][node]);

    /// <summary>Moves to an input [d].</summary>
    public void At(ReadOnlySpan<double> input)
    {
        if (input.Length != _network.Widths[0])
            throw new ArgumentException($"The network reads {_network.Widths[0]} numbers, but was given {input.Length}.", nameof(input));
        for (var layer = 0; layer < _weights.Length; layer++)
        {
            var z = _preActivations[layer].AsSpan();
            z.Clear();
            CrossProducts.Add(input, _weights[layer], 1, z.Length, z);
            for (var k = 0; k < z.Length; k++)
                z[k] += _biases[layer][k];
            if (layer == _hidden.Length)
                break;
            for (var k = 0; k < z.Length; k++)
                _hidden[layer][k] = _network.Activation.Of(z[k]);
            input = _hidden[layer];
        }

        for (var layer = _hidden.Length - 2; layer >= 0; layer--)
            Descend(layer);
    }

    /// <summary>E_x β_kk = E_x ‖column k of J_l(x)‖² for every node of every hidden layer.</summary>
    /// <param name="network">The network.</param>
    /// <param name="flat">Its parameters.</param>
    /// <param name="inputs">[N, d]; the mean is over these rows.</param>
    public static double[][] MeanSquares(Mlp network, ReadOnlySpan<double> flat, ReadOnlySpan<float> inputs)
    {
        var jacobian = new OutputJacobian(network, flat);
        var (d, outputs) = (network.Widths[0], network.Widths[^1]);
        if (inputs.Length == 0 || inputs.Length % d != 0)
            throw new ArgumentException($"{inputs.Length} numbers are not rows of {d}.", nameof(inputs));
        var (rows, x) = (inputs.Length / d, new double[d]);
        double[][] squares = [.. jacobian._hidden.Select(layer => new double[layer.Length])];
        for (var row = 0; row < rows; row++)
        {
            for (var u = 0; u < d; u++)
                x[u] = inputs[(row * d) + u];
            jacobian.At(x);
            for (var layer = 0; layer < squares.Length; layer++)
            {
                for (var k = 0; k < squares[layer].Length; k++)
                {
                    var sum = 0.0;
                    foreach (var value in jacobian._columns[layer].AsSpan(k * outputs, outputs))
                        sum += value * value;
                    squares[layer][k] += sum / rows;
                }
            }
        }

        return squares;
    }

    /// <summary>J_l = J_l+1 D_l+1 W_l+1, and with the biases of layer l + 1 the offset.</summary>
    private void Descend(int layer)
    {
        var (columns, above, offset) = (_columns[layer], _columns[layer + 1], _offsets[layer]);
        var (width, outputs) = (_network.Widths[layer + 1], offset.Length);
        Array.Clear(columns);
        _offsets[layer + 1].CopyTo(offset, 0);
        for (var k = 0; k < _hidden[layer + 1].Length; k++)
        {
            var gate = Gate(layer + 1, k);
            if (gate == 0)
                continue;
            for (var c = 0; c < outputs; c++)
            {
                _gated[c] = gate * above[(k * outputs) + c];
                offset[c] += _biases[layer + 1][k] * _gated[c];
            }

            CrossProducts.Add(_transposed[layer + 1].AsSpan(k * width, width), _gated, width, outputs, columns);
        }
    }

    private static double[] Transposed(double[] matrix, int rows, int columns)
    {
        var transposed = new double[matrix.Length];
        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < columns; k++)
                transposed[(k * rows) + i] = matrix[(i * columns) + k];
        }

        return transposed;
    }
}
