using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Understudy.Lab.Configuration;

/// <summary>Writes members of enumerations in kebab-case and reads them in kebab-case, camelCase or PascalCase; numbers are refused.</summary>
internal sealed class KebabEnumConverter : JsonConverterFactory
{
    /// <summary>An enumeration that names its own converter keeps it.</summary>
    public override bool CanConvert(Type typeToConvert)
        => typeToConvert.IsEnum && typeToConvert.GetCustomAttribute<JsonConverterAttribute>() is null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
        => (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert))!;

    /// <summary>The word a member has in files.</summary>
    internal static string Word(string member) => JsonNamingPolicy.KebabCaseLower.ConvertName(member);

    private static string Key(string word) => word.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private sealed class Of<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private readonly Dictionary<string, T> _members = Enum.GetValues<T>().ToDictionary(value => Key(value.ToString()), StringComparer.Ordinal);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType == JsonTokenType.String && _members.TryGetValue(Key(reader.GetString()!), out var value) ? value : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Word(value.ToString()));
    }
}
