namespace Understudy.Studies.Specialization.Judging;

/// <summary>Recovery of teacher nodes by index, from strong to weak.</summary>
internal static class RecoveryCurve
{
    private const double Half = 0.5;

    /// <summary>Published crossing indices after 100 epochs with 20 nodes, for r = 1, 2, 5, 10; infinite where the curve stays above ½. Specification table 5.1.</summary>
    private static readonly Dictionary<double, double[]> LateCrossings = new()
    {
        [0.5] = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity],
        [1] = [17.4, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity],
        [1.5] = [12.0, 17.7, double.PositiveInfinity, double.PositiveInfinity],
        [2] = [7.6, 9.7, 13.9, 14.9],
        [2.5] = [5.5, 6.5, 8.2, 8.7],
    };

    private static readonly double[] PublishedWidths = [1, 2, 5, 10];

    /// <summary>The published crossing of a cell after 100 epochs, or null where none is.</summary>
    internal static double? Published(Cell cell)
        => LateCrossings.TryGetValue(cell.FanOutDecay, out var row) && Array.IndexOf(PublishedWidths, cell.OverRealization) is >= 0 and var at ? row[at] : null;

    /// <summary>Each seed's recovered nodes by index; nodes the data do not observe are NaN.</summary>
    internal static IReadOnlyList<double[]> BySeed(Evidence evidence, Cell cell, int epoch)
        => [.. evidence.Nodes(cell, epoch).Values.Select(nodes => nodes.Values.Select(node => !node.Observed ? double.NaN : node.Recovered ? 1.0 : 0).ToArray())];

    /// <summary>The share of seeds that recovered each index; NaN where no seed observes it.</summary>
    internal static double[] Rates(IReadOnlyList<double[]> seeds)
    {
        if (seeds.Count == 0)
            return [];
        // plain loops: every bootstrap resample comes through here
        var rates = new double[seeds[0].Length];
        for (var j = 0; j < rates.Length; j++)
        {
            var (sum, seen) = (0.0, 0);
            foreach (var seed in seeds)
            {
                if (double.IsNaN(seed[j]))
                    continue;
                sum += seed[j];
                seen++;
            }

            rates[j] = seen > 0 ? sum / seen : double.NaN;
        }

        return rates;
    }

    /// <summary>The index at which the recovery rate falls through ½, interpolated; infinite where it stays above.</summary>
    internal static double Crossing(IReadOnlyList<double[]> seeds)
    {
        var rates = Rates(seeds);
        for (var j = 0; j < rates.Length; j++)
        {
            if (rates[j] < Half)
                return j == 0 ? 0 : j - 1 + ((rates[j - 1] - Half) / (rates[j - 1] - rates[j]));
        }

        return double.PositiveInfinity;
    }
}
