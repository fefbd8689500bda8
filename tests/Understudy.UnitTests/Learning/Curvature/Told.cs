namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Keeps what it is told.</summary>
internal sealed class Told<T> : IProgress<T>
{
    internal List<T> Values { get; } = [];

    public void Report(T value) => Values.Add(value);
}
