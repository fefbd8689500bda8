namespace Understudy.Data.Formats;

/// <summary>Reads the names and shapes of inputs and outputs of an ONNX file.</summary>
internal static class OnnxValueReader
{
    /// <summary>Reads one of them.</summary>
    internal static OnnxValue Read(ProtobufFields fields)
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
