namespace Understudy.Studies.Specialization;

/// <summary>Finds the smallest sufficient sizes of one column with few measurements: a coarse grid, then halving brackets as ratios.</summary>
/// <remarks>
/// A size is sufficient for a level if its value reaches it. The threshold is the first sufficient size in ascending order, so a value that
/// dips below the level at a larger size moves nothing; a lucky value far below would.
/// </remarks>
/// <param name="coarse">The sizes to begin with.</param>
/// <param name="levels">The levels.</param>
/// <param name="resolution">The ratio of neighbouring sizes at which a bracket is narrow enough.</param>
/// <param name="whole">The next larger size there can be.</param>
internal sealed class CrossingSearch(IReadOnlyList<int> coarse, IReadOnlyList<double> levels, double resolution, Func<int, int> whole)
{
    private readonly SortedDictionary<int, double> _values = [];

    /// <summary>All that was measured, by size.</summary>
    internal IReadOnlyDictionary<int, double> Values => _values;

    /// <summary>Takes a measured value; NaN is sufficient for nothing.</summary>
    internal void Add(int size, double value) => _values[size] = value;

    /// <summary>The sizes to measure next, ascending; none where every threshold is found or out of range.</summary>
    internal IReadOnlyList<int> Next()
        => _values.Count == 0 ? [.. coarse.Select(whole).Distinct().Order()] : [.. levels.Select(At).Select(Middle).OfType<int>().Distinct().Order()];

    /// <summary>Where a level is crossed, as far as it is known.</summary>
    internal Crossing At(double level)
    {
        (int Size, double Value)? before = null;
        foreach (var (size, value) in _values)
        {
            if (value >= level)
            {
                return before is not { } low ? new Crossing(CrossingKind.NotAboveSmallest, null, size, null)
                    : new Crossing(CrossingKind.Between, low.Size, size, Between(low, (size, value), level));
            }

            before = (size, value);
        }

        return new Crossing(CrossingKind.NotBelowLargest, before?.Size, null, null);
    }

    /// <summary>The size halfway in log N between the ends of a wide bracket; null where it is narrow, or the range ends.</summary>
    private int? Middle(Crossing crossing)
    {
        if (crossing is not { Low: { } low, High: { } high } || high <= low * resolution)
            return null;
        var middle = whole((int)Math.Round(Math.Sqrt((double)low * high)));
        return middle > low && middle < high ? middle : null;
    }

    private static double Between((int Size, double Value) low, (int Size, double Value) high, double level)
    {
        var share = (level - low.Value) / (high.Value - low.Value);
        // a column of which nothing is known below
        if (double.IsNaN(share))
            share = 0.5;
        return low.Size * Math.Pow((double)high.Size / low.Size, share);
    }
}

/// <summary>Where a level is crossed.</summary>
/// <param name="Kind">In the range of sizes or out of it.</param>
/// <param name="Low">The largest size before the first sufficient one.</param>
/// <param name="High">The first sufficient size.</param>
/// <param name="Threshold">The crossing on a straight line over log N.</param>
internal readonly record struct Crossing(CrossingKind Kind, int? Low, int? High, double? Threshold);
