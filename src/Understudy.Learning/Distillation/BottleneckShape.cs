namespace Understudy.Learning.Distillation;

/// <summary>The end of a projection head in six fields, such as <c>-/lb/fn/wn/l/-</c>: two linear layers, what normalizes their weights and what normalizes their results.</summary>
/// <remarks>Source: random-teacher specification, section 2.1. Without the first layer the numbers before it are the bottleneck; without the second the bottleneck has as many numbers as there are outputs.</remarks>
/// <param name="Inner">The first layer; null for none.</param>
/// <param name="InnerLength">What becomes of the length of its result, the bottleneck.</param>
/// <param name="Outer">The second layer; null for none.</param>
/// <param name="OuterLength">What becomes of the length of the outputs.</param>
public sealed record BottleneckShape(LinearShape? Inner, UnitLength InnerLength, LinearShape? Outer, UnitLength OuterLength)
{
    private const string Absent = "-";

    /// <summary>The published shape, <c>-/lb/fn/wn/l/-</c>: a bottleneck of unit length, outputs that are cosines.</summary>
    public static BottleneckShape Default { get; } = Parse("-/lb/fn/wn/l/-");

    /// <summary>Reads the six fields.</summary>
    /// <exception cref="FormatException">There are not six, a field is none of those allowed, or a weight is normalized that is not there.</exception>
    public static BottleneckShape Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var fields = text.Split('/');
        if (fields.Length != 6)
            throw new FormatException($"A bottleneck has six fields such as -/lb/fn/wn/l/-, but {text} has {fields.Length}.");
        var shape = new BottleneckShape(Linear(text, fields[0], fields[1]), Length(text, fields[2]), Linear(text, fields[3], fields[4]), Length(text, fields[5]));
        return shape is { Inner: null, Outer: null } ? throw new FormatException($"The bottleneck {text} has no linear layer.") : shape;
    }

    /// <summary>The six fields.</summary>
    public override string ToString() => $"{Text(Inner)}/{Text(InnerLength)}/{Text(Outer)}/{Text(OuterLength)}";

    private static LinearShape? Linear(string text, string weights, string layer)
    {
        var isNormalized = weights switch
        {
            "wn" => true,
            Absent => false,
            _ => throw new FormatException($"Fields 1 and 4 of a bottleneck are wn or -, but {text} has {weights}."),
        };
        return layer switch
        {
            "l" => new LinearShape(HasBias: false, isNormalized),
            "lb" => new LinearShape(HasBias: true, isNormalized),
            Absent when !isNormalized => null,
            Absent => throw new FormatException($"The bottleneck {text} normalizes the weights of a layer that is not there."),
            _ => throw new FormatException($"Fields 2 and 5 of a bottleneck are l, lb or -, but {text} has {layer}."),
        };
    }

    private static UnitLength Length(string text, string field) => field switch
    {
        "fn" => UnitLength.Differentiated,
        "fnd" => UnitLength.Given,
        Absent => UnitLength.None,
        _ => throw new FormatException($"Fields 3 and 6 of a bottleneck are fn, fnd or -, but {text} has {field}."),
    };

    private static string Text(LinearShape? layer)
        => layer is null ? $"{Absent}/{Absent}" : $"{(layer.HasUnitNodes ? "wn" : Absent)}/{(layer.HasBias ? "lb" : "l")}";

    private static string Text(UnitLength length) => length switch
    {
        UnitLength.Differentiated => "fn",
        UnitLength.Given => "fnd",
        _ => Absent,
    };
}

/// <summary>A linear layer of a bottleneck.</summary>
/// <param name="HasBias">Whether it adds a bias.</param>
/// <param name="HasUnitNodes">Whether the weights of every node are divided by their length.</param>
public sealed record LinearShape(bool HasBias, bool HasUnitNodes);

/// <summary>What becomes of the length of a row.</summary>
public enum UnitLength
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The row is divided by it, and derivatives go through it.</summary>
    Differentiated,

    /// <summary>The row is divided by it; in derivatives it counts as given.</summary>
    Given,
}
