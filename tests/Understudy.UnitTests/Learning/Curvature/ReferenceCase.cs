using System.Text.Json;
using Understudy.Data.Datasets;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>One case of the reference numbers in tests/data/hessian: a network at a point, with everything an independent program found there.</summary>
/// <remarks>There, dense weights are [out, in]; <see cref="Order"/> maps our places to theirs.</remarks>
public sealed class ReferenceCase
{
    private static readonly ImageSet Images = OpticalDigits.Load();

    private ReferenceCase(JsonElement root)
    {
        Root = root;
        var layers = root.GetProperty("layers").EnumerateArray().Select(layer => layer.EnumerateArray().ToArray()).ToArray();
        var kind = layers.FirstOrDefault(layer => layer[0].GetString() == "act") is { } act && act[1].GetString() == "tanh" ? NodeActivation.Tanh : NodeActivation.Relu;
        var read = new ReferenceLayers(layers, root.GetProperty("image"), kind);
        Network = read.Network;
        IsRectified = kind == NodeActivation.Relu;
        Order = [.. read.Order];
        Loss = root.GetProperty("loss").GetProperty("kind").GetString() == "ce" ? OutputLoss.CrossEntropy : OutputLoss.HalfSquared;
        var theirs = root.TryGetProperty("theta", out var theta) ? Numbers(theta) : read.Hashed(i => Unit(root.GetProperty("seed").GetUInt64(), i));
        Parameters = [.. Order.Select(place => theirs[place])];
        Examples = ExamplesOf(root, Network, Loss);
    }

    /// <summary>The names of all cases.</summary>
    public static TheoryData<string> AllNames => [.. Names.Select(row => row.Data), "conv-relu-ce", "conv-tanh-ce", "bn-tanh-ce"];

    /// <summary>The names of all cases of fully connected networks.</summary>
    public static TheoryData<string> Names =>
    [
        "tiny-tanh-ce", "tiny-tanh-mse", "tiny-relu-ce", "softmax-regression", "mlp-relu-ce", "mlp-tanh-ce", "mlp-relu-mse", "mlp-tanh-mse", "mlp-relu-ce-trained", "mlp-tanh-ce-trained",
    ];

    /// <summary>The cases that hold whole matrices.</summary>
    public static TheoryData<string> TinyNames => ["tiny-tanh-ce", "tiny-tanh-mse", "tiny-relu-ce"];

    internal JsonElement Root { get; }

    internal INetwork Network { get; }

    internal OutputLoss Loss { get; }

    internal ExampleSet Examples { get; }

    /// <summary>θ in our order.</summary>
    internal double[] Parameters { get; }

    /// <summary>By our place of a parameter, its place in the reference.</summary>
    internal int[] Order { get; }

    internal bool IsRectified { get; }

    internal int Size => Parameters.Length;

    internal static ReferenceCase Load(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "data", "hessian", $"{name}.json")));
        return new ReferenceCase(document.RootElement.Clone());
    }

    internal MlpPoint Point => new((Mlp)Network, Loss, Examples, Parameters);

    internal NetworkCurvature Curvature(CurvatureOptions? options = null) => new(Network, Loss, Examples, Parameters, options);

    /// <summary>A number or numbers of the file, by a path.</summary>
    internal double Number(params string[] path) => At(path).GetDouble();

    internal double[] Numbers(params string[] path) => Numbers(At(path));

    /// <summary>A matrix [P, P] of the file, in our order.</summary>
    internal double[] Matrix(string name)
    {
        var rows = Root.GetProperty(name).EnumerateArray().Select(Numbers).ToArray();
        return [.. Order.SelectMany(row => Order.Select(column => rows[row][column]))];
    }

    /// <summary>A vector [P] of the file's order, in ours.</summary>
    internal double[] Ours(IReadOnlyList<double> theirs) => [.. Order.Select(place => theirs[place])];

    /// <summary>The signs of the reference: +1 where unit(seed, i) is below ½.</summary>
    internal double[] Signs(ulong seed) => Ours([.. Enumerable.Range(0, Size).Select(i => Unit(seed, (ulong)i) < 0.5 ? 1.0 : -1.0)]);

    /// <summary>unit(seed, i) of the reference's number stream.</summary>
    internal static double Unit(ulong seed, ulong i)
    {
        unchecked
        {
            var z = (seed * 0x632BE59BD9B4E019UL) + ((i + 1) * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1L << 53));
        }
    }

    private JsonElement At(string[] path) => path.Aggregate(Root, (element, name) => element.GetProperty(name));

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];

    private static ExampleSet ExamplesOf(JsonElement root, INetwork network, OutputLoss loss)
    {
        var (inputs, labels) = (new List<double>(), new List<int>());
        if (root.GetProperty("data").GetString() == "digits")
        {
            var range = root.GetProperty("digits_range").EnumerateArray().Select(item => item.GetInt32()).ToArray();
            for (var i = range[0]; i < range[1]; i++)
            {
                inputs.AddRange(Images.Image(i).ToArray().Select(grey => grey / (double)OpticalDigits.Largest));
                labels.Add(Images.Labels.Span[i]);
            }
        }
        else
        {
            foreach (var row in root.GetProperty("inputs").EnumerateArray())
                inputs.AddRange(Numbers(row));
            labels.AddRange(root.GetProperty("labels").EnumerateArray().Select(item => item.GetInt32()));
        }

        double[] targets = loss == OutputLoss.CrossEntropy
            ? [.. labels.Select(label => (double)label)]
            : [.. labels.SelectMany(label => Enumerable.Range(0, network.Outputs).Select(c => c == label ? 1.0 : 0))];
        return new ExampleSet([.. inputs], targets, labels.Count);
    }
}
