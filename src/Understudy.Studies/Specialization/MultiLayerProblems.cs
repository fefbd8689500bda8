using Understudy.Data;
using Understudy.Learning.Networks;
using static System.FormattableString;

namespace Understudy.Studies.Specialization;

/// <summary>What settings of part multi-layer do not fit together, in sentences.</summary>
internal static class MultiLayerProblems
{
    internal static IEnumerable<string> Of(MultiLayerConfig part)
        => Counts(part).Concat(Networks(part.Networks, part.Data.Dimension)).Concat(Samples(part.Data, part.Training)).Concat(SettingRules.Rates("multiLayer.training", part.Training.LearningRates, part.Training.RateStarts)).Concat(MultiLayerOptionProblems.Of(part));

    private static IEnumerable<string> Counts(MultiLayerConfig part)
    {
        foreach (var (path, value, least) in new[]
        {
            ("seeds", part.Seeds, 1), ("networks.outputs", part.Networks.Outputs, 1), ("data.dimension", part.Data.Dimension, 1), ("training.batch", part.Training.Batch, 1),
            ("measures.evaluation", part.Measures.Evaluation, 2), ("measures.during", part.Measures.During, 2),
            ("measures.stages", part.Measures.Stages, 1), ("measures.jacobians", part.Measures.Jacobians, 1),
        })
        {
            if (value < least)
                yield return $"multiLayer.{path} ({value}) must be at least {least}.";
        }

        foreach (var (path, value) in new[] { ("during", part.Measures.During), ("jacobians", part.Measures.Jacobians) })
        {
            if (value > part.Measures.Evaluation)
                yield return $"multiLayer.measures.{path} ({value}) must not exceed multiLayer.measures.evaluation ({part.Measures.Evaluation}).";
        }

        if (part.Training.Losses.Count == 0 || part.Training.Losses.Distinct().Count() != part.Training.Losses.Count)
            yield return "multiLayer.training.losses must hold mse, cross-entropy or both, each once.";
        if (part.Training.Losses.Contains(DistillationLoss.CrossEntropy) && part.Networks.Outputs == 1)
            yield return "multiLayer.networks.outputs (1) must be at least 2 for cross-entropy.";
        if (!(part.Networks.Scale > 0) || !double.IsFinite(part.Networks.Scale))
            yield return Invariant($"multiLayer.networks.scale ({part.Networks.Scale}) must be positive.");
        if (!(part.Data.Deviation > 0) || !double.IsFinite(part.Data.Deviation))
            yield return Invariant($"multiLayer.data.deviation ({part.Data.Deviation}) must be positive.");
    }

    private static IEnumerable<string> Networks(MultiLayerNetworksConfig networks, int dimension)
    {
        if (networks.Hidden.Count == 0 || networks.Hidden.Any(width => width < 1))
        {
            yield return "multiLayer.networks.hidden must hold at least one width, each at least 1.";
            yield break;
        }

        foreach (var problem in SettingRules.Grid("multiLayer.networks.overRealization", networks.OverRealization, 1))
            yield return problem;
        if (Parameters(networks, dimension) is > SettingRules.MostParameters and var count)
            yield return Invariant($"multiLayer asks for students of {count:0.##E+0} parameters, more than {SettingRules.MostParameters:N0}: lower multiLayer.networks.hidden, multiLayer.networks.outputs or multiLayer.networks.overRealization.");
        int[] widths = [dimension, .. networks.Hidden, networks.Outputs];
        for (var layer = 1; layer < widths.Length; layer++)
        {
            if (networks is { TeacherWeights: LayerWeights.Grid, TeacherFile.Length: 0 } && !SettingRules.CanDiffer(widths[layer], widths[layer - 1]))
                yield return $"multiLayer.networks asks for {widths[layer]} nodes over {widths[layer - 1]}, more than the weight grid has distinct rows; use fewer nodes, or more in the layer below.";
        }

        if (widths.Any(width => width < 1))
            yield break;
        foreach (var problem in Given(networks, dimension))
            yield return problem;
    }

    /// <summary>What is wrong with the file of the teacher, or with the settings beside it.</summary>
    private static IEnumerable<string> Given(MultiLayerNetworksConfig networks, int dimension)
    {
        if (networks.TeacherIndex < 0)
            yield return $"multiLayer.networks.teacherIndex ({networks.TeacherIndex}) must not be negative.";
        if (networks.TeacherFile.Length == 0 && (networks.TeacherNetwork.Length > 0 || networks.TeacherIndex != 0))
            yield return "multiLayer.networks.teacherNetwork and multiLayer.networks.teacherIndex need multiLayer.networks.teacherFile.";
        if (networks.TeacherFile.Length == 0)
            yield break;
        if (networks is not { WeakFraction: 0, FanOutDecay: 0 })
            yield return "multiLayer.networks.weakFraction and multiLayer.networks.fanOutDecay must be 0 with multiLayer.networks.teacherFile: the weights are those of the file.";
        var problem = "";
        try
        {
            TeacherFile.Load(networks, Mlp.Relu([dimension, .. networks.Hidden, networks.Outputs]));
        }
        catch (UnreadableFileException unreadable)
        {
            problem = $"multiLayer.networks.teacherFile: {unreadable.Message}.";
        }

        if (problem.Length > 0)
            yield return problem;
    }

    private static double Parameters(MultiLayerNetworksConfig networks, int dimension)
    {
        var r = networks.OverRealization.DefaultIfEmpty(1).Max();
        var (count, below) = (0.0, (double)dimension);
        foreach (var width in networks.Hidden)
        {
            count += (below + 1) * r * width;
            below = r * width;
        }

        return count + ((below + 1) * networks.Outputs);
    }

    private static IEnumerable<string> Samples(MultiLayerSamplesConfig data, MultiLayerTrainingConfig training)
    {
        if (data.Samples.Count == 0 || data.Samples.Distinct().Count() != data.Samples.Count)
            yield return "multiLayer.data.samples must hold at least one number of samples, none twice.";
        if (data.Samples.Any(samples => samples < training.Batch))
            yield return $"multiLayer.data.samples must each be at least multiLayer.training.batch ({training.Batch}): batches are drawn without replacement.";
        if (training.SamplesSeen is { } seen)
        {
            if (data.Samples.Any(samples => samples > seen))
                yield return $"multiLayer.training.samplesSeen ({seen}) must be at least each of multiLayer.data.samples, or null.";
            else if (data.Samples.Any(samples => samples > 0 && seen / samples > int.MaxValue))
                yield return $"multiLayer.training.samplesSeen ({seen}) gives more epochs than can be counted.";
        }
        else if (training.Epochs.Count != 1 && training.Epochs.Count != data.Samples.Count)
        {
            yield return $"multiLayer.training.epochs must hold one number, or one for each of the {data.Samples.Count} of multiLayer.data.samples.";
        }

        if (training.Epochs.Any(epochs => epochs < 1))
            yield return "multiLayer.training.epochs must each be at least 1.";
    }
}
