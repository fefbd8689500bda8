using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Specialization;

/// <summary>Evaluates a convolutional network on images chunk by chunk, and keeps what its channels did; one thread at a time.</summary>
internal sealed class ChannelPass : IDisposable
{
    /// <summary>Images of a chunk.</summary>
    internal const int Rows = 128;

    private readonly LayeredNetwork _network;
    private readonly Plan _plan;
    private readonly Sym _x;
    private readonly Sym[] _parameters;
    private readonly float[] _inputs;
    private readonly float[] _outputs;
    private readonly float[][] _channels;

    /// <summary>Compiles a network in evaluation mode.</summary>
    /// <param name="network">Any network of <see cref="ChannelNetworks.Of"/>; it is evaluated with folded statistics.</param>
    /// <param name="keepsChannels">Whether what channels did is kept beside the output.</param>
    internal ChannelPass(LayeredNetwork network, bool keepsChannels)
    {
        _network = network;
        (_x, _parameters) = (Ops.Input("x", new Shape(Rows, network.Inputs)), network.Layout.ToInputs());
        var (output, channels) = ChannelNetworks.OutputWithChannels(network.InEvaluationMode(), _x, _parameters);
        var kept = keepsChannels ? channels : [];
        _plan = Plan.Compile([output, .. kept]);
        (_inputs, _outputs) = (new float[_x.Shape.Count], new float[output.Shape.Count]);
        _channels = [.. kept.Select(layer => new float[layer.Shape.Count])];
    }

    internal int Layers => _channels.Length;

    /// <summary>Images of the last run.</summary>
    internal int Filled { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    /// <summary>Sets parameters with folded statistics.</summary>
    internal void SetParameters(ReadOnlySpan<double> folded)
    {
        for (var i = 0; i < _parameters.Length; i++)
            _plan.Write(_parameters[i], _network.Layout.Slots[i].Of(folded));
    }

    /// <summary>Evaluates at most <see cref="Rows"/> images [rows, h·w·c].</summary>
    internal void Run(ReadOnlySpan<float> images)
    {
        Filled = images.Length / _network.Inputs;
        images.CopyTo(_inputs);
        _inputs.AsSpan(images.Length).Clear();
        _plan.Write(_x, _inputs);
        _plan.Run();
        _plan.Read(0, _outputs);
        for (var layer = 0; layer < _channels.Length; layer++)
            _plan.Read(layer + 1, _channels[layer]);
    }

    /// <summary>[C] of an image of the last run.</summary>
    internal ReadOnlySpan<float> Output(int row) => _outputs.AsSpan(row * _network.Outputs, _network.Outputs);

    /// <summary>[positions of all images of the last run, channels].</summary>
    internal ReadOnlySpan<float> Channels(int layer) => _channels[layer].AsSpan(0, _channels[layer].Length / Rows * Filled);

    /// <summary>The outputs [N, C] for images [N, h·w·c].</summary>
    internal float[] Outputs(ReadOnlySpan<float> images)
    {
        var outputs = new float[images.Length / _network.Inputs * _network.Outputs];
        for (var first = 0; first * _network.Inputs < images.Length; first += Rows)
        {
            Run(images.Slice(first * _network.Inputs, Math.Min(Rows * _network.Inputs, images.Length - (first * _network.Inputs))));
            _outputs.AsSpan(0, Filled * _network.Outputs).CopyTo(outputs.AsSpan(first * _network.Outputs));
        }

        return outputs;
    }

    /// <summary>The share of images whose label is the largest output.</summary>
    internal double Accuracy(ImageRows images)
    {
        var (outputs, right) = (Outputs(images.Pixels), 0);
        for (var row = 0; row < images.Count; row++)
            right += LayeredNetworks.Largest(outputs.AsSpan(row * _network.Outputs, _network.Outputs)) == images.Labels[row] ? 1 : 0;
        return (double)right / images.Count;
    }
}
