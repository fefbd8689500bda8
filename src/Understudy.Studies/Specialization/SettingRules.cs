using static System.FormattableString;

namespace Understudy.Studies.Specialization;

/// <summary>What several sections of the settings ask of their values, one sentence each.</summary>
internal static class SettingRules
{
    /// <summary>40 MB per student in single precision.</summary>
    internal const int MostParameters = 10_000_000;

    private const int GridValues = 9;

    internal static IEnumerable<string> Grid(string path, IReadOnlyList<double> values, double smallest)
    {
        if (values.Count == 0 || values.Any(value => !(value >= smallest) || double.IsInfinity(value)))
            yield return Invariant($"{path} must hold at least one number, each at least {smallest}.");
        if (values.Distinct().Count() != values.Count)
            yield return $"{path} must not hold a number twice.";
    }

    internal static IEnumerable<string> AtLeastOne(string path, int value)
    {
        if (value < 1)
            yield return $"{path} ({value}) must be at least 1.";
    }

    internal static IEnumerable<string> AtLeastTwo(string path, int value)
    {
        if (value < 2)
            yield return $"{path} ({value}) must be at least 2.";
    }

    /// <summary>Whether rejection finds that many distinct non-zero rows: at most four fifths of all there are.</summary>
    internal static bool CanDiffer(int rows, int width) => width < 1 || rows <= (Math.Pow(GridValues, width) - 1) * 0.8;

    /// <summary>Learning rates and the shares of a training at which they begin.</summary>
    internal static IEnumerable<string> Rates(string path, IReadOnlyList<double> rates, IReadOnlyList<double> starts)
    {
        if (rates.Count == 0 || rates.Any(rate => !(rate > 0) || !double.IsFinite(rate)))
            yield return $"{path}.learningRates must hold at least one rate, each positive.";
        if (starts.Count != rates.Count)
            yield return $"{path}.rateStarts must hold one start for each of the {rates.Count} learning rates.";
        else if (starts.Count > 0 && (starts[0] != 0 || starts.Any(start => !(start is >= 0 and < 1)) || !starts.SequenceEqual(starts.Distinct().Order())))
            yield return $"{path}.rateStarts must begin with 0 and increase, each below 1.";
    }

    internal static IEnumerable<string> Training(string path, TrainingConfig training)
    {
        foreach (var problem in AtLeastOne($"{path}.batch", training.Batch).Concat(AtLeastOne($"{path}.epochs", training.Epochs))
            .Concat(AtLeastOne($"{path}.epochSteps", training.EpochSteps)))
            yield return problem;
        if (!(training.LearningRate > 0))
            yield return Invariant($"{path}.learningRate ({training.LearningRate}) must be positive.");
        if (training.HalveEvery is < 1)
            yield return $"{path}.halveEvery ({training.HalveEvery}) must be at least 1, or null.";
        if (!(training.Momentum is >= 0 and < 1))
            yield return Invariant($"{path}.momentum ({training.Momentum}) must be at least 0 and below 1.");
        if (!(training.WeightDecay >= 0))
            yield return Invariant($"{path}.weightDecay ({training.WeightDecay}) must not be negative.");
    }
}
