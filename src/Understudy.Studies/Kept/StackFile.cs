using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Kept;

/// <summary>Arrays of a run that hold several networks of a shape, each tensor with one axis more in front.</summary>
internal sealed class StackFile
{
    private readonly IReadOnlyDictionary<string, Tensor> _tensors;

    private StackFile(string path, IReadOnlyDictionary<string, Tensor> tensors) => (Path, _tensors) = (path, tensors);

    internal string Path { get; }

    internal static StackFile Open(RecordedRun run, string array, long step) => new(run.ArrayPath(array, step), run.Arrays(array, step));

    /// <summary>One entry of a stack.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="index">Which, along the first axis.</param>
    /// <param name="shape">What it should be.</param>
    /// <exception cref="UnreadableFileException">It is not there, or of another shape: settings or files were changed.</exception>
    internal double[] Entry(string name, int index, params ReadOnlySpan<int> shape)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
            throw new UnreadableFileException(Path, $"there is no tensor {name}, which the settings of the run ask for: its files or its settings were changed");
        if (tensor.Shape.Count != shape.Length + 1 || index >= tensor.Shape[0] || !tensor.Shape.Skip(1).SequenceEqual(shape.ToArray()))
            throw new UnreadableFileException(Path, $"{name} is [{string.Join(", ", tensor.Shape)}], but the settings of the run ask for more than {index} of [{string.Join(", ", shape.ToArray())}]: its files or its settings were changed");
        if (tensor.Type is not (DType.F32 or DType.F64))
            throw new UnreadableFileException(Path, $"{name} holds {tensor.Type}, not weights");
        var size = 1;
        foreach (var extent in shape)
            size *= extent;
        return tensor.Type == DType.F64
            ? tensor.Doubles.Slice(index * size, size).ToArray()
            : [.. tensor.Floats.Slice(index * size, size).ToArray().Select(value => (double)value)];
    }

    /// <summary>The parameters of one of several networks whose tensors have the names of its layout.</summary>
    internal double[] Parameters(string name, ParameterLayout layout, int index)
    {
        var flat = new double[layout.Count];
        foreach (var slot in layout.Slots)
            Entry($"{name}.{slot.Name}", index, slot.Shape.Extents).CopyTo(slot.Of(flat.AsSpan()));
        return flat;
    }
}
