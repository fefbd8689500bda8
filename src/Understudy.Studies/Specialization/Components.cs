using System.Text.Json;
using System.Text.Json.Serialization;

namespace Understudy.Studies.Specialization;

/// <summary>How many principal components are kept: a number, or the word <c>all</c> for standardised features without PCA.</summary>
/// <param name="Count">The number; null for all.</param>
[JsonConverter(typeof(ComponentsConverter))]
public readonly record struct Components(int? Count)
{
    /// <summary>Every feature, without PCA.</summary>
    public static Components All => default;

    /// <inheritdoc/>
    public override string ToString() => Count is { } count ? FormattableString.Invariant($"{count}") : ComponentsConverter.All;

    private sealed class ComponentsConverter : JsonConverter<Components>
    {
        internal const string All = "all";

        public override Components Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String when reader.ValueTextEquals(All) => default,
            JsonTokenType.Number when reader.TryGetInt32(out var number) => new Components(number),
            _ => throw new JsonException("A whole number, or the word all."),
        };

        public override void Write(Utf8JsonWriter writer, Components value, JsonSerializerOptions options)
        {
            if (value.Count is { } number)
                writer.WriteNumberValue(number);
            else
                writer.WriteStringValue(All);
        }
    }
}
