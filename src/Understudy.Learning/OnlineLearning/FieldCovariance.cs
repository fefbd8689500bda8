namespace Understudy.Learning.OnlineLearning;

/// <summary>The covariance of jointly normal local fields with mean 0.</summary>
/// <param name="values">Symmetric, [size, size], row-major.</param>
/// <param name="size">The number of fields.</param>
public readonly ref struct FieldCovariance(ReadOnlySpan<double> values, int size)
{
    private readonly ReadOnlySpan<double> _values = values;

    /// <summary>The number of fields.</summary>
    public int Size { get; } = size;

    /// <summary>E[field a · field b].</summary>
    public double this[int a, int b] => _values[(a * Size) + b];
}
