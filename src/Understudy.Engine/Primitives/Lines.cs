namespace Understudy.Engine.Primitives;

/// <summary>The lines of a value along one axis, for the definitions that work along an axis.</summary>
internal static class Lines
{
    internal static Shape Checked(Primitive operation, int axis, Shape shape)
        => axis >= 0 && axis < shape.Rank ? shape : throw new ShapeException(operation.Name, $"an operand with an axis {axis}", shape);

    /// <summary>Visits every line as (its row-major number, its first element, the distance of its elements).</summary>
    internal static void ForEach(Shape shape, int axis, Action<int, int, int> visit)
    {
        var stride = shape.Product(axis + 1, shape.Rank);
        for (var line = 0; line < shape.Count / shape[axis]; line++)
            visit(line, (line / stride * stride * shape[axis]) + (line % stride), stride);
    }

    /// <summary>The element that holds the first maximum of a line.</summary>
    internal static int Largest(double[] x, int start, int stride, int extent)
    {
        var largest = start;
        for (var k = 1; k < extent; k++)
        {
            if (x[start + (k * stride)] > x[largest])
                largest = start + (k * stride);
        }

        return largest;
    }
}
