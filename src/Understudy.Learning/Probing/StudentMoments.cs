using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Probing;

/// <summary>Means over a sample set of what a two-layer student's gradient and its activations are made of; specification section 6.</summary>
/// <remarks>
/// Of the loss ½‖f* − f‖², averaged over samples: with e = f* − f and g as in <see cref="ResidualGradient"/>, minus the gradient is E[g xᵀ], E[g], E[h eᵀ] and E[e].
/// O(N·n·(d + 2C)), and O(N·n·(m + n)) more for the products of activations. Chunks are summed in double precision one after the other. Not for several threads at once.
/// </remarks>
public sealed class StudentMoments
{
    private readonly int _inputs;
    private readonly int _teacherNodes;
    private readonly int _nodes;
    private readonly int _outputs;
    private readonly bool _withProducts;
    private readonly double[] _hiddenWeight;
    private readonly double[] _hiddenBias;
    private readonly double[] _outputWeight;
    private readonly double[] _outputBias;
    private readonly double[] _hiddenSquare;
    private readonly double[] _outputSquare;
    private readonly double[] _cross;
    private readonly double[] _gram;
    private float[] _gradients = [];
    private float[] _product = [];
    private int _samples;

    /// <summary>Empty sums for d inputs, m teacher and n student nodes and C outputs.</summary>
    /// <param name="inputs">d.</param>
    /// <param name="teacherNodes">m.</param>
    /// <param name="nodes">n.</param>
    /// <param name="outputs">C.</param>
    /// <param name="withProducts">Whether <see cref="Cross"/> and <see cref="Gram"/> are wanted.</param>
    public StudentMoments(int inputs, int teacherNodes, int nodes, int outputs, bool withProducts)
    {
        (_inputs, _teacherNodes, _nodes, _outputs, _withProducts) = (inputs, teacherNodes, nodes, outputs, withProducts);
        (_hiddenWeight, _hiddenBias, _hiddenSquare) = (new double[nodes * inputs], new double[nodes], new double[nodes]);
        (_outputWeight, _outputBias, _outputSquare) = (new double[nodes * outputs], new double[outputs], new double[outputs]);
        (_cross, _gram) = withProducts ? (new double[teacherNodes * nodes], new double[nodes * nodes]) : ([], []);
    }

    /// <summary>Minus the gradient by the incoming weights, E[g xᵀ], [n, d].</summary>
    public double[] HiddenWeight => Mean(_hiddenWeight);

    /// <summary>Minus the gradient by the hidden biases, E[g], [n].</summary>
    public double[] HiddenBias => Mean(_hiddenBias);

    /// <summary>Minus the gradient by the fan-outs, E[h eᵀ], [n, C].</summary>
    public double[] OutputWeight => Mean(_outputWeight);

    /// <summary>Minus the gradient by the output biases, E[e], [C].</summary>
    public double[] OutputBias => Mean(_outputBias);

    /// <summary>E[g²] of every hidden node, [n].</summary>
    public double[] HiddenSquare => Mean(_hiddenSquare);

    /// <summary>E[e²] of every output, [C].</summary>
    public double[] OutputSquare => Mean(_outputSquare);

    /// <summary>E[h* hᵀ], [m, n]; empty unless asked for.</summary>
    public double[] Cross => Mean(_cross);

    /// <summary>E[h hᵀ], [n, n]; empty unless asked for.</summary>
    public double[] Gram => Mean(_gram);

    /// <summary>The norm of the gradient by the hidden layer, weights and biases.</summary>
    public double HiddenNorm => Norm(HiddenWeight, HiddenBias);

    /// <summary>The norm of the gradient by the last layer, weights and biases.</summary>
    public double OutputNorm => Norm(OutputWeight, OutputBias);

    /// <summary>Takes one chunk of samples.</summary>
    /// <param name="inputs">x, [rows, d].</param>
    /// <param name="teacherHidden">h*, [rows, m].</param>
    /// <param name="preActivations">z, [rows, n].</param>
    /// <param name="hidden">h, [rows, n].</param>
    /// <param name="errors">f* − f, [rows, C].</param>
    /// <param name="fanOut">Output weights [n, C]: row k is v_k.</param>
    /// <param name="activation">ψ.</param>
    public void Add(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> teacherHidden, ReadOnlySpan<float> preActivations, ReadOnlySpan<float> hidden,
        ReadOnlySpan<float> errors, ReadOnlySpan<float> fanOut, NodeActivation activation)
    {
        var rows = inputs.Length / _inputs;
        if (teacherHidden.Length != rows * _teacherNodes || preActivations.Length != rows * _nodes || hidden.Length != rows * _nodes || errors.Length != rows * _outputs)
            throw new ArgumentException($"The chunk does not hold {rows} rows of {_teacherNodes} and {_nodes} nodes and {_outputs} outputs.", nameof(inputs));
        if (_gradients.Length < rows * _nodes)
            _gradients = new float[rows * _nodes];
        var gradients = _gradients.AsSpan(0, rows * _nodes);
        Products.Multiply(rows, _nodes, _outputs, errors, fanOut, gradients, transposeRight: true);
        for (var i = 0; i < gradients.Length; i++)
            gradients[i] *= (float)activation.Derivative(preActivations[i]);
        Sum(gradients, _nodes, _hiddenBias, _hiddenSquare);
        Sum(errors, _outputs, _outputBias, _outputSquare);
        Accumulate(_nodes, _inputs, rows, gradients, inputs, _hiddenWeight);
        Accumulate(_nodes, _outputs, rows, hidden, errors, _outputWeight);
        if (_withProducts)
        {
            Accumulate(_teacherNodes, _nodes, rows, teacherHidden, hidden, _cross);
            Accumulate(_nodes, _nodes, rows, hidden, hidden, _gram);
        }

        _samples += rows;
    }

    private void Accumulate(int m, int n, int rows, ReadOnlySpan<float> left, ReadOnlySpan<float> right, double[] into)
    {
        if (_product.Length < into.Length)
            _product = new float[into.Length];
        var product = _product.AsSpan(0, into.Length);
        Products.Multiply(m, n, rows, left, right, product, transposeLeft: true);
        for (var i = 0; i < into.Length; i++)
            into[i] += product[i];
    }

    private static void Sum(ReadOnlySpan<float> rows, int width, double[] sums, double[] squares)
    {
        for (var start = 0; start < rows.Length; start += width)
        {
            for (var k = 0; k < width; k++)
            {
                double value = rows[start + k];
                sums[k] += value;
                squares[k] += value * value;
            }
        }
    }

    private double[] Mean(double[] sums) => [.. sums.Select(sum => sum / _samples)];

    private static double Norm(double[] weights, double[] biases) => Math.Sqrt(weights.Concat(biases).Sum(value => value * value));
}
