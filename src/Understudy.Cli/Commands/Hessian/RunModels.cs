using Understudy.Data;
using Understudy.Engine.Threading;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;
using Understudy.Studies.Kept;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Networks of our own runs as models: opened by their study, with the examples and the loss of the run.</summary>
internal static class RunModels
{
    /// <summary>Whether models are runs.</summary>
    /// <exception cref="UsageException">Some are folders, and some are files.</exception>
    internal static bool Are(IReadOnlyList<string> models)
    {
        var folders = models.Where(Directory.Exists).ToArray();
        if (folders.Length > 0 && folders.Length < models.Count)
            throw new UsageException($"{folders[0]} is a folder, but {models.First(model => !Directory.Exists(model))} is not\n  give runs, or files");
        return folders.Length > 0;
    }

    /// <summary>Opens what is chosen.</summary>
    /// <exception cref="UserException">A folder is no run, or a run does not have what is asked for.</exception>
    internal static Material Read(IReadOnlyList<string> paths, string task, RunFlags flags, Invocation invocation, Team team)
    {
        flags.RefuseThoseOfFiles(paths[0]);
        var finder = DataSets.Finder(invocation);
        RunNetworks[] runs = [.. paths.Select(path => Open(path, invocation, team, set => finder(set).Folder))];
        var chosen = RunSelection.Of(runs, task, flags);
        var set = Set(chosen[0].Network, flags.Data);
        // a network without that set has its loss compared on what it was trained on
        OpenedNetwork[] opened = [.. chosen.Select(one => one.Network.Open(one.Index, one.Step, one.Network.Sets.Contains(set, StringComparer.Ordinal) ? set : KeptNetwork.Training, team))];
        if (opened.Length > 1 && opened.FirstOrDefault(one => one.Of.HasOwnStatistics) is { } bound)
            throw new UsageException($"{bound.Of.Name} has batch normalizations with statistics of its own, so that {task} cannot go from it to another one\n  take it alone, or see: understudy help random-teacher");
        var examples = opened[0].Examples;
        if (flags.Examples > examples.Count)
            throw new UsageException($"--examples {flags.Examples} is more than the {examples.Count} there are\n  leave it out for all of them");
        if (flags.Examples is { } most)
            examples = examples.Slice(0, most);
        var source = new RunSource([.. chosen.Select(one => one.Run)], opened, examples.Count, HasNetwork: flags.Networks is not null);
        Material.RequireOneShape([.. opened.Zip(source.Names, (one, name) => (name, one.Point.Network))]);
        return Material.Of(opened, examples, Material.Products(flags.Precision, flags.Block, opened[0].Point.Network, team), source);
    }

    private static RunNetworks Open(string path, Invocation invocation, Team team, Func<string, string> dataFolder)
    {
        if (SweepDirectory.IsSweep(path))
            throw new UsageException($"{path} is a sweep, not a run\n  give one of its runs, such as {SweepDirectory.Open(path).Runs.Select(run => run.Path).FirstOrDefault() ?? "one that is there after: understudy resume " + path}");
        if (!RunDirectory.IsRun(path))
            throw new UsageException($"{path} is a folder, not a model, and no run: there is no run.json in it\n  give a run, or a .safetensors or .onnx file; see what runs there are: understudy list");
        var directory = RunDirectory.Open(path);
        var study = invocation.Study(directory.ReadRun().Study);
        return new RunNetworks(path, study.Card.Name, KeptNetworks.Of(study, directory, team, dataFolder));
    }

    private static string Set(KeptNetwork network, string? asked) => asked is null || network.Sets.Contains(asked, StringComparer.Ordinal)
        ? asked ?? KeptNetwork.Training
        : throw new UsageException($"{network.Name} has examples {string.Join(" and ", network.Sets)}, not {asked}\n  take --data {network.Sets[0]}{(network.Sets.Count > 1 ? $" or --data {network.Sets[1]}" : ", or leave it out")}");
}

/// <summary>A run and what it kept.</summary>
/// <param name="Path">The folder, as it was given.</param>
/// <param name="Study">The study's name.</param>
/// <param name="Networks">At least one.</param>
internal sealed record RunNetworks(string Path, string Study, IReadOnlyList<KeptNetwork> Networks);

/// <summary>Flags beside runs; null where not given.</summary>
/// <param name="Networks">Names of networks with commas between.</param>
/// <param name="Indices">Which of their seeds, likewise.</param>
/// <param name="Steps">At which steps, likewise.</param>
/// <param name="Data">Which examples.</param>
/// <param name="Examples">Only so many.</param>
/// <param name="Precision">Of products.</param>
/// <param name="Block">Text in names of parameters.</param>
/// <param name="OfFiles">Flags that describe files, with their values.</param>
internal sealed record RunFlags(
    string? Networks, string? Indices, string? Steps, string? Data, int? Examples, string? Precision, string? Block, IReadOnlyList<(string Name, string? Value)> OfFiles)
{
    /// <summary>Refuses flags that say what a run says itself.</summary>
    internal void RefuseThoseOfFiles(string path)
    {
        if (OfFiles.FirstOrDefault(flag => flag.Value is not null) is { Name: not null } given)
        {
            throw new UsageException(
                $"{given.Name} is for files of weights: {path} is a run, which says itself what it holds, and brings its examples\n"
                + "  leave it out; for examples of your own give a .safetensors or .onnx file");
        }
    }
}
