namespace Understudy.Engine.Primitives;

/// <summary>Row-major positions, for the plain definitions of the structural operations.</summary>
internal static class Indexing
{
    /// <summary>The coordinates of element <paramref name="flat"/>.</summary>
    internal static int[] Coordinates(Shape shape, int flat)
    {
        var coordinates = new int[shape.Rank];
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            coordinates[axis] = flat % shape[axis];
            flat /= shape[axis];
        }

        return coordinates;
    }

    /// <summary>The element at the given coordinates.</summary>
    internal static int Flat(Shape shape, ReadOnlySpan<int> coordinates)
    {
        var flat = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
            flat = (flat * shape[axis]) + coordinates[axis];
        return flat;
    }

    /// <summary>The coordinates that remain after the given axes are dropped.</summary>
    internal static int[] Dropping(Axes axes, ReadOnlySpan<int> coordinates)
    {
        var kept = new int[coordinates.Length - axes.Count];
        var next = 0;
        for (var axis = 0; axis < coordinates.Length; axis++)
        {
            if (!axes.Contains(axis))
                kept[next++] = coordinates[axis];
        }

        return kept;
    }

    /// <summary>A shape without the given axes.</summary>
    internal static Shape Dropping(Axes axes, Shape shape) => new(Dropping(axes, shape.Extents));

    /// <summary>Whether the list names axes of a shape of this rank, each once and in increasing order.</summary>
    internal static bool AreIncreasing(Axes axes, int rank)
    {
        for (var i = 0; i < axes.Count; i++)
        {
            if (axes[i] < 0 || axes[i] >= rank || (i > 0 && axes[i] <= axes[i - 1]))
                return false;
        }

        return true;
    }
}
