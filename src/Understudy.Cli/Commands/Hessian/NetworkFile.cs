using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Learning.Networks;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>A fully connected network in a safetensors file, as we or PyTorch write it.</summary>
/// <remarks>Weights and biases in the order of their layers: [in, out] where they are named layer.0.weight, layer.1.weight, …, as ours are, else [out, in], as PyTorch's are.</remarks>
internal static class NetworkFile
{
    /// <summary>Reads the parameters of a network.</summary>
    /// <returns>The network and its flat parameters.</returns>
    /// <exception cref="UnreadableFileException">The file is missing or damaged, or holds no such network.</exception>
    /// <param name="path">The file.</param>
    /// <param name="activation">ψ of the hidden nodes, which the file does not tell.</param>
    /// <param name="name">The name before the tensors of one of several networks; null where there is one.</param>
    /// <param name="index">Which network of a stack, whose tensors have one axis more, from 0; null where there is no stack.</param>
    internal static (Mlp Network, double[] Parameters) Read(string path, NodeActivation activation, string? name = null, int? index = null)
    {
        var tensors = Chosen(path, InputFile.Read(path, SafeTensors.Read).Tensors, name, index);
        (string Stem, Tensor Weight)[] layers =
        [
            .. tensors.Values.Where(tensor => tensor.Name.EndsWith("weight", StringComparison.Ordinal) && tensor.Shape.Count == 2)
                .OrderBy(tensor => Number(tensor.Name)).ThenBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor => (tensor.Name[..^"weight".Length], tensor)),
        ];
        if (layers.Length == 0)
            throw new UnreadableFileException(path, $"there is no weight matrix; it holds {Contents(tensors)}. A network has tensors such as 0.weight [out, in] and 0.bias [out]; of several, --network names one, and --index takes one of a stack");
        var isOurs = layers.Index().All(layer => layer.Item.Stem == $"layer.{layer.Index}.");
        int In(Tensor weight) => weight.Shape[isOurs ? 0 : 1];
        int Out(Tensor weight) => weight.Shape[isOurs ? 1 : 0];
        var known = layers.SelectMany(layer => new[] { layer.Stem + "weight", layer.Stem + "bias" }).ToHashSet(StringComparer.Ordinal);
        if (tensors.Keys.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal).FirstOrDefault() is { } other)
            throw new UnreadableFileException(path, $"{other} {Text(tensors[other])} is not part of a fully connected network; leave it out, or export the model to ONNX, whose operators are read one by one");
        for (var i = 1; i < layers.Length; i++)
        {
            if (In(layers[i].Weight) != Out(layers[i - 1].Weight))
                throw new UnreadableFileException(path, $"{layers[i].Weight.Name} reads {In(layers[i].Weight)} numbers, but {layers[i - 1].Weight.Name} gives {Out(layers[i - 1].Weight)}: the matrices are not layers of one network in the order of their numbers; where the file holds several networks, name one with --network; export a model with branches to ONNX");
        }

        var network = Mlp.Of(activation, [In(layers[0].Weight), .. layers.Select(layer => Out(layer.Weight))]);
        var flat = new double[network.Layout.Count];
        for (var layer = 0; layer < layers.Length; layer++)
        {
            var weight = network.Layout.Slots[2 * layer].Of(flat.AsSpan());
            var values = Numbers(path, layers[layer].Weight);
            var (inputs, outputs) = (In(layers[layer].Weight), Out(layers[layer].Weight));
            for (var i = 0; i < values.Length; i++)
                weight[isOurs ? i : (i % inputs * outputs) + (i / inputs)] = values[i];
            var bias = layers[layer].Stem + "bias";
            if (!tensors.TryGetValue(bias, out var found) || found.Shape.Count != 1 || found.Shape[0] != outputs)
                throw new UnreadableFileException(path, $"there is no {bias} of {outputs} numbers beside {layers[layer].Weight.Name}; it holds {Contents(tensors)}. For layers without biases export the model to ONNX");
            Numbers(path, found).CopyTo(network.Layout.Slots[(2 * layer) + 1].Of(flat.AsSpan()));
        }

        return (network, flat);
    }

    /// <summary>A tensor as double numbers.</summary>
    internal static double[] Numbers(string path, Tensor tensor)
    {
        var count = tensor.Shape.Aggregate(1, (product, extent) => product * extent);
        var numbers = new double[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = tensor.Type switch
            {
                DType.F32 => tensor.Floats[i],
                DType.F64 => tensor.Doubles[i],
                DType.I32 => tensor.Integers[i],
                _ => tensor.Bytes[i],
            };
            if (!double.IsFinite(numbers[i]))
                throw new UnreadableFileException(path, $"{(tensor.Name.Length == 0 ? "it" : tensor.Name)} holds a number that is not finite, at place {i}");
        }

        return numbers;
    }

    /// <summary>The tensors of one network, as a file of its own would hold them.</summary>
    private static IReadOnlyDictionary<string, Tensor> Chosen(string path, IReadOnlyDictionary<string, Tensor> tensors, string? name, int? index)
    {
        if (name is null && index is null)
            return tensors;
        var prefix = name is null ? "" : name + ".";
        var chosen = tensors.Values.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        if (chosen.Length == 0)
            throw new UnreadableFileException(path, $"no tensor has a name that begins with {prefix}; it holds {Contents(tensors)}");
        return chosen.Select(tensor => Part(path, tensor, tensor.Name[prefix.Length..], index)).ToDictionary(tensor => tensor.Name);
    }

    private static Tensor Part(string path, Tensor tensor, string name, int? index)
    {
        var numbers = Numbers(path, tensor);
        if (index is not { } place)
            return Tensor.Of(name, numbers, [.. tensor.Shape]);
        if (tensor.Shape.Count < 2 || place >= tensor.Shape[0])
            throw new UnreadableFileException(path, $"{tensor.Name} {Text(tensor)} is not a stack with a network {place}; networks of a stack are counted from 0 along its first axis");
        var size = numbers.Length / tensor.Shape[0];
        return Tensor.Of(name, numbers[(place * size)..((place + 1) * size)], [.. tensor.Shape.Skip(1)]);
    }

    /// <summary>The first number in a name, so that layer 10 comes behind layer 2.</summary>
    private static int Number(string name)
    {
        var digits = new string([.. name.SkipWhile(letter => !char.IsAsciiDigit(letter)).TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, out var number) ? number : int.MaxValue;
    }

    private static string Contents(IReadOnlyDictionary<string, Tensor> tensors)
        => tensors.Count == 0 ? "nothing" : string.Join(", ", tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor => $"{tensor.Name} {Text(tensor)}"));

    private static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.Shape)}]";
}
