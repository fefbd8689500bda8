using Understudy.Cli.Output;
using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>What is said about a folder where a model is expected: which of its files to give, and with which flags.</summary>
internal static class RunFolder
{
    private const int MostNames = 8;
    private static readonly string[] FirstLayers = [".layer.0.weight", ".hidden.weight"];

    /// <summary>That a folder is not a model.</summary>
    internal static UsageException Refusal(string path, string task)
    {
        if (!RunDirectory.IsRun(path))
            return new UsageException($"{path} is a folder, not a model\n  give a .safetensors or .onnx file in it");
        var run = RunDirectory.Open(path);
        if (run.ReadRun().Study == "random-teacher")
            return new UsageException($"{path} is a run of random-teacher, whose encoders are not fully connected networks\n  for their curvature: {Wording.Command("understudy", "random-teacher", "curvature", path)}");
        var found = Networks(run).FirstOrDefault();
        if (found.Names is null)
            return new UsageException($"{path} is a run that kept no fully connected network\n  give a .safetensors or .onnx file");
        string[] index = found.IsStack ? ["--index", "0"] : [];
        var some = string.Join(", ", found.Names.Take(MostNames)) + (found.Names.Length > MostNames ? $" and {found.Names.Length - MostNames} more" : "");
        return new UsageException(
            $"{path} is a run; its files of weights hold several networks, and not the examples\n"
            + $"  as in: {Wording.Command(["understudy", "hessian", task, found.File, "--network", found.Names[^1], .. index, "--activation", "relu", "--inputs", "x.npy", "--targets", "y.npy"])}\n"
            + $"  networks there: {some}; its activation and loss are in {run.File("config.json")}");
    }

    /// <summary>Files with fully connected networks, those of the last step first.</summary>
    private static IEnumerable<(string File, string[] Names, bool IsStack)> Networks(RunDirectory run)
    {
        var folder = run.File("arrays");
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.weights-*.safetensors").OrderByDescending(Step).ThenBy(file => file, StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            var firsts = InputFile.Read(file, SafeTensors.Read).Tensors.Values.Where(tensor => FirstLayers.Any(ending => tensor.Name.EndsWith(ending, StringComparison.Ordinal))).ToArray();
            if (firsts.Length > 0)
                yield return (file, [.. firsts.Select(tensor => tensor.Name[..^FirstLayers.First(ending => tensor.Name.EndsWith(ending, StringComparison.Ordinal)).Length])], firsts[0].Shape.Count == 3);
        }
    }

    private static long Step(string file)
        => long.TryParse(Path.GetFileNameWithoutExtension(file).Split('-')[^1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var step) ? step : -1;
}
