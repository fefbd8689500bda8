using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Understudy.Engine;

/// <summary>The extents of a dense, row-major value; a scalar has none.</summary>
/// <remarks>Immutable, compared by value. At most <see cref="MaxRank"/> axes; an extent is at least 1.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "Shape is the field's word.")]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest number of axes: five logical ones and a replica axis.</summary>
    public const int MaxRank = 6;

    private readonly int[]? _extents;

    /// <summary>A shape of the given extents.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An extent is below 1, there are more than <see cref="MaxRank"/>, or their product exceeds an int.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(extents.Length, MaxRank);
        long count = 1;
        foreach (var extent in extents)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(extent, 1);
            count = Math.Min(count * extent, (long)int.MaxValue + 1);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, int.MaxValue);
        _extents = extents.ToArray();
    }

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar => default;

    /// <summary>The number of axes.</summary>
    public int Rank => Extents.Length;

    /// <summary>The extents, outermost first.</summary>
    public ReadOnlySpan<int> Extents => _extents;

    /// <summary>The number of elements: the product of the extents.</summary>
    public int Count
    {
        get
        {
            var count = 1;
            foreach (var extent in Extents)
                count *= extent;
            return count;
        }
    }

    /// <summary>The extent of one axis; negative numbers count from the last.</summary>
    public int this[int axis] => Extents[axis < 0 ? axis + Rank : axis];

    /// <summary>The product of the extents of axes <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive).</summary>
    public int Product(int from, int to)
    {
        var product = 1;
        for (var axis = from; axis < to; axis++)
            product *= Extents[axis];
        return product;
    }

    /// <summary>This shape without one axis.</summary>
    public Shape Without(int axis) => new([.. Extents[..axis], .. Extents[(axis + 1)..]]);

    /// <summary>This shape with an axis of the given extent inserted before <paramref name="axis"/>.</summary>
    public Shape With(int axis, int extent) => new([.. Extents[..axis], extent, .. Extents[axis..]]);

    /// <inheritdoc/>
    public bool Equals(Shape other) => Extents.SequenceEqual(other.Extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var extent in Extents)
            hash.Add(extent);
        return hash.ToHashCode();
    }

    /// <summary>The extents in brackets: <c>[64, 20]</c>; a scalar is <c>[]</c>.</summary>
    public override string ToString()
        => "[" + string.Join(", ", Extents.ToArray().Select(extent => extent.ToString(CultureInfo.InvariantCulture))) + "]";

    /// <summary>Equality by value.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);
}
