using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.RandomTeacher.Judging;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>Probes behind every layer.</summary>
internal static class LayerFigures
{
    /// <summary>Accuracy, rank and the classes' share of the covariance by layer: teacher, student and pixels.</summary>
    /// <param name="rows">Of all seeds.</param>
    /// <param name="probed">What probes find in the pixels themselves; null where nobody asked.</param>
    internal static Figure Layers(IReadOnlyList<LayerRow> rows, Probed? probed)
    {
        var places = rows.Select(row => (row.Place, row.Layer)).Distinct().OrderBy(layer => layer.Place).ToArray();
        var axis = new Axis("layer, from the images to the outputs", Categories: [.. places.Select(layer => layer.Layer)]);
        IEnumerable<Layer> Of(Subject subject, SeriesRole role, Func<LayerRow, double?> value)
        {
            var means = places.Index().Select(layer => (At: (double)layer.Index, Values: rows.Where(row => row.Subject == subject && row.Place == layer.Item.Place).Select(value).OfType<double>().ToArray()))
                .Where(layer => layer.Values.Length > 0).ToArray();
            XY[] Curve(double deviations) => [.. means.Select(layer => new XY(layer.At, Statistics.Mean(layer.Values) + (deviations * Statistics.Deviation(layer.Values))))];
            var name = subject.ToString().ToLowerInvariant();
            yield return new BandLayer(name, Curve(-1), Curve(1), role);
            yield return new LineLayer(name, Curve(0), role, Markers: true);
        }

        Panel Panel(string title, Axis y, Func<LayerRow, double?> value, double? pixel = null) => new(title, axis, y,
        [
            .. Of(Subject.Teacher, SeriesRole.Teacher, value), .. Of(Subject.Student, SeriesRole.Student, value),
            .. pixel is { } at ? [new RuleLayer("dashed: pixels", at)] : Array.Empty<Layer>(),
        ]);
        return new Figure(
            "layers", "Where on the way from the pixels to the outputs the classes are",
            "Probes behind the layers of the student at its end and of its teacher, mean and standard deviation over seeds; large images are averaged over windows, so that the first layer is not all of the pixels (dashed). Numbers that do not vary, and how many singular values make up 95, 99 and 99.9 % of their sum, are in table layers.layers.",
            [
                Panel("ridge", new Axis("accuracy (%)"), row => row.Ridge, probed?.Input(row => row.Ridge)),
                Panel("linear discriminants", new Axis("accuracy (%)"), row => row.Lda),
                .. rows.Any(row => row.Knn is not null) ? [Panel("nearest neighbours", new Axis("accuracy (%)"), row => row.Knn, probed?.Input(row => row.Knn))] : Array.Empty<Panel>(),
                Panel("effective rank", new Axis("effective rank", Min: 0), row => row.EffectiveRank),
                Panel("share of the covariance between classes", new Axis("share (%)", Min: 0), row => 100 * row.BetweenShare),
            ], Columns: 1);
    }
}
