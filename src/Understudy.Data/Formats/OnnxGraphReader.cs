namespace Understudy.Data.Formats;

/// <summary>Reads the graph of an ONNX file: its operations, their attributes and the stored arrays.</summary>
internal static class OnnxGraphReader
{
    private static readonly Dictionary<string, OnnxAttribute> NoAttributes = [];

    /// <summary>Reads the graph; what the file says about itself is left empty.</summary>
    /// <param name="fields">Its message.</param>
    /// <param name="path">The file's name for messages.</param>
    internal static OnnxModel Read(ProtobufFields fields, string path)
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
                    inputs.Add(OnnxValueReader.Read(fields.Message()));
                    break;
                case 12:
                    outputs.Add(OnnxValueReader.Read(fields.Message()));
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
            Onnx.IsStandard(domain) ? operation : $"{domain}::{operation}", name.Length > 0 ? name : outputs[0], inputs, outputs, attributes ?? NoAttributes);
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
}
