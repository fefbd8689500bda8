namespace Understudy.Data.Formats;

/// <summary>The format in which trained networks are exchanged (Open Neural Network Exchange).</summary>
/// <remarks>
/// A file is one message in the wire format of protocol buffers. Read are the graph, its stored arrays, and the version of the
/// standard operators. What the operators do is not decided here. Functions, subgraphs and sparse arrays are passed over.
/// </remarks>
public static class Onnx
{
    private static readonly Dictionary<string, OnnxAttribute> NoAttributes = [];

    /// <summary>Reads a model.</summary>
    /// <remarks>Memory is bounded by a small multiple of the file's length.</remarks>
    /// <param name="stream">Read from its position to its end.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="UnreadableFileException">The file is damaged, or keeps its weights in another file.</exception>
    public static OnnxModel Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(path);
        var fields = new ProtobufFields(ExactReading.ToEnd(stream, path), 0, path);
        var (producer, operatorSet) = ("", 0L);
        OnnxModel? model = null;
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 2:
                    producer = fields.Text();
                    break;
                case 7:
                    model = Graph(fields.Message(), path);
                    break;
                case 8:
                    operatorSet = StandardSet(fields.Message()) ?? operatorSet;
                    break;
            }
        }

        if (model is null || model.Nodes.Count == 0)
            throw new UnreadableFileException(path, "there is no graph in it; this is not an ONNX file, or it was cut off.");
        return operatorSet > 0
            ? model with { Producer = producer, OperatorSet = operatorSet }
            : throw new UnreadableFileException(path, "the version of its operators is missing; the file was probably cut off while it was copied.");
    }

    private static long? StandardSet(ProtobufFields fields)
    {
        var (domain, version) = ("", 0L);
        while (fields.Next())
        {
            if (fields.Field == 1)
                domain = fields.Text();
            else if (fields.Field == 2)
                version = fields.Integer();
        }

        return IsStandard(domain) ? version : null;
    }

    private static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    private static OnnxModel Graph(ProtobufFields fields, string path)
    {
        List<OnnxNode> nodes = [];
        List<OnnxTensor> initializers = [];
        List<OnnxValue> inputs = [], outputs = [];
        HashSet<string> stored = new(StringComparer.Ordinal);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    nodes.Add(Node(fields.Message(), nodes.Count, path));
                    break;
                case 5:
                    var tensor = OnnxTensorReader.Read(fields.Message(), path);
                    if (!stored.Add(tensor.Name))
                        throw new UnreadableFileException(path, $"there are two tensors named {ExactReading.Quote(tensor.Name)}; the file is damaged.");
                    initializers.Add(tensor);
                    break;
                case 11:
                    inputs.Add(Value(fields.Message()));
                    break;
                case 12:
                    outputs.Add(Value(fields.Message()));
                    break;
            }
        }

        inputs.RemoveAll(input => stored.Contains(input.Name));
        return new OnnxModel(path, "", 0, nodes, initializers, inputs, outputs);
    }

    private static OnnxNode Node(ProtobufFields fields, int index, string path)
    {
        List<string> inputs = [], outputs = [];
        Dictionary<string, OnnxAttribute>? attributes = null;
        var (name, operation, domain) = ("", "", "");
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    inputs.Add(fields.Text());
                    break;
                case 2:
                    outputs.Add(fields.Text());
                    break;
                case 3:
                    name = fields.Text();
                    break;
                case 4:
                    operation = fields.Text();
                    break;
                case 5:
                    var (key, value) = Attribute(fields.Message(), path);
                    (attributes ??= new(StringComparer.Ordinal))[key] = value;
                    break;
                case 7:
                    domain = fields.Text();
                    break;
            }
        }

        if (operation.Length == 0 || outputs.Count == 0)
            throw new UnreadableFileException(path, $"node {index} {(operation.Length == 0 ? "names no operator" : "has no result")}; the file is damaged.");
        return new OnnxNode(
            IsStandard(domain) ? operation : $"{domain}::{operation}", name.Length > 0 ? name : outputs[0], inputs, outputs, attributes ?? NoAttributes);
    }

    private static (string Name, OnnxAttribute Value) Attribute(ProtobufFields fields, string path)
    {
        List<double> numbers = [];
        List<long> integers = [];
        var (name, type, value) = ("", 0L, new OnnxAttribute());
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    name = fields.Text();
                    break;
                case 2:
                    value = value with { Number = fields.Single() };
                    break;
                case 3:
                    value = value with { WholeNumber = fields.Integer() };
                    break;
                case 4:
                    value = value with { Text = fields.Text() };
                    break;
                case 5:
                    value = value with { Tensor = OnnxTensorReader.Read(fields.Message(), path) };
                    break;
                case 7:
                    fields.AddSingles(numbers);
                    break;
                case 8:
                    fields.AddIntegers(integers);
                    break;
                case 20:
                    type = fields.Integer();
                    break;
            }
        }

        // a writer may leave out what is zero or empty
        return (name, type switch
        {
            1 => value with { Number = value.Number ?? 0 },
            2 => value with { WholeNumber = value.WholeNumber ?? 0 },
            3 => value with { Text = value.Text ?? "" },
            6 => value with { Numbers = numbers },
            7 => value with { WholeNumbers = integers },
            _ => value with { Numbers = numbers.Count > 0 ? numbers : null, WholeNumbers = integers.Count > 0 ? integers : null },
        });
    }

    private static OnnxValue Value(ProtobufFields fields)
    {
        var name = "";
        List<OnnxExtent>? shape = null;
        while (fields.Next())
        {
            if (fields.Field == 1)
                name = fields.Text();
            else if (fields.Field == 2 && Inner(fields.Message(), 1, out var tensor) && Inner(tensor, 2, out var extents))
                shape = Extents(extents);
        }

        return new OnnxValue(name, shape);
    }

    /// <summary>The last message in a field of a message.</summary>
    private static bool Inner(ProtobufFields fields, int field, out ProtobufFields inner)
    {
        var found = false;
        inner = default;
        while (fields.Next())
        {
            if (fields.Field != field)
                continue;
            inner = fields.Message();
            found = true;
        }

        return found;
    }

    private static List<OnnxExtent> Extents(ProtobufFields fields)
    {
        List<OnnxExtent> extents = [];
        while (fields.Next())
        {
            if (fields.Field != 1)
                continue;
            var extent = new OnnxExtent(null, "");
            var of = fields.Message();
            while (of.Next())
            {
                extent = of.Field switch
                {
                    1 => new OnnxExtent(of.Integer(), ""),
                    2 => new OnnxExtent(null, of.Text()),
                    _ => extent,
                };
            }

            extents.Add(extent);
        }

        return extents;
    }
}
