using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Understudy.Lab.Configuration;

/// <summary>One setting of a study, or a section of settings.</summary>
/// <param name="Path">Its path, such as <c>student.width</c>; empty for the whole configuration.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Default">Its default as JSON; null where the default is null.</param>
/// <param name="Documentation">What it means: the documentation comment of its property, in plain text.</param>
/// <param name="Settings">The settings of a section, in the order they are declared; empty for a value.</param>
public sealed record Setting(string Path, Type Type, JsonNode? Default, string Documentation, IReadOnlyList<Setting> Settings)
{
    /// <summary>The last key of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>Whether this is a section and not a value.</summary>
    public bool IsSection => Settings.Count > 0;

    /// <summary>What values it takes, in words: "a whole number", "one of gaussian, digits".</summary>
    public string TypeInWords => IsSection ? "a section of settings" : Words(Type, plural: false);

    /// <summary>All settings of a study as a tree whose root has an empty path.</summary>
    public static Setting Tree(IStudy study)
    {
        var config = study.DefaultConfig;
        return Of("", config.GetType(), ConfigJson.ToNode(config), new DocumentationFiles(), "");
    }

    /// <summary>The setting or section at a path below this one, or null.</summary>
    public Setting? Find(string path)
    {
        var at = this;
        foreach (var key in path.Length == 0 ? [] : path.Split('.'))
        {
            at = at.Settings.FirstOrDefault(setting => setting.Name == key);
            if (at is null)
                return null;
        }
        return at;
    }

    /// <summary>This setting and everything below it, values and sections, in order.</summary>
    public IEnumerable<Setting> All() => Settings.SelectMany(setting => setting.All()).Prepend(this);

    private static Setting Of(string path, Type type, JsonNode? value, DocumentationFiles documentation, string text)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (!IsSectionType(bare))
            return new Setting(path, type, value, text, []);
        var filled = value as JsonObject ?? ConfigJson.ToNode(Activator.CreateInstance(bare)!);
        Setting[] settings = [.. Properties(bare).Select(property => Of(
            path.Length == 0 ? property.Name : $"{path}.{property.Name}",
            property.PropertyType,
            filled[property.Name],
            documentation,
            property.AttributeProvider is PropertyInfo info ? documentation.Summary(info) : ""))];
        return new Setting(path, type, value, text, settings);
    }

    private static bool IsSectionType(Type type)
        => type.IsClass && type != typeof(string) && !type.IsAssignableTo(typeof(IEnumerable)) && Properties(type).Any();

    private static IEnumerable<JsonPropertyInfo> Properties(Type type)
        => LabJson.Settings.GetTypeInfo(type).Properties.Where(property => property.Set is not null);

    private static string Words(Type type, bool plural)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return $"{Words(value, plural)} or null";
        if (type.IsEnum)
            return $"{(plural ? "any" : "one")} of {string.Join(", ", Enum.GetNames(type).Select(KebabEnumConverter.Word))}";
        if (type == typeof(bool))
            return plural ? "true or false values" : "true or false";
        if (type == typeof(int) || type == typeof(long))
            return plural ? "whole numbers" : "a whole number";
        if (type == typeof(double) || type == typeof(float) || type == typeof(decimal))
            return plural ? "numbers" : "a number";
        if (type == typeof(string))
            return plural ? "words" : "a word";
        var element = type.IsArray ? type.GetElementType() : type.GetInterfaces().Prepend(type)
            .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .Select(face => face.GetGenericArguments()[0]).FirstOrDefault();
        return element is null ? JsonNamingPolicy.CamelCase.ConvertName(type.Name) : $"{(plural ? "lists" : "a list")} of {Words(element, plural: true)}";
    }
}
