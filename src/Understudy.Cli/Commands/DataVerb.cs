using System.CommandLine;
using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Data.Cache;
using Understudy.Lab.Configuration;

namespace Understudy.Cli.Commands;

/// <summary><c>data</c>: the data sets on this machine.</summary>
internal sealed class DataVerb : Verb
{
    private static readonly string[] Actions = ["list", "get", "verify", "path", "remove"];

    private readonly Flags _flags;
    private readonly Option<string?> _from = Flags.Valued("--from", "DIR", "a folder or archive that holds a copy, instead of the network");

    internal DataVerb(Flags flags)
        : base("data", "data sets: list, get, verify, path, remove", "list | get SET ... [--from DIR] | verify [SET ...] | path SET | remove SET ...")
    {
        _flags = flags;
        foreach (var option in new Option[] { _from, flags.Offline, flags.Yes })
            Command.Options.Add(option);
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy data list", "what there is, with size and licence"),
        new("understudy data get mnist", "fetch a set once; runs never use the network"),
        new("understudy data get cifar10 --from .", "from a copy you have, here in this folder"),
        new("understudy data verify", "read every file and compare its checksum"),
    ];

    internal override IReadOnlyList<string> Details =>
    [
        "Sets lie in UNDERSTUDY_CACHE, else in the cache folder of the system; \"understudy doctor\" names it. An interrupted download goes on where it stopped.",
    ];

    internal override (int Least, int Most) Words => (0, int.MaxValue);

