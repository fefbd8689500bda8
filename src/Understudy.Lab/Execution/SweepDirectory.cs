using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Execution;

/// <summary>A directory that holds a sweep: <c>sweep.json</c> and one run per point in <c>000</c>, <c>001</c>, ….</summary>
public sealed class SweepDirectory
{
    private SweepDirectory(string path, SweepJson sweep)
    {
        (Path, Sweep) = (path, sweep);
    }

    /// <summary>The directory, as it was given.</summary>
    public string Path { get; }

    /// <summary>The content of <c>sweep.json</c>.</summary>
    public SweepJson Sweep { get; }

    /// <summary>The runs of its points, in order.</summary>
    public IReadOnlyList<RunDirectory> Runs => [.. Sweep.Points.Select(point => RunDirectory.Open(System.IO.Path.Combine(Path, point.Run)))];

    /// <summary>Makes a sweep of pending runs in <c>&lt;parent&gt;/&lt;time&gt;-sweep-&lt;study&gt;-&lt;hash&gt;</c>.</summary>
    /// <param name="parent">The folder of runs; made where missing.</param>
    /// <param name="study">The study.</param>
    /// <param name="plan">Axes and points.</param>
    /// <param name="arguments">What the user wrote after the study's name.</param>
    /// <param name="time">The clock, which gives the id.</param>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    public static SweepDirectory Create(string parent, IStudy study, SweepPlan plan, IReadOnlyList<string> arguments, TimeProvider time)
    {
        Storage.CreateFolder(parent);
        var hash = ConfigJson.Hash(string.Concat(plan.Points.Select(point => ConfigJson.Write(point.Config))));
        var path = RunDirectory.Unused(System.IO.Path.Combine(parent, RunDirectory.Id("sweep-" + study.Card.Name, hash, time)));
        var id = System.IO.Path.GetFileName(path);
        var digits = Math.Max(3, (plan.Points.Count - 1).ToString(CultureInfo.InvariantCulture).Length);
        string[] axes = [.. plan.Axes.Select(axis => axis.Path)];
        List<SweepRun> points = [];
        foreach (var (index, point) in plan.Points.Index())
        {
            var name = index.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
            string[] own = [.. arguments.Where(item => !axes.Any(axis => item.StartsWith(axis + "=", StringComparison.Ordinal))),
                .. point.Values.Select(value => $"{value.Key}={ConfigJson.Text(value.Value)}")];
            RunDirectory.CreateAt(System.IO.Path.Combine(path, name), study, point.Config, own, id);
            points.Add(new SweepRun(name, new JsonObject(point.Values.Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone())))));
        }
        var sweep = new SweepJson
        {
            Id = id,
            Study = study.Card.Name,
            Arguments = arguments,
            Axes = [.. plan.Axes.Select(axis => new SweepAxisJson(axis.Path, [.. axis.Values.Select(value => value?.DeepClone())]))],
            Points = points,
        };
        // last, so that a directory with sweep.json is complete
        Storage.WriteText(System.IO.Path.Combine(path, "sweep.json"), JsonSerializer.Serialize(sweep, LabJson.Indented) + "\n");
        return new SweepDirectory(path, sweep);
    }

    /// <summary>Whether a directory holds a sweep.</summary>
    public static bool IsSweep(string path) => File.Exists(System.IO.Path.Combine(path, "sweep.json"));

    /// <summary>Opens a directory that holds a sweep.</summary>
    /// <exception cref="RunException">There is none in it, or it is damaged or of a newer format.</exception>
    public static SweepDirectory Open(string path)
    {
        if (!IsSweep(path))
            throw new RunException($"{path} is not a sweep: there is no sweep.json in it\n  see what there is: understudy list");
        try
        {
            var sweep = JsonSerializer.Deserialize<SweepJson>(File.ReadAllBytes(System.IO.Path.Combine(path, "sweep.json")), LabJson.Indented) ?? throw new JsonException();
            return sweep.Format <= RunJson.CurrentFormat
                ? new SweepDirectory(path, sweep)
                : throw new RunException($"{path} was written by a newer version of understudy: its format is {sweep.Format}, and this version reads {RunJson.CurrentFormat}\n  update understudy to read this sweep") { IsNewer = true };
        }
        catch (JsonException problem)
        {
            throw new RunException($"{path}/sweep.json is damaged: it is not the JSON of a sweep\n  restore the file from a copy, or sweep again", problem);
        }
    }
}

/// <summary>The content of <c>sweep.json</c>.</summary>
public sealed record SweepJson
{
    /// <summary>The format of the file; the one of <see cref="RunJson"/>.</summary>
    public int Format { get; init; } = RunJson.CurrentFormat;

    /// <summary>The name of the sweep: that of its directory when it was created.</summary>
    public string Id { get; init; } = "";

    /// <summary>The study's name.</summary>
    public string Study { get; init; } = "";

    /// <summary>What the user wrote after the study's name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The settings that vary.</summary>
    public IReadOnlyList<SweepAxisJson> Axes { get; init; } = [];

    /// <summary>The points.</summary>
    public IReadOnlyList<SweepRun> Points { get; init; } = [];
}

/// <summary>A setting that varies over a sweep, as it is stored.</summary>
/// <param name="Path">The setting.</param>
/// <param name="Values">Its values.</param>
public sealed record SweepAxisJson(string Path, IReadOnlyList<JsonNode?> Values);

/// <summary>A point of a sweep, as it is stored.</summary>
/// <param name="Run">The name of its run directory below the sweep's.</param>
/// <param name="Values">Its value on each axis, by path.</param>
public sealed record SweepRun(string Run, JsonObject Values);
