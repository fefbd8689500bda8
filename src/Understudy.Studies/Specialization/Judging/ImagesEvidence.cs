using Understudy.Lab.Runs;
using Understudy.Studies.Judging;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>The rows of part images in all runs of one protocol, pooled by cell and seed.</summary>
internal sealed class ImagesEvidence
{
    private readonly Dictionary<(ImageCell Cell, int Epoch), SortedDictionary<SeedId, ChannelLayerRow[]>> _rows = [];
    private readonly Dictionary<(SeedId Teacher, TeacherChannels Channels), double> _teachers = [];
    private readonly HashSet<(ImageCell Cell, SeedId Seed)> _diverged = [];

    private ImagesEvidence(PooledRuns<SpecializationConfig> pooled) => (Config, LeftOut) = (pooled.Config, pooled.LeftOut);

    /// <summary>The configuration of the last of the pooled runs.</summary>
    internal SpecializationConfig Config { get; }

    /// <summary>Runs of the part with another protocol.</summary>
    internal int LeftOut { get; }

    /// <summary>Students that diverged, over all cells.</summary>
    internal int Diverged => _diverged.Count;

    internal int Epochs => Config.Images.Students.Training.Epochs;

    internal int Layers => Config.Images.Teacher.Channels.Count;

    /// <summary>Whether the images are photographs.</summary>
    internal bool IsOfPhotographs => Config.Images.Data.Set == LabelledImages.Cifar10;

    /// <summary>Whether the network and the images are the published ones.</summary>
    internal bool IsPublished => IsOfPhotographs && Config.Images is { Data.Pooling: 1, Teacher: { Channels: [64, 64, 64, 64], Normalization: ChannelNormalization.AfterActivation } };

    /// <summary>Whether the teachers are pruned as published, and students trained as long.</summary>
    internal bool IsPublishedPruning => IsPublished && Config.Images is { Teacher.Pruning: [0.3, 0.5, 0.5, 0.7], Students.Training.Epochs: >= 100 };

    /// <summary>Whether the images or the network are smaller than the published ones, so that only the order of differences is judged.</summary>
    internal bool IsSmaller => Config.Images is { Data.Pooling: > 1 } || Layers < 4 || Config.Images.Teacher.Channels.Any(channels => channels < 64);

    /// <summary>All cells that were trained to their end: students of unpruned teachers first, wide ones last.</summary>
    internal IReadOnlyList<ImageCell> Cells => [.. _rows.Keys.Where(key => key.Epoch == Epochs).Select(key => key.Cell).OrderBy(cell => cell.Teacher).ThenBy(cell => cell.OverRealization)];

    /// <summary>What the runs recorded, or null where no run holds the part.</summary>
    internal static ImagesEvidence? Of(IReadOnlyList<RunRecord> runs)
    {
        if (PooledRuns<SpecializationConfig>.Of(runs, PartNames.Evaluations(PartNames.Images), Protocol) is not { } pooled)
            return null;
        var evidence = new ImagesEvidence(pooled);
        foreach (var run in pooled.Runs)
            evidence.Take(run);
        return evidence;
    }

    /// <summary>The layers of every seed of a cell at an epoch, without diverged students.</summary>
    internal IReadOnlyList<ChannelLayerRow[]> At(ImageCell cell, int epoch) => _rows.TryGetValue((cell, epoch), out var seeds) ? [.. seeds.Values] : [];

    /// <summary>How many students of a cell diverged.</summary>
    internal int DivergedOf(ImageCell cell) => _diverged.Count(item => item.Cell == cell);

    /// <summary>The layers of one seed of a cell at an epoch; null where it diverged or was not looked at.</summary>
    internal ChannelLayerRow[]? At(ImageCell cell, int epoch, SeedId seed) => _rows.TryGetValue((cell, epoch), out var seeds) && seeds.TryGetValue(seed, out var layers) ? layers : null;

    /// <summary>The seeds of a cell that reached its end.</summary>
    internal IReadOnlyList<SeedId> Ended(ImageCell cell) => _rows.TryGetValue((cell, Epochs), out var seeds) ? [.. seeds.Keys] : [];

    /// <summary>The layers of every seed at the end of a cell.</summary>
    internal IReadOnlyList<ChannelLayerRow[]> End(ImageCell cell) => At(cell, Epochs);

    /// <summary>The layers of two cells at their ends for every seed that has both: the seeds are paired.</summary>
    internal IReadOnlyList<(ChannelLayerRow[] First, ChannelLayerRow[] Second)> Paired(ImageCell first, ImageCell second)
        => _rows.TryGetValue((first, Epochs), out var left) && _rows.TryGetValue((second, Epochs), out var right)
            ? [.. left.Where(item => right.ContainsKey(item.Key)).Select(item => (item.Value, right[item.Key]))] : [];

    /// <summary>The evaluated epochs of a cell, ascending.</summary>
    internal IReadOnlyList<int> Evaluated(ImageCell cell) => [.. _rows.Keys.Where(key => key.Cell == cell).Select(key => key.Epoch).Order()];

    /// <summary>Test accuracies of all teachers of a kind.</summary>
    internal IReadOnlyList<double> TeacherAccuracies(TeacherChannels channels) => [.. _teachers.Where(item => item.Key.Channels == channels).OrderBy(item => item.Key.Teacher).Select(item => item.Value)];

    /// <summary>What must agree for runs to be pooled: everything of the part but its seeds, its grids and how often is looked.</summary>
    private static SpecializationConfig Protocol(SpecializationConfig config)
    {
        var part = config.Images;
        return Protocols.WithoutData(config) with
        {
            Images = part with
            {
                Seeds = 0,
                Students = part.Students with { OfUnpruned = [], OfPruned = [] },
                Measures = part.Measures with { Stages = 0, During = 0 },
            },
        };
    }

    private void Take(RunRecord run)
    {
        foreach (var teacher in run.Table<ChannelTeacherRow>($"{PartNames.Images}.teachers"))
            _teachers.TryAdd((new SeedId(run.Config.Seed, teacher.Teacher), teacher.Channels), teacher.Accuracy);
        foreach (var student in run.Table<ChannelLayerRow>(PartNames.Evaluations(PartNames.Images)).GroupBy(row => (row.Cell, row.Epoch, row.Seed)))
        {
            ChannelLayerRow[] layers = [.. student.OrderBy(row => row.Layer)];
            if (layers[0].Diverged)
            {
                if (layers[0].Epoch == Epochs)
                    _diverged.Add((student.Key.Cell, new SeedId(run.Config.Seed, student.Key.Seed)));
                continue;
            }

            if (!_rows.TryGetValue((student.Key.Cell, student.Key.Epoch), out var seeds))
                _rows.Add((student.Key.Cell, student.Key.Epoch), seeds = []);
            seeds.TryAdd(new SeedId(run.Config.Seed, student.Key.Seed), layers);
        }
    }
}
