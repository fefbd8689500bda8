using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Learning.Networks;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>A fully connected network in a safetensors file, as we or PyTorch write it.</summary>
/// <remarks>The order of layers is that of <see cref="LayerOrder"/>. Weights are [in, out] or [out, in] as the lengths of biases say; square ones are [out, in], as PyTorch's are, unless told.</remarks>
internal static class NetworkFile
{
    /// <summary>Words for [out, in] and [in, out].</summary>
    internal static string[] Layouts { get; } = ["out-in", "in-out"];

    /// <summary>Reads the parameters of a network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="activation">ψ of the hidden nodes, which the file does not tell.</param>
    /// <param name="choice">What the user says about the file.</param>
    /// <exception cref="UnreadableFileException">The file is missing or damaged, or holds no such network, or could be read in more than one way.</exception>
    internal static NetworkRead Read(string path, NodeActivation activation, NetworkChoice choice)
    {
        var all = InputFile.Read(path, SafeTensors.Read).Tensors;
        var tensors = Chosen(path, all, choice.Network, choice.Index);
        Tensor[] weights = [.. tensors.Values.Where(tensor => tensor.Name.EndsWith("weight", StringComparison.Ordinal) && tensor.Shape.Count == 2)];
        if (weights.Length == 0)
            throw new UnreadableFileException(path, $"there is no weight matrix; it holds {Contents(tensors)}. A network has tensors such as 0.weight [out, in] and 0.bias [out]; of several, --network names one, and --index takes one of a stack");
        var known = weights.SelectMany(weight => new[] { weight.Name, Bias(weight) }).ToHashSet(StringComparer.Ordinal);
        if (tensors.Keys.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal).FirstOrDefault() is { } other)
            throw new UnreadableFileException(path, $"{other} {Text(tensors[other])} is not part of a fully connected network; leave it out, or export the model to ONNX, whose operators are read one by one");
        var inputsFirst = HasInputsFirst(path, weights, tensors, choice.Layout);
        int In(Tensor weight) => weight.Shape[inputsFirst ? 0 : 1];
        int Out(Tensor weight) => weight.Shape[inputsFirst ? 1 : 0];
        var layers = new LayerOrder(path, weights, In, Out).Of(choice.Layers, LayerOrder.IsAsSaved(all.Values));

        var network = Mlp.Of(activation, [In(layers[0]), .. layers.Select(Out)]);
        var flat = new double[network.Layout.Count];
        for (var layer = 0; layer < layers.Length; layer++)
        {
            var weight = network.Layout.Slots[2 * layer].Of(flat.AsSpan());
            var values = Numbers(path, layers[layer]);
            var (inputs, outputs) = (In(layers[layer]), Out(layers[layer]));
            for (var i = 0; i < values.Length; i++)
                weight[inputsFirst ? i : (i % inputs * outputs) + (i / inputs)] = values[i];
            var bias = Bias(layers[layer]);
            if (!tensors.TryGetValue(bias, out var found) || found.Shape.Count != 1 || found.Shape[0] != outputs)
                throw new UnreadableFileException(path, $"there is no {bias} of {outputs} numbers beside {layers[layer].Name}; it holds {Contents(tensors)}. For layers without biases export the model to ONNX");
            Numbers(path, found).CopyTo(network.Layout.Slots[(2 * layer) + 1].Of(flat.AsSpan()));
        }

        return new NetworkRead(network, flat, [.. layers.Select(LayerOrder.Name)], Layouts[inputsFirst ? 1 : 0]);
    }

    private static string Bias(Tensor weight) => weight.Name[..^"weight".Length] + "bias";

    /// <summary>Whether weights are [in, out], by what is said or by their biases, which have one number per output.</summary>
    private static bool HasInputsFirst(string path, Tensor[] weights, IReadOnlyDictionary<string, Tensor> tensors, string? layout)
    {
        if (layout is not null)
            return layout == Layouts[1];
        bool Fits(int outputs) => weights.All(weight => tensors.TryGetValue(Bias(weight), out var bias) && bias.Shape.Count == 1 && bias.Shape[0] == weight.Shape[outputs]);
        // the names of our own layouts, whose layers without parameters are counted too; a ModuleList called layer has them as well
        var isOurs = weights.All(weight => weight.Name.Split('.') is ["layer", var number, "weight"] && number.All(char.IsAsciiDigit));
        var (inputsFirst, outputsFirst) = (Fits(1), Fits(0));
        if (inputsFirst && outputsFirst && isOurs)
            throw new UnreadableFileException(path, $"all layers are square, so shapes do not say whether {weights[0].Name} {Text(weights[0])} is [in, out], as our runs write it, or [out, in], as PyTorch does; say so with --layout in-out or --layout out-in");
        return inputsFirst == outputsFirst ? isOurs : inputsFirst;
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

    private static string Contents(IReadOnlyDictionary<string, Tensor> tensors)
        => tensors.Count == 0 ? "nothing" : string.Join(", ", tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor => $"{tensor.Name} {Text(tensor)}"));

    private static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.Shape)}]";
}

/// <summary>What the user says about a file of tensors; null where nothing is said.</summary>
/// <param name="Network">The name before the tensors of one of several networks.</param>
/// <param name="Index">Which network of a stack, whose tensors have one axis more, from 0.</param>
/// <param name="Layers">The names of the layers in their order, with commas between.</param>
/// <param name="Layout">One of <see cref="NetworkFile.Layouts"/>.</param>
internal sealed record NetworkChoice(string? Network, int? Index, string? Layers, string? Layout);

/// <summary>A network as it was read.</summary>
/// <param name="Network">The network.</param>
/// <param name="Parameters">Its flat parameters.</param>
/// <param name="Layers">The names of its layers in their order.</param>
/// <param name="Layout">How weights were laid out: one of <see cref="NetworkFile.Layouts"/>.</param>
internal sealed record NetworkRead(Mlp Network, double[] Parameters, string[] Layers, string Layout);
