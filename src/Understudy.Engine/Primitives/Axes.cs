namespace Understudy.Engine.Primitives;

/// <summary>A list of axes, or of extents per axis, that compares by value.</summary>
internal readonly struct Axes(params int[] values) : IEquatable<Axes>
{
    private readonly int[] _values = values;

    internal ReadOnlySpan<int> Values => _values;

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
