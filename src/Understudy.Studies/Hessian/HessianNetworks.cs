using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Lab.Runs;
using Understudy.Studies.Hessian.Parts;
using Understudy.Studies.Kept;

namespace Understudy.Studies.Hessian;

/// <summary>The networks that a run of the study kept: its parts need them after training, or leave them, so that their last checkpoint has them all, in double precision.</summary>
internal sealed class HessianNetworks
{
    private readonly RecordedRun _run;
    private readonly FinishedContext _context;

    private HessianNetworks(RecordedRun run, Team team, Func<string, string> dataFolder)
        => (_run, _context) = (run, new FinishedContext(run.Config.Seed, team, dataFolder));

    /// <summary>Those of every part that kept some, in the order of the parts.</summary>
    internal static IReadOnlyList<KeptNetwork> Of(RecordedRun run, Team team, Func<string, string> dataFolder)
    {
        var networks = new HessianNetworks(run, team, dataFolder);
        return [.. HessianParts.Of((HessianConfig)run.Config).SelectMany(networks.Of)];
    }

    /// <summary>Why there are none.</summary>
    internal static string Missing(RecordedRun run)
        => $"of its parts {string.Join(", ", HessianParts.Of((HessianConfig)run.Config).Select(part => part.Name))} none keeps any, or their checkpoints were removed\n  parts matrices and sizes have none, all others keep theirs; run again with one of these, as in: understudy run hessian parts=[widths]";

    private IEnumerable<KeptNetwork> Of(StagedPart part)
    {
        // versions before left nothing of part edge
        if (part.Networks.Count == 0 || _run.NewestCheckpoint(part.Name) is not { } found || !found.Checkpoint.Tensors.ContainsKey(StagedPart.Vector(0)))
            return [];
        return part.Networks.Select(network => Of(part.Name, network, found.Checkpoint.Tensors, found.Path));
    }

    private KeptNetwork Of(string part, TrainedNetwork trained, IReadOnlyDictionary<string, Tensor> tensors, string file)
    {
        // of moments that fell on one step, the last
        var places = new SortedDictionary<long, int>();
        foreach (var (place, step) in trained.Steps.Index())
            places[step] = place;
        return new KeptNetwork(trained.Name.Length == 0 ? part : $"{part}.{trained.Name}", trained.Count, [.. places.Keys], trained.Loss)
        {
            Counted = trained.Counted,
            Sets = trained.Sets,
            Point = (index, step) =>
            {
                var ((vector, first), size) = (trained.Place(index, places[step]), trained.Network.Layout.Count);
                var name = StagedPart.Vector(vector);
                return tensors.TryGetValue(name, out var tensor) && tensor.Doubles.Length >= first + size
                    ? new KeptPoint(trained.Network, tensor.Doubles.Slice(first, size).ToArray(), file, name)
                    : throw new UnreadableFileException(file, $"{name} is not {size} numbers from {first} on, as the settings of the run ask for: its files or its settings were changed");
            },
            Examples = (index, set) => trained.Examples(index, set, _context),
            Recorded = (index, step, set) => set == KeptNetwork.Training ? trained.Recorded(_run, index, places[step]) : null,
        };
    }
}
