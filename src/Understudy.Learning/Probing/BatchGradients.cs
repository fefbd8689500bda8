using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Learning.Probing;

/// <summary>How long the gradients of a network's parameters are over batches: what a step of its training would be made of.</summary>
/// <remarks>Single precision. One compilation serves any parameters and any batches of its size; not for several threads at once.</remarks>
public sealed class BatchGradients : IDisposable
{
    private readonly Mlp _network;
    private readonly Plan _plan;
    private readonly Sym _x;
    private readonly Sym _y;
    private readonly Sym[] _parameters;
    private readonly double[][] _gradients;

    private BatchGradients(Mlp network, TrainingLoss loss, int batch)
    {
        var isClass = loss == TrainingLoss.CrossEntropy;
        (_network, Batch, TargetWidth) = (network, batch, isClass ? 1 : network.Widths[^1]);
        _x = Ops.Input("x", new Shape(batch, network.Widths[0]));
        _y = Ops.Input("y", isClass ? new Shape(batch) : new Shape(batch, TargetWidth));
        _parameters = network.Parameters();
        var gradients = Transforms.Grad(TrainStep.Loss(network.Output(_x, _parameters), _y, loss), _parameters);
        _plan = Plan.Compile(gradients, new PlanOptions { Precision = DType.F32 });
        _gradients = [.. gradients.Select(gradient => new double[gradient.Shape.Count])];
    }

    /// <summary>Samples per batch.</summary>
    public int Batch { get; }

    /// <summary>Numbers per target: 1, the class, for cross-entropy, else the outputs C.</summary>
    public int TargetWidth { get; }

    /// <summary>Compiles the gradient of a loss averaged over a batch.</summary>
    public static BatchGradients Compile(Mlp network, TrainingLoss loss, int batch)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return new BatchGradients(network, loss, batch);
    }

    /// <summary>The norms of the gradient over consecutive batches, parameter by parameter in the order of the network's layout: weights, then biases of each layer.</summary>
    /// <param name="flat">The network's parameters.</param>
    /// <param name="inputs">[N, d]; rows behind the last whole batch are left out.</param>
    /// <param name="targets">[N, <see cref="TargetWidth"/>].</param>
    /// <exception cref="ArgumentException">The rows do not fit, or do not fill a batch.</exception>
    public GradientNorms[] Measure(ReadOnlySpan<double> flat, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        var d = _network.Widths[0];
        var batches = inputs.Length / d / Batch;
        if (batches == 0 || inputs.Length % d != 0 || targets.Length != inputs.Length / d * TargetWidth)
            throw new ArgumentException($"{inputs.Length} numbers are not rows of {d} that fill a batch of {Batch} and have {TargetWidth} targets each.", nameof(inputs));
        for (var i = 0; i < _parameters.Length; i++)
            _plan.Write(_parameters[i], _network.Layout.Slots[i].Of(flat));
        var (sum, square, largest) = (new double[_parameters.Length], new double[_parameters.Length], new double[_parameters.Length]);
        for (var batch = 0; batch < batches; batch++)
        {
            _plan.Write(_x, inputs.Slice(batch * Batch * d, Batch * d));
            _plan.Write(_y, targets.Slice(batch * Batch * TargetWidth, Batch * TargetWidth));
            _plan.Run();
            for (var i = 0; i < _parameters.Length; i++)
            {
                _plan.Read(i, _gradients[i]);
                var length = 0.0;
                foreach (var value in _gradients[i])
                    length += value * value;
                (sum[i], square[i], largest[i]) = (sum[i] + Math.Sqrt(length), square[i] + length, Math.Max(largest[i], Math.Sqrt(length)));
            }
        }

        return [.. Enumerable.Range(0, _parameters.Length).Select(i => new GradientNorms(sum[i] / batches, Math.Sqrt(square[i] / batches), largest[i]))];
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}

/// <summary>Euclidean norms of one parameter's gradient over batches.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="RootMeanSquare">The root of their mean square.</param>
/// <param name="Largest">The largest.</param>
public readonly record struct GradientNorms(double Mean, double RootMeanSquare, double Largest);
