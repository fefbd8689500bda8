using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Understudy.Lab.Configuration;

/// <summary>How everything a run directory holds is written as JSON.</summary>
/// <remarks>
/// camelCase names, enumerations in kebab-case, numbers in round-trip form, NaN and infinities as the strings "NaN",
/// "Infinity" and "-Infinity", line ends <c>\n</c>, UTF-8 without a mark.
/// </remarks>
public static class LabJson
{
    /// <summary>For rows of a metrics table: one object on one line.</summary>
    public static JsonSerializerOptions Line { get; } = Create(indented: false);

    /// <summary>For files people read: indented by two spaces.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>For configurations: what a record computes from its settings is not a setting.</summary>
    internal static JsonSerializerOptions Settings { get; } = Create(indented: false, settableOnly: true);

    /// <summary>For <c>config.json</c>.</summary>
    internal static JsonSerializerOptions SettingsIndented { get; } = Create(indented: true, settableOnly: true);

    private static JsonSerializerOptions Create(bool indented, bool settableOnly = false)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            IgnoreReadOnlyProperties = settableOnly,
            AllowDuplicateProperties = false,
            WriteIndented = indented,
            IndentSize = 2,
            NewLine = "\n",
            Converters = { new KebabEnumConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