    internal override IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words)
        => words.Count == 0 ? Actions : words[0] == "list" ? [] : DatasetManifest.Default.Sets.Select(set => set.Name);

    internal override int Execute(Invocation invocation)
    {
        var action = invocation.Words.Count == 0 ? "list" : invocation.Words[0];
        string[] sets = [.. invocation.Words.Skip(1)];
        var cache = DataSets.Cache(invocation);
        return action switch
        {
            "list" => List(invocation, cache),
            "get" => Get(invocation, cache, Named(cache, action, sets)),
            "verify" => Verify(invocation, cache, sets.Length > 0 ? Named(cache, action, sets) : [.. cache.List().Where(state => state.Folder is not null)]),
            "path" => ShowPath(invocation, cache, Named(cache, action, sets)),
            "remove" => Remove(invocation, cache, Named(cache, action, sets)),
            _ => throw new UsageException($"{action} is not something data does{NearestName.Suggestion(action, Actions)}\n  data does: {string.Join(", ", Actions)}\n  see: understudy help data"),
        };
    }

    private static DatasetState[] Named(DataCache cache, string action, string[] names)
    {
        var known = cache.List();
        if (names.Length == 0)
            throw new UsageException($"data {action} needs the name of a set\n  sets: {string.Join(", ", known.Select(state => state.Entry.Name))}\n  see: understudy data list");
        return [.. names.Select(name => known.FirstOrDefault(state => state.Entry.Name == name) ?? throw new UsageException(
            $"{name} is not a data set{NearestName.Suggestion(name, known.Select(state => state.Entry.Name))}\n  sets: {string.Join(", ", known.Select(state => state.Entry.Name))}\n  see: understudy data list"))];
    }

    private static int List(Invocation invocation, DataCache cache)
    {
        var states = cache.List();
        if (invocation.Json)
        {
            invocation.Write(new JsonArray([.. states.Select(state => new JsonObject
            {
                ["set"] = state.Entry.Name,
                ["title"] = state.Entry.Title,
                ["state"] = Word(state),
                ["folder"] = state.Folder,
                ["bytes"] = state.Entry.Bytes,
                ["downloadBytes"] = state.Entry.DownloadBytes,
                ["licence"] = state.Entry.Licence,
                ["citation"] = state.Entry.Citation,
            })]));
            return ExitCode.Done;
        }
        var table = new TextTable("set", "state", ">size", ">download", "what it is");
        foreach (var state in states)
            table.Add(state.Entry.Name, Word(state), Wording.Bytes(state.Entry.Bytes), Wording.Bytes(state.Entry.DownloadBytes), state.Entry.Title);
        table.Write(invocation.Out);
        foreach (var state in states)
        {
            invocation.Out.Line();
            invocation.Out.Line(state.Entry.Name);
            invocation.Out.Paragraph($"licence: {state.Entry.Licence}", 2);
            invocation.Out.Paragraph($"cite: {state.Entry.Citation}", 2);
            if (state.Folder is not null)
                invocation.Out.Line($"  folder: {state.Folder}");
            if (state.Problem is not null)
                invocation.Out.Paragraph($"problem: {state.Problem}", 2);
        }
        return ExitCode.Done;
    }

    private static string Word(DatasetState state) => state.IsReady ? "ready" : state.Folder is null ? "absent" : "damaged";

    private int Get(Invocation invocation, DataCache cache, DatasetState[] states)
    {
        var from = invocation.Value(_from);
        if (from is not null && states.Length > 1)
            throw new UsageException("--from goes with one set\n  see: understudy help data");
        var folders = new JsonObject();
        foreach (var state in states)
        {
            var folder = DataSets.Get(invocation, cache, state.Entry, from);
            folders[state.Entry.Name] = folder;
            if (!invocation.Json)
                invocation.Out.Line(folder);
        }
        if (invocation.Json)
            invocation.Write(folders);
        return ExitCode.Done;
    }

    private static int Verify(Invocation invocation, DataCache cache, DatasetState[] states)
    {
        invocation.Surroundings.Interruption.Hold(() => { });
        var progress = new Progress.DownloadLines(invocation);
        var checks = states.SelectMany(state => cache.Verify(state.Entry.Name, progress, invocation.Surroundings.Interruption.Token).Select(check => (state.Entry.Name, check))).ToArray();
        var wrong = checks.Count(item => !item.check.IsRight);
        if (invocation.Json)
        {
            invocation.Write(new JsonArray([.. checks.Select(item => new JsonObject
            {
                ["set"] = item.Name,
                ["file"] = item.check.Path,
                ["right"] = item.check.IsRight,
                ["expected"] = item.check.Expected,
                ["actual"] = item.check.Actual,
            })]));
        }
        else
        {
            foreach (var (name, check) in checks)
                invocation.Out.Line(check.IsRight ? $"right  {name}  {check.Path}" : $"{invocation.Out.Alarm("wrong")}  {name}  {check.Path}: {check.Actual ?? "missing"}, expected {check.Expected}");
            if (checks.Length == 0)
                invocation.Error.Line("no set is in the cache; see: understudy data list");
        }
        if (wrong > 0)
            invocation.Error.Line($"{invocation.Error.Alarm("error:")} {Wording.Count(wrong, "file")} not as published\n  fetch again: understudy data remove SET, then understudy data get SET");
        return wrong > 0 ? ExitCode.UserError : ExitCode.Done;
    }

    private static int ShowPath(Invocation invocation, DataCache cache, DatasetState[] states)
    {
        var folders = states.Select(state => (state.Entry.Name, Folder: cache.Open(state.Entry.Name))).ToArray();
        if (invocation.Json)
            invocation.Write(new JsonObject(folders.Select(item => KeyValuePair.Create(item.Name, (JsonNode?)item.Folder))));
        else
            Array.ForEach(folders, item => invocation.Out.Line(item.Folder));
        return ExitCode.Done;
    }

    private int Remove(Invocation invocation, DataCache cache, DatasetState[] states)
    {
        if (!invocation.Is(_flags.Yes))
        {
            var names = string.Join(", ", states.Select(state => state.Entry.Name));
            if (!invocation.Surroundings.InIsTerminal || !invocation.Surroundings.ErrorIsTerminal || invocation.Json)
                throw new UsageException($"nobody can be asked whether {names} may be removed\n  say so: {Wording.Command(["understudy", "data", "remove", .. states.Select(state => state.Entry.Name), "--yes"])}");
            invocation.Error.Ask($"Remove {names} from the cache? [y/N] ");
            if (invocation.Surroundings.In.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
            {
                invocation.Error.Line("nothing was removed");
                return ExitCode.Done;
            }
        }
        var removed = new JsonObject();
        foreach (var state in states)
        {
            var there = cache.Remove(state.Entry.Name);
            removed[state.Entry.Name] = there;
            if (!invocation.Json)
                invocation.Out.Line($"{state.Entry.Name}  {(there ? "removed" : "was not there")}");
        }
        if (invocation.Json)
            invocation.Write(removed);
        return ExitCode.Done;
    }
}
