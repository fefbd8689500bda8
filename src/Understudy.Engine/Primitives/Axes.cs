namespace Understudy.Engine.Primitives;

/// <summary>A list of axes, or of extents per axis, that compares by value.</summary>
internal readonly struct Axes(params int[] values) : IEquatable<Axes>
{
    private readonly int[] _values = values;

    internal Axes(ReadOnlySpan<int> values)
        : this(values.ToArray())
    {
    }

    internal ReadOnlySpan<int> Values => _values;

    internal int Count => Values.Length;

    internal int this[int index] => Values[index];

    /// <summary>The axes from <paramref name="start"/>, <paramref name="count"/> of them.</summary>
    internal static Axes Range(int start, int count)
    {
        var axes = new int[count];
        for (var i = 0; i < count; i++)
            axes[i] = start + i;
        return new Axes(axes);
    }

    internal bool Contains(int axis) => Values.Contains(axis);

    /// <summary>The same axes after a leading axis was put in front.</summary>
    internal Axes BehindLeading()
    {
        var shifted = new int[Count];
        for (var i = 0; i < Count; i++)
            shifted[i] = Values[i] + 1;
        return new Axes(shifted);
    }

    /// <summary>This list with one more entry in front.</summary>
    internal Axes With(int first) => new([first, .. Values]);

    public bool Equals(Axes other) => Values.SequenceEqual(other.Values);

    public override bool Equals(object? obj) => obj is Axes other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in Values)
            hash.Add(value);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(",", _values ?? []);
}
