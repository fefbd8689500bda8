using System.Text.Json;
using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Kept;

/// <summary>Opens finished runs for their networks.</summary>
public static class KeptNetworks
{
    /// <summary>The networks that a run kept, at least one.</summary>
    /// <param name="study">The study of the run.</param>
    /// <param name="directory">The run.</param>
    /// <param name="team">Threads for what is drawn again.</param>
    /// <param name="dataFolder">The folder of a data set by its name in the cache; throws where it is not there.</param>
    /// <exception cref="RunException">The run is of another study, is not finished, or kept no networks.</exception>
    public static IReadOnlyList<KeptNetwork> Of(IStudy study, RunDirectory directory, Team team, Func<string, string> dataFolder)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(directory);
        var run = RecordedRun.Open(study, directory);
        if (study is not IKeepsNetworks keeps)
            throw new RunException($"{directory.Path} is a run of {study.Card.Name}, which keeps no networks\n  give a .safetensors or .onnx file");
        // networks of a run that goes on are not those of its end
        if (run.Run.Status != RunStatus.Completed)
            throw new RunException($"{directory.Path} is not finished: it is {JsonNamingPolicy.KebabCaseLower.ConvertName(run.Run.Status.ToString())}\n  finish it: understudy resume {directory.Path}");
        var found = keeps.Networks(run, team, dataFolder);
        return found.Count > 0
            ? found
            : throw new RunException($"{directory.Path} kept no networks: {keeps.Missing(run)}");
    }
}
