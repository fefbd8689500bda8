namespace Understudy.Engine;

/// <summary>An operation was given operands whose shapes do not fit together.</summary>
/// <remarks>The message names the operation, what it needs and what it got: <c>Add needs equal shapes, but was given [2] and [3].</c></remarks>
public sealed class ShapeException : ArgumentException
{
    /// <summary>An exception with the message "<paramref name="operation"/> needs <paramref name="needs"/>, but was given …".</summary>
    public ShapeException(string operation, string needs, params ReadOnlySpan<Shape> given)
        : base(Describe(operation, needs, given))
    {
    }

    private static string Describe(string operation, string needs, ReadOnlySpan<Shape> given)
    {
        var shapes = new string[given.Length];
        for (var i = 0; i < given.Length; i++)
            shapes[i] = given[i].ToString();
        return $"{operation} needs {needs}, but was given {string.Join(" and ", shapes)}.";
    }
}
