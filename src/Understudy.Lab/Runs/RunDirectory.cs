using System.Globalization;
using System.Text.Json;
using Understudy.Data;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Runs;

/// <summary>A directory that holds one run: what it was told, what it recorded and what follows from that.</summary>
public sealed class RunDirectory
{
    /// <summary>All that a process killed while making a run can leave; a directory with nothing else is as good as empty.</summary>
    private static readonly string[] HalfMade = ["config.json", "config.json" + Storage.Unfinished, "run.json" + Storage.Unfinished];

    private RunDirectory(string path)
    {
        Path = path;
    }

    /// <summary>The directory, as it was given.</summary>
    public string Path { get; }

    /// <summary>Whether a live process is writing here: what tells a run that goes on from one that was killed.</summary>
    public bool IsBeingWritten(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return RunLock.IsHeld(this, time);
    }

    /// <summary>Makes a pending run in a new directory <c>&lt;parent&gt;/&lt;yyyyMMdd-HHmmss&gt;-&lt;study&gt;-&lt;six hex digits&gt;</c>; -2, -3, … is appended where that exists.</summary>
    /// <param name="parent">The folder of runs; made where missing.</param>
    /// <param name="study">The study.</param>
    /// <param name="config">The resolved configuration.</param>
    /// <param name="arguments">What the user wrote after the study's name.</param>
    /// <param name="time">The clock, which gives the id.</param>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    public static RunDirectory Create(string parent, IStudy study, StudyConfig config, IReadOnlyList<string> arguments, TimeProvider time)
    {
        Storage.CreateFolder(parent);
        var path = Unused(System.IO.Path.Combine(parent, Id(study.Card.Name, ConfigJson.Hash(config), time)));
        return CreateAt(path, study, config, arguments);
    }

    /// <summary>Makes a pending run in the given directory, which must be new or empty.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="study">The study.</param>
    /// <param name="config">The resolved configuration.</param>
    /// <param name="arguments">What the user wrote after the study's name.</param>
    /// <param name="sweep">The id of the sweep it belongs to, or null.</param>
    /// <exception cref="RunException">The directory holds something already, or cannot be written.</exception>
    public static RunDirectory CreateAt(string path, IStudy study, StudyConfig config, IReadOnlyList<string> arguments, string? sweep = null)
    {
        Storage.CreateFolder(path);
        if (Directory.EnumerateFileSystemEntries(path).Any(entry => !HalfMade.Contains(System.IO.Path.GetFileName(entry))))
            throw new RunException($"{path} holds something already\n  choose another folder, or go on with what is there: understudy resume {path}");
        var run = new RunDirectory(path);
        Storage.WriteText(run.File("config.json"), ConfigJson.Write(config));
        run.Write(new RunJson
        {
            Id = System.IO.Path.GetFileName(System.IO.Path.GetFullPath(path)),
            Study = study.Card.Name,
            Status = RunStatus.Pending,
            Version = ThisMachine.Version,
            Commit = ThisMachine.Commit,
            Arguments = arguments,
            Sweep = sweep,
        });
        return run;
    }

    /// <summary>Opens a directory that holds a run.</summary>
    /// <exception cref="RunException">There is no run in it.</exception>
    public static RunDirectory Open(string path)
        => IsRun(path) ? new RunDirectory(path) : throw new RunException($"{path} is not a run: there is no run.json in it\n  see what there is: understudy list");

    /// <summary>Whether a directory holds a run.</summary>
    public static bool IsRun(string path) => System.IO.File.Exists(System.IO.Path.Combine(path, "run.json"));

    /// <summary>The runs directly below a folder, ordered by name; those of a sweep are not among them.</summary>
    public static IReadOnlyList<RunDirectory> Below(string folder)
        => Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Where(IsRun).Order(StringComparer.Ordinal).Select(path => new RunDirectory(path))] : [];

    /// <summary>Reads <c>run.json</c>.</summary>
    /// <exception cref="RunException">It is damaged, or of a newer format.</exception>
    public RunJson ReadRun()
    {
        var path = File("run.json");
        try
        {
            var text = System.IO.File.ReadAllBytes(path);
            using (var document = JsonDocument.Parse(text))
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("format", out var format)
                    && format.ValueKind == JsonValueKind.Number && format.TryGetInt32(out var number) && number > RunJson.CurrentFormat)
                    throw new RunException($"{Path} was written by a newer version of understudy: its format is {number}, and this version reads {RunJson.CurrentFormat}\n  update understudy to read this run") { IsNewer = true };
            }
            return JsonSerializer.Deserialize<RunJson>(text, LabJson.Indented) ?? throw new JsonException();
        }
        catch (JsonException problem)
        {
            throw new RunException($"{path} is damaged: it is not the JSON of a run\n  the run's settings and tables may still be good; restore the file from a copy, or run again", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new RunException($"{path} cannot be read: {FileProblem.Reading(path, problem)}\n  restore the file from a copy, or run again", problem);
        }
    }

    /// <summary>Reads <c>config.json</c>.</summary>
    /// <exception cref="ConfigException">It is damaged or of a newer version.</exception>
    public StudyConfig ReadConfig(IStudy study)
    {
        var path = File("config.json");
        try
        {
            return ConfigJson.Read(study, System.IO.File.ReadAllText(path), path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{path} cannot be read: {FileProblem.Reading(path, problem)}\n  restore the file from a copy, or run again", problem);
        }
    }

    /// <summary>Reads <c>verdicts.json</c>; empty where the run was not judged yet.</summary>
    /// <exception cref="RunException">The file is damaged.</exception>
    public IReadOnlyList<Verdict> ReadVerdicts()
        => System.IO.File.Exists(File("verdicts.json")) ? VerdictsJson.Read(File("verdicts.json")) : [];

    /// <summary>The path of a file or folder of the run, such as <c>report.html</c>.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Replaces <c>run.json</c>.</summary>
    internal void Write(RunJson run) => Storage.WriteText(File("run.json"), JsonSerializer.Serialize(run, LabJson.Indented) + "\n");

    internal static string Id(string study, string hash, TimeProvider time)
        => $"{time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{study}-{hash[..6]}";

    internal static string Unused(string path)
    {
        var (candidate, number) = (path, 1);
        while (Directory.Exists(candidate) || System.IO.File.Exists(candidate))
            candidate = $"{path}-{++number}";
        return candidate;
    }
}
