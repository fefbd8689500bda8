using Understudy.Lab.Figures;
using Understudy.Studies.Hessian.Judging;
using static System.FormattableString;

namespace Understudy.Studies.Hessian.Drawing;

/// <summary>How spectra gather at zero.</summary>
internal static class ConcentrationFigures
{
    /// <summary>Bounds further apart than this leave nothing to draw a line through.</summary>
    private const double Loose = 4;

    private const double Floor = 1e-5;

    /// <summary>The share of eigenvalues away from zero over widths, before and after training (E8).</summary>
    internal static Figure Shares(Recorded<ConcentrationRow> rows) => new(
        "concentration", "How much of the spectrum is away from zero, over widths",
        "Share of the eigenvalues of one seed with |λ| above t: the lower a line, the more of its spectrum is gathered at zero. Of spectra that are not whole, bands are what the quadrature allows, and lines end where that is more than a factor of four.",
        [
            .. from stage in Enum.GetValues<TrainingStage>()
               select new Panel(
                   stage == TrainingStage.Start ? "before training" : "after training", new Axis("t", Logarithmic: true), new Axis("share with |λ| > t", Logarithmic: true, Min: Floor, Max: 1),
                   [.. rows.Seeds[0].Where(row => row.Stage == stage).OrderBy(row => row.Hidden).SelectMany(Layers)]),
        ], Columns: 2);

    private static IEnumerable<Layer> Layers(ConcentrationRow row)
    {
        var name = Invariant($"n = {row.Hidden}");
        int[] known = [.. Enumerable.Range(0, row.Beyond.Count).Where(i => row.Beyond[i] > 0 && row.Upper[i] <= Loose * row.Lower[i])];
        XY At(IReadOnlyList<double> shares, int i) => new(row.Magnitudes[i], Math.Max(shares[i], Floor));
        if (known.Any(i => row.Upper[i] > row.Lower[i]))
            yield return new BandLayer(name, [.. known.Select(i => At(row.Lower, i))], [.. known.Select(i => At(row.Upper, i))]);
        yield return new LineLayer(name, [.. known.Select(i => At(row.Beyond, i))]);
    }
}
