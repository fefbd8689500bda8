using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands;

/// <summary><c>export</c>: tables and arrays of a run for other tools.</summary>
internal sealed class ExportVerb : Verb
{
    private readonly Option<bool> _csv = new("--csv") { Description = "every table as CSV, numbers as the run wrote them" };
    private readonly Option<bool> _npz = new("--npz") { Description = "every file of arrays as NumPy's .npz" };
    private readonly Option<string?> _out = Flags.Valued("--out", "DIR", "where the files go (else export in the run's directory)");

    internal ExportVerb()
        : base("export", "tables and arrays of a run for other tools", "DIR [--csv] [--npz] [--out DIR]")
    {
        foreach (var option in new Option[] { _csv, _npz, _out })
            Command.Options.Add(option);
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy export RUN --csv", "for spreadsheets and data frames"),
        new("understudy export RUN --npz --out arrays", "for NumPy"),
    ];

    internal override (int Least, int Most) Words => (1, 1);

    internal override string Missing => "export needs the directory of a run";

    internal override int Execute(Invocation invocation)
    {
        var run = RunDirectory.Open(invocation.Words[0]);
        // refuses what a newer version has written
        _ = run.ReadRun();
        var (csv, npz) = (invocation.Is(_csv), invocation.Is(_npz));
        if (!csv && !npz)
            throw new UsageException($"export needs to know the format\n  one of: --csv, --npz\n  as in: {Wording.Command("understudy", "export", run.Path, "--csv")}");
        var folder = invocation.Value(_out) ?? run.File("export");
        List<string> written = [];
        if (csv)
            written.AddRange(Files(run, "metrics", "*.jsonl").Select(path => Written(folder, path, ".csv", stream => Csv(path, stream))));
        if (npz)
            written.AddRange(Files(run, "arrays", "*.safetensors").Select(path => Written(folder, path, ".npz", stream => Npz(path, stream))));
        if (invocation.Json)
            invocation.Write(new JsonObject { ["files"] = Invocation.Node(written) });
        else
            written.ForEach(path => invocation.Out.Line(path));
        if (written.Count == 0)
            invocation.Error.Line($"{run.Path} has nothing of that kind to export");
        return ExitCode.Done;
    }

    private static IEnumerable<string> Files(RunDirectory run, string folder, string pattern)
        => Directory.Exists(run.File(folder)) ? Directory.EnumerateFiles(run.File(folder), pattern).Order(StringComparer.Ordinal) : [];

    private static string Written(string folder, string source, string ending, Action<Stream> write)
    {
        var path = Path.Combine(folder, Path.GetFileNameWithoutExtension(source) + ending);
        try
        {
            Directory.CreateDirectory(folder);
            using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
            write(stream);
            return path;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be written: {FileProblem.Writing(problem)}\n  choose another folder with --out");
        }
    }

    /// <summary>Columns in the order in which their names first appear; a value within a value becomes a column of its own.</summary>
    private static void Csv(string path, Stream stream)
    {
        List<string> names = [];
        List<Dictionary<string, string>> rows = [];
        foreach (var element in MetricsFile.Read<JsonElement>(path))
        {
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            Flatten(element, "", row);
            names.AddRange(row.Keys.Where(name => !names.Contains(name, StringComparer.Ordinal)));
            rows.Add(row);
        }
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        Data.Formats.Csv.Write(writer, [.. names.Select(name => CsvColumn.Of(name, [.. rows.Select(row => row.GetValueOrDefault(name, ""))]))]);
    }

    private static void Flatten(JsonElement element, string name, Dictionary<string, string> row)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            row[name] = element.ValueKind switch
            {
                JsonValueKind.Null => "",
                JsonValueKind.String => element.GetString()!,
                _ => element.GetRawText(),
            };
            return;
        }
        foreach (var property in element.EnumerateObject())
            Flatten(property.Value, name.Length == 0 ? property.Name : $"{name}.{property.Name}", row);
    }

    private static void Npz(string path, Stream stream)
    {
        using var source = File.OpenRead(path);
        Data.Formats.Npz.Write(stream, [.. SafeTensors.Read(source, path).Tensors.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => item.Value)]);
    }
}
