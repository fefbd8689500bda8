using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.Learning.Networks;

namespace Understudy.EndToEndTests;

/// <summary>Networks and examples under the names that the help gives to files of the reader's own.</summary>
internal static class ExampleFiles
{
    private const int Pixels = 64;
    private const int Classes = 10;
    private const int Count = 40;

    internal static void Write(string folder)
    {
        foreach (var name in new[] { "net", "a", "b", "c", "d" })
        {
            var network = Mlp.Relu(Pixels, 8, Classes);
            var weights = FanInUniform.Of(network, 1, layer => new RandomSequence(1, $"{name} {layer}"));
            using var file = File.Create(Path.Combine(folder, name + ".safetensors"));
            SafeTensors.Write(file, [.. network.Layout.Slots.Select(slot => Tensor.Of(slot.Name, slot.Of<double>(weights).ToArray(), slot.Shape.Extents.ToArray()))]);
        }

        Save(Path.Combine(folder, "x.npy"), Tensor.Of("", [.. Enumerable.Range(0, Count * Pixels).Select(i => MathF.Sin(i * i))], Count, Pixels));
        Save(Path.Combine(folder, "y.npy"), Tensor.Of("", [.. Enumerable.Range(0, Count).Select(i => i % Classes)], Count));
    }

    private static void Save(string path, Tensor array)
    {
        using var file = File.Create(path);
        Npy.Write(file, array);
    }
}
