using System.Text.Json;
using System.Text.Json.Nodes;

namespace Understudy.Lab.Configuration;

/// <summary>A configuration being put together: the defaults with presets, files and assignments laid over them.</summary>
internal sealed class ConfigDraft
{
    private readonly IStudy _study;
    private readonly Setting _settings;
    private readonly JsonObject _tree;

    internal ConfigDraft(IStudy study)
        : this(study, Setting.Tree(study), ConfigJson.ToNode(study.DefaultConfig))
    {
    }

    private ConfigDraft(IStudy study, Setting settings, JsonObject tree)
    {
        _study = study;
        _settings = settings;
        _tree = tree;
    }

    internal ConfigDraft Copy() => new(_study, _settings, (JsonObject)_tree.DeepClone());

    /// <summary>Lays a tree of settings over what is there.</summary>
    internal void Overlay(JsonObject settings) => Overlay(_settings, settings);

    /// <summary>Sets one value.</summary>
    internal void Set(string path, JsonNode? value)
    {
        var setting = _settings.Find(path) ?? throw UnknownSetting.At(_study, _settings, path);
        if (setting.IsSection && value is JsonObject section)
            Overlay(setting, section);
        else if (setting.IsSection)
            throw new ConfigException($"{path} is a section of settings, not a value\n  settings in {path}: {UnknownSetting.Names(setting)}\n  see: understudy show {_study.Card.Name} {path}");
        else
            Parent(path)[setting.Name] = Readable(setting, value);
    }

    /// <summary>Whether a setting takes a list, so that several values make one grid inside a run.</summary>
    internal bool TakesList(string path) => _settings.Find(path)?.TypeInWords.StartsWith("a list", StringComparison.Ordinal) == true;

    /// <summary>The configuration, checked.</summary>
    internal StudyConfig Build()
    {
        var config = (StudyConfig)_tree.Deserialize(_settings.Type, LabJson.Settings)!;
        string[] problems = [.. config.Problems()];
        return problems.Length switch
        {
            0 => config,
            1 => throw new ConfigException(problems[0]),
            _ => throw new ConfigException($"{problems.Length} things do not fit together:\n  {string.Join("\n  ", problems)}"),
        };
    }

    private void Overlay(Setting section, JsonObject settings)
    {
        foreach (var (key, value) in settings)
            Set(section.Path.Length == 0 ? key : $"{section.Path}.{key}", value);
    }

    private JsonObject Parent(string path)
    {
        var (at, setting) = (_tree, _settings);
        foreach (var key in path.Split('.')[..^1])
        {
            setting = setting.Find(key)!;
            if (at[key] is not JsonObject next)
                at[key] = next = ConfigJson.ToNode(Activator.CreateInstance(Nullable.GetUnderlyingType(setting.Type) ?? setting.Type)!);
            at = next;
        }
        return at;
    }

    /// <summary>The value as the setting's type writes it.</summary>
    private JsonNode? Readable(Setting setting, JsonNode? value)
    {
        try
        {
            var read = Adapted(setting.Type, value).Deserialize(setting.Type, LabJson.Settings);
            if (read is not null || value is null && AllowsNull(setting))
                return JsonSerializer.SerializeToNode(read, setting.Type, LabJson.Settings);
        }
        catch (JsonException)
        {
            // said below in the user's words: the serializer's names byte positions
        }
        throw new ConfigException($"{setting.Path} takes {setting.TypeInWords}, not {Shown(value)}\n  see: understudy show {_study.Card.Name} {setting.Path}");
    }

    private static bool AllowsNull(Setting setting)
        => setting.Default is null || Nullable.GetUnderlyingType(setting.Type) is not null;

    /// <summary>A number where a word is asked for becomes the word; 1e4 where a whole number is asked for becomes 10000.</summary>
    private static JsonNode? Adapted(Type type, JsonNode? value)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string) && value is JsonValue word && word.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            return JsonValue.Create(ConfigJson.Text(value));
        if ((bare == typeof(int) || bare == typeof(long)) && value is JsonValue number && number.GetValueKind() == JsonValueKind.Number
            && number.Deserialize<double>() is var exact && double.IsInteger(exact) && Math.Abs(exact) < 1L << 53)
            return JsonValue.Create((long)exact);
        return value;
    }

    private static string Shown(JsonNode? value) => value is JsonValue word && word.GetValueKind() == JsonValueKind.String ? word.GetValue<string>() is { Length: > 0 } text ? text : "nothing" : ConfigJson.Text(value);
}
