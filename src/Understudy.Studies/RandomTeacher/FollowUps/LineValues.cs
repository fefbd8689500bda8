using Understudy.Data.Formats;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>What was measured at a row of points.</summary>
/// <param name="Train">KL to the teacher over training images, in nats.</param>
/// <param name="Test">Over test images.</param>
/// <param name="Ridge">Accuracy of the ridge probe, in percent; NaN where it was not fitted.</param>
/// <param name="Neighbors">Of nearest neighbours.</param>
public sealed record LineValues(IReadOnlyList<double> Train, IReadOnlyList<double> Test, IReadOnlyList<double> Ridge, IReadOnlyList<double> Neighbors)
{
    internal static LineValues Of(PointValues[] points)
        => new([.. points.Select(point => point.Train)], [.. points.Select(point => point.Test)], [.. points.Select(point => point.Ridge)], [.. points.Select(point => point.Neighbors)]);

    private bool HasRidge => !Ridge.All(double.IsNaN);

    private bool HasNeighbors => !Neighbors.All(double.IsNaN);

    /// <summary>The headings of <see cref="Cells"/>: of probes only where they were fitted.</summary>
    internal IEnumerable<string> Headings(string before) => [$"{before}KL", $"{before}test KL", .. Fitted($"{before}ridge %", $"{before}neighbours %")];

    internal IEnumerable<string> Cells(int index) => [Numbers.Loss(Train[index]), Numbers.Loss(Test[index]), .. Fitted(Numbers.Percent(Ridge[index]), Numbers.Percent(Neighbors[index]))];

    internal IEnumerable<CsvColumn> Columns(string before)
        => [CsvColumn.Of($"{before}KL", Train), CsvColumn.Of($"{before}test KL", Test), CsvColumn.Of($"{before}ridge", Ridge), CsvColumn.Of($"{before}neighbours", Neighbors)];

    private IEnumerable<string> Fitted(string ridge, string neighbors) => [.. HasRidge ? [ridge] : Array.Empty<string>(), .. HasNeighbors ? [neighbors] : Array.Empty<string>()];
}
