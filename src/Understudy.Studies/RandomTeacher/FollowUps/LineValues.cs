using System.Text.Json.Serialization;
using Understudy.Data.Formats;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>What was measured at points, one number each.</summary>
/// <param name="Train">KL to the teacher over training images, in nats.</param>
/// <param name="Test">Over test images.</param>
/// <param name="TrainOutputs">Further comparisons with the teacher's outputs over training images.</param>
/// <param name="TestOutputs">Over test images.</param>
/// <param name="Linear">Accuracy of the plain linear probe, in percent; NaN where it was not fitted.</param>
/// <param name="Standardized">Of the linear probe on standardized features.</param>
/// <param name="Ridge">Of the ridge probe.</param>
/// <param name="Neighbors">Of nearest neighbours.</param>
public sealed record LineValues(
    IReadOnlyList<double> Train, IReadOnlyList<double> Test, OutputValues TrainOutputs, OutputValues TestOutputs, IReadOnlyList<double> Linear, IReadOnlyList<double> Standardized, IReadOnlyList<double> Ridge,
    IReadOnlyList<double> Neighbors)
{
    internal static LineValues Of(IReadOnlyList<PointValues> points) => new(
        [.. points.Select(point => point.Train.Divergence)], [.. points.Select(point => point.Test.Divergence)],
        OutputValues.Of([.. points.Select(point => point.Train)]), OutputValues.Of([.. points.Select(point => point.Test)]),
        [.. points.Select(point => point.Probes.Linear)], [.. points.Select(point => point.Probes.Standardized)], [.. points.Select(point => point.Probes.Ridge)], [.. points.Select(point => point.Probes.Neighbors)]);

    /// <summary>The probes that were fitted, by name.</summary>
    [JsonIgnore]
    internal IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Fitted
        => [.. new (string Name, IReadOnlyList<double> Values)[] { ("linear", Linear), ("standardized", Standardized), ("ridge", Ridge), ("neighbours", Neighbors) }.Where(probe => !probe.Values.All(double.IsNaN))];

    /// <summary>The headings of <see cref="Cells"/>: of probes only where they were fitted.</summary>
    internal IEnumerable<string> Headings(string before) => [$"{before}KL", $"{before}test KL", .. Fitted.Select(probe => $"{before}{probe.Name} %")];

    internal IEnumerable<string> Cells(int index) => [Numbers.Loss(Train[index]), Numbers.Loss(Test[index]), .. Fitted.Select(probe => Numbers.Percent(probe.Values[index]))];

    internal IEnumerable<CsvColumn> Columns(string before) =>
    [
        CsvColumn.Of($"{before}KL", Train), CsvColumn.Of($"{before}test KL", Test), .. TrainOutputs.Columns(before), .. TestOutputs.Columns($"{before}test "),
        CsvColumn.Of($"{before}linear", Linear), CsvColumn.Of($"{before}standardized", Standardized), CsvColumn.Of($"{before}ridge", Ridge), CsvColumn.Of($"{before}neighbours", Neighbors),
    ];
}

/// <summary>Comparisons with a teacher's outputs at points, one number each, means over images.</summary>
/// <param name="CrossEntropy">−Σ p log q with p and q the softmax of the teacher and of the point, in nats: KL and the teacher's entropy.</param>
/// <param name="SquaredError">The mean over outputs of their squared difference.</param>
/// <param name="Entropy">Entropy of q, in nats.</param>
/// <param name="Agreement">Share of images of which both have the largest output at the same place, in percent.</param>
public sealed record OutputValues(IReadOnlyList<double> CrossEntropy, IReadOnlyList<double> SquaredError, IReadOnlyList<double> Entropy, IReadOnlyList<double> Agreement)
{
    internal static OutputValues Of(IReadOnlyList<Learning.Landscape.ComparedOutputs> points) => new(
        [.. points.Select(point => point.CrossEntropy)], [.. points.Select(point => point.SquaredError)], [.. points.Select(point => point.Entropy)], [.. points.Select(point => 100 * point.Agreement)]);

    internal IEnumerable<CsvColumn> Columns(string before) =>
    [
        CsvColumn.Of($"{before}cross-entropy", CrossEntropy), CsvColumn.Of($"{before}squared error", SquaredError), CsvColumn.Of($"{before}entropy", Entropy), CsvColumn.Of($"{before}agreement", Agreement),
    ];
}
