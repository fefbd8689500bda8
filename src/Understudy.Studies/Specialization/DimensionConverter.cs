using System.Text.Json;
using System.Text.Json.Serialization;

namespace Understudy.Studies.Specialization;

/// <summary>A number of dimensions, or the word <c>all</c> for null.</summary>
public sealed class DimensionConverter : JsonConverter<int?>
{
    private const string All = "all";

    /// <summary>True: null is written as a word.</summary>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String when reader.ValueTextEquals(All) => null,
        JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
        _ => throw new JsonException("A number of dimensions or the word all."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value is { } number)
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(All);
    }
}
