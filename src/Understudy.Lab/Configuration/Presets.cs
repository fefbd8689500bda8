using System.Text.Json.Nodes;

namespace Understudy.Lab.Configuration;

/// <summary>The presets of a study: YAML files in its folder <c>presets</c>, embedded in its assembly.</summary>
/// <remarks>They are found by the resource name <c>&lt;namespace of the study&gt;.presets.&lt;name&gt;.yaml</c>, which is what the build gives them.</remarks>
public static class Presets
{
    /// <summary>The names of a study's presets, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names(IStudy study)
    {
        var prefix = Prefix(study);
        return [.. study.GetType().Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".yaml", StringComparison.Ordinal))
            .Select(name => name[prefix.Length..^".yaml".Length]).Order(StringComparer.Ordinal)];
    }

    /// <summary>The text of a preset.</summary>
    /// <exception cref="ConfigException">There is no preset of that name.</exception>
    public static string Text(IStudy study, string name)
    {
        using var stream = study.GetType().Assembly.GetManifestResourceStream($"{Prefix(study)}{name}.yaml");
        if (stream is null)
        {
            var names = Names(study);
            var near = NearestName.Of(name, names) is { } nearest ? $"; did you mean @{nearest}?" : "";
            throw new ConfigException($"@{name} is not a preset of {study.Card.Name}{near}\n  presets: {string.Join(", ", names.Select(item => "@" + item))}\n  see: understudy show {study.Card.Name}");
        }
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    internal static JsonObject Load(IStudy study, string name) => YamlReader.Parse(Text(study, name), $"preset @{name}");

    private static string Prefix(IStudy study) => study.GetType().Namespace + ".presets.";
}
