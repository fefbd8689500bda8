using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Lab;
using Understudy.Lab.Configuration;

namespace Understudy.Cli.Commands;

/// <summary><c>show</c>: studies, and the settings of one with their explanation.</summary>
internal sealed class ShowVerb : Verb
{
    internal ShowVerb()
        : base("show", "studies; the settings of one, with defaults and explanations", "[STUDY [@preset] [PATH=VALUE ...] [PATH]]")
    {
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy show", "the studies, their papers and run times"),
        new("understudy show specialization", "question, claims, presets and every setting"),
        new("understudy show specialization seed", "one setting, or one section of them"),
        new("understudy show specialization @smoke", "the settings as a preset resolves them"),
    ];

    internal override (int Least, int Most) Words => (0, int.MaxValue);

    internal override IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words)
        => StudyWords.Continue(surroundings, words).Select(word => word.TrimEnd('='));

    internal override int Execute(Invocation invocation)
    {
        if (invocation.Words.Count == 0)
            return Studies(invocation);
        var study = invocation.Study(invocation.Words[0]);
        string[] arguments = [.. invocation.Words.Skip(1).Where(IsArgument)];
        string[] paths = [.. invocation.Words.Skip(1).Where(word => !IsArgument(word))];
        var config = ConfigReader.Read(study, arguments);
        var tree = JsonNode.Parse(ConfigJson.Write(config))!;
        var root = Setting.Tree(study);
        Setting[] settings = paths.Length == 0 ? [root] : [.. paths.Select(path => root.Find(path) ?? throw Unknown(study, path))];
        if (invocation.Json)
        {
            invocation.Write(Document(study, settings, tree, paths.Length == 0));
            return ExitCode.Done;
        }
        if (paths.Length == 0)
            Card(invocation.Out, study);
        foreach (var setting in settings)
            Write(invocation.Out, setting, tree);
        return ExitCode.Done;
    }

    private static bool IsArgument(string word) => word.StartsWith('@') || word.Contains('=', StringComparison.Ordinal);

    /// <summary>The message every unknown setting gets, asked for by assigning to it.</summary>
    private static Exception Unknown(IStudy study, string path)
    {
        try
        {
            ConfigReader.Read(study, [$"{path}=0"]);
        }
        catch (ConfigException problem)
        {
            return problem;
        }
        return new UsageException($"{path} is not a setting of {study.Card.Name}");
    }

    private static int Studies(Invocation invocation)
    {
        var studies = invocation.Surroundings.Studies;
        if (invocation.Json)
        {
            invocation.Write(new JsonArray([.. studies.Select(study => new JsonObject
            {
                ["study"] = study.Card.Name,
                ["title"] = study.Card.Title,
                ["question"] = study.Card.Question,
                ["paper"] = study.Card.Paper,
                ["claims"] = study.Card.Claims.Count,
                ["presets"] = PresetNodes(study),
            })]));
            return ExitCode.Done;
        }
        foreach (var study in studies)
        {
            invocation.Out.Line($"{study.Card.Name}: {study.Card.Title}");
            invocation.Out.Paragraph(study.Card.Question, 2);
            invocation.Out.Paragraph($"paper: {study.Card.Paper}", 2);
            invocation.Out.Line($"  claims: {study.Card.Claims.Count}");
            WritePresets(invocation.Out, study, "  ");
            invocation.Out.Line($"  run it: understudy run {study.Card.Name}");
            invocation.Out.Line();
        }
        invocation.Out.Line("more: understudy show STUDY");
        return ExitCode.Done;
    }

    private static void Card(Screen screen, IStudy study)
    {
        screen.Line($"{study.Card.Name}: {study.Card.Title}");
        screen.Paragraph(study.Card.Question, 2);
        screen.Paragraph($"paper: {study.Card.Paper}", 2);
        screen.Line();
        screen.Line("claims");
        foreach (var claim in study.Card.Claims)
        {
            screen.Paragraph($"{claim.Id}: {claim.Statement} ({claim.Source})", 2);
            screen.Paragraph($"expected: {claim.Expected}", 4);
        }
        screen.Line();
        WritePresets(screen, study, "");
        screen.Line();
        screen.Line("settings");
    }

    private static void WritePresets(Screen screen, IStudy study, string indent)
    {
        var names = Presets.Names(study);
        if (names.Count == 0)
            return;
        screen.Line($"{indent}presets");
        var width = names.Max(name => name.Length) + 1;
        foreach (var name in names)
        {
            var remark = StudyWords.Remark(study, name);
            var lines = Screen.Wrapped(remark, Math.Max(20, screen.Width - indent.Length - width - 4)).DefaultIfEmpty("").ToArray();
            screen.Line($"{indent}  {("@" + name).PadRight(width)}  {lines[0]}");
            foreach (var line in lines[1..])
                screen.Line($"{indent}  {new string(' ', width)}  {line}");
        }
    }

    private static void Write(Screen screen, Setting setting, JsonNode tree)
    {
        foreach (var item in setting.All().Where(item => item.Path.Length > 0))
        {
            if (item.IsSection)
            {
                screen.Line();
                screen.Line(item.Path);
                screen.Paragraph(item.Documentation, 2);
                continue;
            }
            var (value, usual) = (ConfigJson.Text(Value(tree, item.Path)), ConfigJson.Text(item.Default));
            screen.Line($"  {item.Path} = {value}{(value == usual ? "" : $"   (default {usual})")}");
            screen.Paragraph($"{item.TypeInWords}. {item.Documentation}", 6);
        }
    }

    private static JsonNode? Value(JsonNode tree, string path)
    {
        JsonNode? at = tree;
        foreach (var key in path.Split('.'))
            at = (at as JsonObject)?[key];
        return at;
    }

    private static JsonObject Document(IStudy study, Setting[] settings, JsonNode tree, bool withCard)
    {
        var document = new JsonObject { ["study"] = study.Card.Name };
        if (withCard)
        {
            document["title"] = study.Card.Title;
            document["question"] = study.Card.Question;
            document["paper"] = study.Card.Paper;
            document["citations"] = Invocation.Node(study.Card.Citations);
            document["claims"] = Invocation.Node(study.Card.Claims);
            document["presets"] = PresetNodes(study);
        }
        document["settings"] = new JsonArray([.. settings.SelectMany(setting => setting.All()).Where(item => !item.IsSection).Select(item => new JsonObject
        {
            ["path"] = item.Path,
            ["type"] = item.TypeInWords,
            ["value"] = Value(tree, item.Path)?.DeepClone(),
            ["default"] = item.Default?.DeepClone(),
            ["documentation"] = item.Documentation,
        })]);
        return document;
    }

    private static JsonArray PresetNodes(IStudy study)
        => [.. Presets.Names(study).Select(name => new JsonObject { ["preset"] = name, ["remark"] = StudyWords.Remark(study, name) })];
}
