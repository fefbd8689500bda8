using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Understudy.Lab.Configuration;

/// <summary>Configurations as JSON and back.</summary>
public static class ConfigJson
{
    /// <summary>The text of <c>config.json</c>: every setting, indented, with a final line end.</summary>
    public static string Write(StudyConfig config) => JsonSerializer.Serialize(config, config.GetType(), LabJson.SettingsIndented) + "\n";

    /// <summary>Reads the text of a stored <c>config.json</c>; settings it does not mention have their defaults.</summary>
    /// <param name="study">The study it belongs to.</param>
    /// <param name="text">The JSON text.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="ConfigException">The text is not JSON, or holds settings or values this version does not know.</exception>
    public static StudyConfig Read(IStudy study, string text, string path)
    {
        JsonObject tree;
        try
        {
            tree = ConfigFile.ParseJson(text, path);
        }
        catch (ConfigException problem)
        {
            throw new ConfigException($"{problem.Message}\n  restore the file from a copy, or run again", problem);
        }
        var draft = new ConfigDraft(study);
        try
        {
            draft.Overlay(tree);
            return draft.Build();
        }
        catch (ConfigException problem)
        {
            throw new ConfigException(
                $"{path} was written by a newer version of understudy, or by hand: {problem.Message.Split('\n')[0]}\n"
                + "  update understudy to read this run, or run the study again with this version", problem);
        }
    }

    /// <summary>The SHA-256 of the text of <c>config.json</c>, in lower-case hex.</summary>
    public static string Hash(StudyConfig config) => Hash(Write(config));

    /// <summary>The SHA-256 of a text in UTF-8, in lower-case hex.</summary>
    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The settings that differ between two configurations of one study, by path in order, with both values as JSON text.</summary>
    public static IReadOnlyList<(string Path, string Before, string After)> Differences(IStudy study, StudyConfig before, StudyConfig after)
    {
        var (left, right) = (ToNode(before), ToNode(after));
        return [.. Setting.Tree(study).All().Where(setting => !setting.IsSection)
            .Select(setting => (setting.Path, Before: Text(At(left, setting.Path)), After: Text(At(right, setting.Path))))
            .Where(item => item.Before != item.After)];
    }

    /// <summary>A value as JSON text on one line; "null" for null.</summary>
    public static string Text(JsonNode? node) => node is null ? "null" : node.ToJsonString(LabJson.Line);

    internal static JsonObject ToNode(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), LabJson.Settings)!.AsObject();

    internal static JsonNode? At(JsonObject root, string path)
    {
        JsonNode? at = root;
        foreach (var key in path.Split('.'))
            at = (at as JsonObject)?[key];
        return at;
    }
}
