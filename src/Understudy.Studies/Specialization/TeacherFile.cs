using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Specialization;

/// <summary>Where a teacher lies in a safetensors file.</summary>
/// <param name="File">The file.</param>
/// <param name="Network">The name before its tensors, or empty.</param>
/// <param name="Index">Which network of a stack.</param>
/// <param name="Tensors">What a teacher's tensors are called, for people.</param>
/// <param name="Sizes">The settings that name its sizes, for people.</param>
/// <param name="IndexSetting">The setting of the index, for people.</param>
internal readonly record struct TeacherPlace(string File, string Network, int Index, string Tensors, string Sizes, string IndexSetting);

/// <summary>A teacher of the user's own, from a safetensors file.</summary>
/// <remarks>
/// The file holds <c>hidden.weight</c> [m, d], <c>hidden.bias</c> [m], <c>output.weight</c> [C, m] and <c>output.bias</c> [C] (or, with several hidden
/// layers, <c>layer.0.weight</c> [d, n_1], <c>layer.0.bias</c> [n_1], …), or stacks of networks with the count as first extent, as the arrays of a
/// run hold its teachers and students: so any student of any run can become a teacher.
/// </remarks>
internal static class TeacherFile
{
    /// <summary>Reads the teacher with one hidden layer that the settings name.</summary>
    /// <exception cref="UnreadableFileException">The file is missing or damaged, holds no such network, or its sizes are not those of the settings.</exception>
    internal static TwoLayerNetwork Load(TeacherConfig teacher, int inputs, double slope)
    {
        var path = teacher.File;
        var settings = new TeacherPlace(
            path, teacher.Network, teacher.Index, "hidden.weight, hidden.bias, output.weight and output.bias, in a stack with its name before them (teacher.network)", "teacher.nodes, teacher.outputs and data.dimension", "teacher.index");
        var tensors = InputFile.Read(path, SafeTensors.Read).Tensors;
        var network = new TwoLayerNetwork(inputs, teacher.Nodes, teacher.Outputs, slope);
        Values(settings, tensors, "hidden.weight", teacher.Nodes, inputs).CopyTo(network.Weights, 0);
        Values(settings, tensors, "hidden.bias", teacher.Nodes).CopyTo(network.Biases, 0);
        var output = Values(settings, tensors, "output.weight", teacher.Outputs, teacher.Nodes);
        for (var j = 0; j < network.Nodes; j++)
        {
            for (var c = 0; c < network.Outputs; c++)
                network.FanOut(j)[c] = output[(c * network.Nodes) + j];
        }

        Values(settings, tensors, "output.bias", teacher.Outputs).CopyTo(network.OutputBiases, 0);
        for (var j = 0; j < network.Nodes; j++)
        {
            if (!(network.WeightNorm(j) > 0))
                throw new UnreadableFileException(path, $"all weights of hidden node {j} are 0, so it has no boundary that a student could find; remove the node");
        }

        return network;
    }

    /// <summary>Reads the teacher with several hidden layers that the settings name, as flat parameters.</summary>
    /// <exception cref="UnreadableFileException">The file is missing or damaged, holds no such network, or its sizes are not those of the settings.</exception>
    internal static double[] Load(MultiLayerNetworksConfig networks, Mlp network)
    {
        var place = new TeacherPlace(
            networks.TeacherFile, networks.TeacherNetwork, networks.TeacherIndex, "layer.0.weight, layer.0.bias and so on, in a stack with its name before them (networks.teacherNetwork)",
            "networks.hidden, networks.outputs and data.dimension", "networks.teacherIndex");
        var (tensors, flat) = (InputFile.Read(place.File, SafeTensors.Read).Tensors, new double[network.Layout.Count]);
        foreach (var slot in network.Layout.Slots)
            Values(place, tensors, slot.Name, slot.Shape.Extents.ToArray()).CopyTo(slot.Of(flat.AsSpan()));
        return flat;
    }

    /// <summary>One tensor of the network, or its part of a stack.</summary>
    private static double[] Values(TeacherPlace settings, IReadOnlyDictionary<string, Tensor> tensors, string part, params int[] expected)
    {
        var (path, name) = (settings.File, settings.Network.Length == 0 ? part : $"{settings.Network}.{part}");
        if (!tensors.TryGetValue(name, out var tensor))
            throw new UnreadableFileException(path, $"there is no tensor {name}; it holds {Contents(tensors)}. A teacher has {settings.Tensors}");
        var isStack = tensor.Shape.Count == expected.Length + 1;
        int[] shape = [.. isStack ? tensor.Shape.Skip(1) : tensor.Shape];
        if (!shape.SequenceEqual(expected))
            throw new UnreadableFileException(path, $"{name} is {Text(tensor.Shape)}, but the settings ask for {Text(expected)}: set {settings.Sizes} to the file's");
        var networks = isStack ? tensor.Shape[0] : 1;
        if (settings.Index >= networks)
            throw new UnreadableFileException(path, $"{name} has {networks} network{(networks == 1 ? "" : "s")}, so {settings.IndexSetting} must be below {networks}, not {settings.Index}");
        var size = expected.Aggregate(1, (product, extent) => product * extent);
        var values = new double[size];
        for (var i = 0; i < size; i++)
        {
            var at = (settings.Index * size) + i;
            values[i] = tensor.Type switch
            {
                DType.F32 => tensor.Floats[at],
                DType.F64 => tensor.Doubles[at],
                _ => throw new UnreadableFileException(path, $"{name} holds {tensor.Type}; a teacher needs F32 or F64"),
            };
            if (!double.IsFinite(values[i]))
                throw new UnreadableFileException(path, $"{name} holds a number that is not finite, at place {i}");
        }

        return values;
    }

    private static string Contents(IReadOnlyDictionary<string, Tensor> tensors)
        => tensors.Count == 0 ? "none" : string.Join(", ", tensors.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Key} {Text(item.Value.Shape)}"));

    private static string Text(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";
}
