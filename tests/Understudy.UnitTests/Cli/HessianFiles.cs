using System.Text.Json.Nodes;
using Understudy.Data.Formats;
using Understudy.Learning.Landscape;
using Understudy.UnitTests.Learning.Curvature;

namespace Understudy.UnitTests.Cli;

/// <summary>A network of the reference set as the files of a user, and the tool beside them.</summary>
internal sealed class HessianFiles : IDisposable
{
    internal HessianFiles()
    {
        Save("net.safetensors", PyTorch());
        Other = SaveMoved("other.safetensors", i => 0.05 * Math.Sin(i));
        SaveArray("x.npy", Tensor.Of("", Reference.Examples.Inputs.ToArray(), Reference.Examples.Count, 64));
        SaveArray("y.npy", Tensor.Of("", Reference.Examples.Targets.ToArray().Select(label => (int)label).ToArray(), Reference.Examples.Count));
    }

    internal Terminal Terminal { get; } = new();

    /// <summary>Of net.safetensors.</summary>
    internal ReferenceCase Reference { get; } = ReferenceCase.Load("mlp-relu-ce-trained");

    /// <summary>The parameters of net.safetensors, as single precision holds them.</summary>
    internal double[] Net => [.. Reference.Parameters.Select(value => (double)(float)value)];

    /// <summary>Those of other.safetensors.</summary>
    internal double[] Other { get; }

    public void Dispose() => Terminal.Dispose();

    internal LossEvaluator Evaluator() => new(Reference.Network, Reference.Loss, Reference.Examples);

    internal Answer Run(params string[] arguments) => Terminal.Run(
        ["hessian", arguments[0], .. arguments.Skip(1).Select(word => word.EndsWith(".safetensors", StringComparison.Ordinal) ? At(word) : word), "--inputs", At("x.npy"), "--targets", At("y.npy"), "--threads", "1"]);

    internal JsonObject Json(params string[] arguments)
    {
        var answer = Run([.. arguments, "--json"]);
        Assert.True(answer.Code == 0, answer.Error);
        return JsonNode.Parse(answer.Out)!.AsObject();
    }

    internal static double[] Numbers(JsonNode? array) => [.. array!.AsArray().Select(value => (double)value!)];

    internal string At(string file) => Path.Combine(Terminal.Folder, file);

    /// <summary>Weights [out, in] under the names of torch.nn.Sequential.</summary>
    internal Tensor[] PyTorch() =>
    [
        .. Reference.Network.Layout.Slots.Index().Select(slot =>
        {
            var (values, name) = (slot.Item.Of<double>(Reference.Parameters).ToArray(), $"{slot.Index / 2 * 2}.{(slot.Index % 2 == 0 ? "weight" : "bias")}");
            if (slot.Index % 2 == 1)
                return Tensor.Of(name, [.. values.Select(value => (float)value)], values.Length);
            var (inputs, outputs) = (slot.Item.Shape[0], slot.Item.Shape[1]);
            return Tensor.Of(name, [.. Enumerable.Range(0, values.Length).Select(i => (float)values[(i % inputs * outputs) + (i / inputs)])], outputs, inputs);
        }),
    ];

    internal Tensor[] Ours(double[] flat)
        => [.. Reference.Network.Layout.Slots.Select(slot => Tensor.Of(slot.Name, [.. slot.Of<double>(flat).ToArray().Select(value => (float)value)], slot.Shape.Extents.ToArray()))];

    /// <summary>Saves the network with something added to parameter i.</summary>
    /// <returns>The parameters as the file holds them.</returns>
    internal double[] SaveMoved(string name, Func<int, double> by)
    {
        double[] moved = [.. Reference.Parameters.Select((value, i) => (double)(float)(value + by(i)))];
        Save(name, Ours(moved));
        return moved;
    }

    internal void Save(string name, Tensor[] tensors)
    {
        using var stream = File.Create(At(name));
        SafeTensors.Write(stream, tensors);
    }

    internal void SaveArray(string name, Tensor tensor)
    {
        using var stream = File.Create(At(name));
        Npy.Write(stream, tensor);
    }
}
