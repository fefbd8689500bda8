using Understudy.Data;
using Understudy.Data.Formats;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>The order of the layers of a fully connected network in a file.</summary>
/// <remarks>
/// <para>Names that differ in numbers alone are in the order of all of their numbers. Others are put in the order in which every layer reads what the one before gives, those alike in the order of
/// their numbers. Where several orders do, the order of saving is taken if the file kept it; else the user has to say.</para>
/// <para>PyTorch's writer sorts tensors by type and name, so that 10 comes before 2: a sorted file says nothing about layers.</para>
/// </remarks>
internal sealed class LayerOrder
{
    // beyond so many steps a search is taken for one that found several orders
    private const int MostSteps = 100_000;

    private readonly string _path;
    private readonly Tensor[] _weights;
    private readonly Func<Tensor, int> _in;
    private readonly Func<Tensor, int> _out;
    private readonly Tensor[][] _alike;
    private readonly List<Tensor[]> _found = [];
    private int _steps;

    /// <summary>Of some weights, in the order of their data.</summary>
    internal LayerOrder(string path, Tensor[] weights, Func<Tensor, int> inputs, Func<Tensor, int> outputs)
    {
        (_path, _weights, _in, _out) = (path, weights, inputs, outputs);
        _alike = [.. weights.GroupBy(weight => Pattern(weight.Name), StringComparer.Ordinal).Select(group => group.Order(Comparer<Tensor>.Create((a, b) => Compare(a.Name, b.Name))).ToArray())];
    }

    /// <summary>Whether tensors, in the order of their data, are not sorted by name, so that their order is that in which they were saved.</summary>
    internal static bool IsAsSaved(IEnumerable<Tensor> tensors)
        => tensors.GroupBy(tensor => tensor.Type).Any(group => group.Zip(group.Skip(1)).Any(pair => string.CompareOrdinal(pair.First.Name, pair.Second.Name) > 0));

    /// <summary>What a layer is called.</summary>
    internal static string Name(Tensor weight) => weight.Name.Length > ".weight".Length && weight.Name.EndsWith(".weight", StringComparison.Ordinal) ? weight.Name[..^".weight".Length] : weight.Name;

    /// <summary>The layers in their order.</summary>
    /// <param name="said">Their names with commas between, by the user; null where nothing was said.</param>
    /// <param name="isAsSaved">Whether the order of the data means something.</param>
    /// <exception cref="UnreadableFileException">They do not fit together, or in more than one order.</exception>
    internal Tensor[] Of(string? said, bool isAsSaved)
    {
        if (said is not null)
            return Chained(Said(said));
        if (_alike.Length == 1)
            return Chained(_alike[0]);
        Search([], new int[_alike.Length]);
        if (_found.Count == 0 && _steps > MostSteps)
            throw new UnreadableFileException(_path, $"it has more layers that may follow each other than can be tried; name them in their order: --layers {string.Join(',', _weights.Select(Name))}");
        if (_found.Count == 0)
            return Chained([.. _alike.SelectMany(group => group).Order(Comparer<Tensor>.Create((a, b) => Compare(a.Name, b.Name)))]);
        if (_found.Count == 1 && _steps <= MostSteps)
            return _found[0];
        if (isAsSaved && Break(_weights) is null && _alike.All(group => _weights.Where(group.Contains).SequenceEqual(group)))
            return _weights;
        var orders = string.Join(" and ", _found.Take(2).Select(order => string.Join(", ", order.Select(Name))));
        throw new UnreadableFileException(_path, $"its layers fit together in more than one order, such as {orders}, and neither their names nor the file say which is right; name them in their order: --layers {string.Join(',', _found[0].Select(Name))}");
    }

    /// <summary>The weights that the user names.</summary>
    private Tensor[] Said(string said)
    {
        var names = said.Split(',', StringSplitOptions.TrimEntries);
        Tensor[] chosen = [.. names.Select(name => _weights.FirstOrDefault(weight => name == Name(weight) || name == weight.Name)
            ?? throw new UsageException($"--layers names {name}, but the layers of {_path} are {string.Join(", ", _weights.Select(Name))}"))];
        if (chosen.Distinct().Count() != chosen.Length || chosen.Length != _weights.Length)
            throw new UsageException($"--layers has to name each layer of {_path} once: {string.Join(", ", _weights.Select(Name))}");
        return chosen;
    }

    /// <summary>Layers each of which reads what the one before gives.</summary>
    private Tensor[] Chained(Tensor[] layers) => Break(layers) is not { } at
        ? layers
        : throw new UnreadableFileException(_path, $"{layers[at].Name} reads {_in(layers[at])} numbers, but {layers[at - 1].Name} gives {_out(layers[at - 1])}: the matrices are not layers of one network in the order of their numbers; name another order with --layers; where the file holds several networks, name one with --network; export a model with branches to ONNX");

    /// <summary>The first layer that does not read what the one before gives; null where all do.</summary>
    private int? Break(Tensor[] layers)
    {
        for (var i = 1; i < layers.Length; i++)
        {
            if (_in(layers[i]) != _out(layers[i - 1]))
                return i;
        }

        return null;
    }

    /// <summary>Finds two orders in which layers fit together, those alike in the order of their numbers.</summary>
    private void Search(List<Tensor> before, int[] taken)
    {
        if (before.Count == _weights.Length)
            _found.Add([.. before]);
        for (var group = 0; group < _alike.Length && _found.Count < 2 && before.Count < _weights.Length; group++)
        {
            if (taken[group] == _alike[group].Length || ++_steps > MostSteps)
                continue;
            var next = _alike[group][taken[group]];
            if (before.Count > 0 && _in(next) != _out(before[^1]))
                continue;
            before.Add(next);
            taken[group]++;
            Search(before, taken);
            taken[group]--;
            before.RemoveAt(before.Count - 1);
        }
    }

    /// <summary>A name with every number replaced, so that names of one kind are alike.</summary>
    private static string Pattern(string name) => string.Concat(Parts(name).Select(part => char.IsAsciiDigit(part[0]) ? "#" : part));

    /// <summary>Names by their parts, numbers by value.</summary>
    private static int Compare(string a, string b)
    {
        foreach (var (x, y) in Parts(a).Zip(Parts(b)))
        {
            var order = char.IsAsciiDigit(x[0]) && char.IsAsciiDigit(y[0]) ? CompareNumbers(x.TrimStart('0'), y.TrimStart('0')) : string.CompareOrdinal(x, y);
            if (order != 0)
                return order;
        }

        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
    }

    private static int CompareNumbers(string a, string b) => a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);

    /// <summary>Runs of digits and of everything else.</summary>
    private static IEnumerable<string> Parts(string name)
    {
        for (int first = 0, end; first < name.Length; first = end)
        {
            end = first + 1;
            while (end < name.Length && char.IsAsciiDigit(name[end]) == char.IsAsciiDigit(name[first]))
                end++;
            yield return name[first..end];
        }
    }
}
