using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>The share of examples that a network classifies right.</summary>
internal sealed class Accuracies : IDisposable
{
    private readonly ForwardPass _forward;
    private readonly ExampleSet _examples;
    private readonly float[] _inputs;
    private readonly int _classes;

    internal Accuracies(Mlp network, ExampleSet examples)
    {
        _forward = ForwardPass.Compile(network, examples.Count, DType.F64);
        (_examples, _classes) = (examples, network.Outputs);
        _inputs = [.. examples.Inputs.ToArray().Select(value => (float)value)];
    }

    internal double Of(double[] parameters)
    {
        _forward.SetParameters(parameters);
        _forward.Run(_inputs);
        var output = _forward.Output;
        var right = 0;
        for (var i = 0; i < _examples.Count; i++)
        {
            var best = 0;
            for (var c = 1; c < _classes; c++)
            {
                if (output[(i * _classes) + c] > output[(i * _classes) + best])
                    best = c;
            }

            right += best == (int)_examples.Targets[i] ? 1 : 0;
        }

        return (double)right / _examples.Count;
    }

    /// <inheritdoc/>
    public void Dispose() => _forward.Dispose();
}
