using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Representations;

/// <summary>The mean cross-entropy of softmax(x W + b), its gradient and its predictions.</summary>
internal sealed class SoftmaxRegression(int width, int classes, Team? team)
{
    private const int ChunkRows = 32;

    private readonly double[] _parameters = new double[checked((width + 1) * classes)];
    private readonly double[] _gradient = new double[(width + 1) * classes];

    // of the batch at hand
    private double[] _outputs = [];
    private double[] _losses = [];
    private int[] _labels = [];
    private int _rows;
    private double _weight;
    private Action<int>? _residuals;

    /// <summary>W [d, K], then b [K].</summary>
    internal Span<double> Parameters => _parameters;

    /// <summary>W [d, K].</summary>
    internal Span<double> Weights => _parameters.AsSpan(0, width * classes);

    /// <summary>b [K].</summary>
    internal Span<double> Bias => _parameters.AsSpan(width * classes);

    /// <summary>In the order of the parameters: that of the last call.</summary>
    internal ReadOnlySpan<double> Gradient => _gradient;

    /// <summary>The gradient of the mean over a batch [rows, d].</summary>
    internal void Differentiate(ReadOnlySpan<double> features, ReadOnlySpan<int> labels)
    {
        _gradient.AsSpan().Clear();
        Forward(features, labels.Length);
        Add(features, labels, 1.0 / labels.Length);
    }

    /// <summary>Accuracy, predictions, mean loss and the norm of its gradient over a whole set.</summary>
    internal (double Accuracy, int[] Predictions, double Loss, double GradientNorm) Evaluate(FeatureRows rows, CancellationToken cancellation)
    {
        _gradient.AsSpan().Clear();
        var (set, loss) = (rows.Set, 0.0);
        var (predictions, block) = (new int[set.Count], new double[Math.Min(FeatureRows.Block, set.Count) * width]);
        for (var first = 0; first < set.Count; first += FeatureRows.Block)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(FeatureRows.Block, set.Count - first);
            var features = block.AsSpan(0, count * width);
            rows.Read(first, features);
            Forward(features, count);
            Predictions.Largest(_outputs, classes, predictions.AsSpan(first, count));
            loss += Add(features, set.Labels.Slice(first, count), 1.0 / set.Count);
        }

        return (Predictions.Accuracy(predictions, set.Labels), predictions, loss / set.Count, Dense.Norm(_gradient));
    }

    /// <summary>x W + b of every row, into the buffer.</summary>
    private void Forward(ReadOnlySpan<double> features, int rows)
    {
        if (_labels.Length < rows)
            (_outputs, _losses, _labels) = (new double[rows * classes], new double[rows], new int[rows]);
        for (var row = 0; row < rows; row++)
            Bias.CopyTo(_outputs.AsSpan(row * classes));
        Products.Multiply(rows, classes, width, features, Weights, _outputs, accumulate: true, team: team);
    }

    /// <summary>Turns the outputs of a batch into their part of the gradient; returns the sum of its losses.</summary>
    private double Add(ReadOnlySpan<double> features, ReadOnlySpan<int> labels, double weight)
    {
        (_rows, _weight) = (labels.Length, weight);
        labels.CopyTo(_labels);
        _residuals ??= chunk => Residuals(chunk * ChunkRows, Math.Min((chunk + 1) * ChunkRows, _rows));
        team.ForEach((_rows + ChunkRows - 1) / ChunkRows, _residuals);
        Products.Multiply(width, classes, _rows, features, _outputs, _gradient, transposeLeft: true, accumulate: true, team: team);
        var bias = _gradient.AsSpan(width * classes);
        var sum = 0.0;
        for (var row = 0; row < _rows; row++)
        {
            Dense.Add(1, _outputs.AsSpan(row * classes, classes), bias);
            sum += _losses[row];
        }

        return sum;
    }

    private void Residuals(int first, int end)
    {
        for (var row = first; row < end; row++)
            _losses[row] = Residual(_outputs.AsSpan(row * classes, classes), _labels[row], _weight);
    }

    /// <summary>Outputs become weight (softmax − one-hot); returns the cross-entropy.</summary>
    private static double Residual(Span<double> outputs, int label, double weight)
    {
        var (largest, total) = (double.NegativeInfinity, 0.0);
        foreach (var output in outputs)
            largest = Math.Max(largest, output);
        var own = outputs[label] - largest;
        foreach (ref var output in outputs)
        {
            output = ScalarFunctions.Exp(output - largest);
            total += output;
        }

        foreach (ref var output in outputs)
            output *= weight / total;
        outputs[label] -= weight;
        return ScalarFunctions.Log(total) - own;
    }
}
