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

    /// <summary>A folder with the binary files of CIFAR-10, of few images.</summary>
    internal const string Pictures = "pictures";

    internal static void Write(string folder)
    {
        var pictures = Directory.CreateDirectory(Path.Combine(folder, Pictures)).FullName;
        foreach (var name in new[] { "data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch" })
            File.WriteAllBytes(Path.Combine(pictures, name + ".bin"), [.. Enumerable.Range(0, Count * (1 + (3 * 32 * 32))).Select(i => (byte)(i % 3073 == 0 ? i / 3073 % Classes : (i * (i / 3073)) % 251))]);
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
