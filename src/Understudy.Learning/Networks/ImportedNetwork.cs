using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks.Importing;

namespace Understudy.Learning.Networks;

/// <summary>A trained network from an ONNX file, such as PyTorch exports.</summary>
/// <remarks>
/// <para>Parameters are the stored arrays that serve as matrices, kernels, biases, factors, or scale and shift of a normalization, under their names and with
/// their shapes in the file (a linear layer of PyTorch is [out, in], a convolution [out, in, height, width]), one behind the other in its order. Single numbers, means and variances of normalizations,
/// and what is subtracted or divided by are constants (<see cref="Constants"/>).</para>
/// <para>A softmax at the end is left out, because losses contain it. Numbers are those of the file, widened to doubles.</para>
/// </remarks>
public sealed class ImportedNetwork : INetwork
{
    // two numbers of examples, so that one the file has fixed is found out
    private static readonly int[] TrialRows = [2, 3];

    private readonly ImportedGraph _graph;
    private readonly double[] _parameters;

    private ImportedNetwork(OnnxModel model, Func<string, bool> isParameter)
    {
        _graph = new ImportedGraph(model, isParameter);
        var count = _graph.Parameters.Sum(tensor => (long)tensor.Numbers.Length);
        if (count is 0 or > int.MaxValue)
            throw _graph.Problem(count == 0 ? "no stored array of the network can be trained" : $"the network has {count} parameters, more than one vector can hold");
        Layout = new ParameterLayout([.. _graph.Parameters.Select(tensor => (tensor.Name, new Shape([.. tensor.Shape])))]);
        _parameters = new double[Layout.Count];
        foreach (var (i, slot) in Layout.Slots.Index())
            _graph.Parameters[i].Numbers.CopyTo(slot.Of(_parameters.AsSpan()));
        Inputs = new Shape(_graph.ExampleShape).Count;
        foreach (var rows in TrialRows)
            Outputs = Output(Ops.Input(rows, Inputs), Layout.ToInputs()).Shape[1];
    }

    /// <summary>The part of the file that is traced.</summary>
    internal ImportedGraph Graph => _graph;

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public int Inputs { get; }

    /// <inheritdoc/>
    public int Outputs { get; }

    /// <summary>The parameters that the file holds, in the order of <see cref="Layout"/>.</summary>
    public ReadOnlySpan<double> Parameters => _parameters;

    /// <summary>The extents of one example in the file, such as 3, 32, 32; <see cref="Output"/> takes them flat, row-major.</summary>
    public IReadOnlyList<int> ExampleShape => _graph.ExampleShape;

    /// <summary>The names of stored arrays that are no parameters.</summary>
    public IReadOnlyList<string> Constants => _graph.Constants;

    /// <summary>What the user should know about how the file was taken, in sentences.</summary>
    public IReadOnlyList<string> Notes => _graph.Notes;

    /// <summary>The network of a file.</summary>
    /// <param name="model">The file.</param>
    /// <param name="isParameter">Says by its name whether an array that could be a parameter is one; null for all of them.</param>
    /// <exception cref="UnreadableFileException">The file uses an operator that is not supported, or one in a way that is not; it is named.</exception>
    public static ImportedNetwork Of(OnnxModel model, Func<string, bool>? isParameter = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ImportedNetwork(model, isParameter ?? (_ => true));
    }

    /// <inheritdoc/>
    public Sym Output(Sym input, IReadOnlyList<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(parameters);
        if (input.Shape.Rank != 2 || input.Shape[1] != Inputs || parameters.Count != Layout.Slots.Count)
            throw new ShapeException("The network", $"an input [batch, {Inputs}] and {Layout.Slots.Count} parameters", input.Shape);
        var output = _graph.Trace(input, parameters);
        return output is { HasExamples: true, Sym.Shape.Rank: 2 }
            ? output.Sym
            : throw _graph.Problem($"the output has the shape {output.Sym.Shape}{(output.HasExamples ? "" : " and does not depend on the input")}; supported is [batch, C]");
    }
}
