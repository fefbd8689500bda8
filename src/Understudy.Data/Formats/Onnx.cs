namespace Understudy.Data.Formats;

/// <summary>The format in which trained networks are exchanged (Open Neural Network Exchange).</summary>
/// <remarks>
/// A file is one message in the wire format of protocol buffers. Read and written are the graph, its stored arrays, and the version of the
/// standard operators. What the operators do is not decided here. Functions, subgraphs and sparse arrays are passed over.
/// </remarks>
public static class Onnx
{
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
                    model = OnnxGraphReader.Read(fields.Message(), path);
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

    /// <summary>Writes a model: floating numbers in single precision, whole ones with 64 bits; equal models give equal bytes.</summary>
    /// <remarks>Inputs and outputs count as single precision. <see cref="OnnxModel.Path"/> is not written.</remarks>
    /// <param name="stream">Where to.</param>
    /// <param name="model">The content; its operators are those of the standard.</param>
    /// <exception cref="ArgumentException">There is an operator outside the standard, an attribute without a value, a number that single precision cannot hold, or more than the 2 GiB that the format allows.</exception>
    public static void Write(Stream stream, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(model);
        var message = OnnxWriter.Model(model);
        if (message.Length > int.MaxValue)
            throw new ArgumentException($"The model has {message.Length} bytes; an ONNX file holds at most {int.MaxValue}.", nameof(model));
        message.WriteTo(stream);
    }

    /// <summary>Whether operators of a domain are those of the standard.</summary>
    internal static bool IsStandard(string domain) => domain is "" or "ai.onnx";

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
}
