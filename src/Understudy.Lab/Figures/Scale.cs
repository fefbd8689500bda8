using System.Globalization;

namespace Understudy.Lab.Figures;

/// <summary>A mark on an axis.</summary>
/// <param name="At">Its value.</param>
/// <param name="Label">Its text; powers are written <c>10^-3</c> or <c>2×10^-3</c>. Empty for a minor tick.</param>
internal readonly record struct Tick(double At, string Label);

/// <summary>An axis as a map from values to pixels, with its ticks.</summary>
internal sealed class Scale
{
    private const int MostTicks = 100;

    /// <summary>With fewer labels a reader cannot tell how an axis runs.</summary>
    private const int FewestLabels = 3;

    private static readonly int[] AllDigits = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    private readonly Axis _axis;
    private readonly bool _logarithmic;
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;

    /// <summary>A scale.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="extent">The values at its ends.</param>
    /// <param name="from">The pixel of the lower value.</param>
    /// <param name="to">The pixel of the upper value.</param>
    /// <param name="wanted">About how many labels there is room for.</param>
    internal Scale(Axis axis, (double Low, double High) extent, double from, double to, int wanted)
    {
        (_axis, _logarithmic, _low, _high, _from, _to) = (axis, axis.Logarithmic, extent.Low, extent.High, from, to);
        if (axis.Categories is { } categories)
            Ticks = [.. categories.Select((label, i) => new Tick(i, label))];
        else if (axis.SymmetricUnit is { } unit)
            Ticks = Symmetric(unit, _low, _high, wanted);
        else
            Ticks = _logarithmic ? Logarithmic(_low, _high, wanted) : Linear(_low, _high, wanted);
    }

    /// <summary>The ticks in ascending order.</summary>
    internal IReadOnlyList<Tick> Ticks { get; }

    /// <summary>The pixel of a value, kept within reach of the panel so that numbers stay short; the clip path does the rest.</summary>
    internal double this[double value]
    {
        get
        {
            var share = _logarithmic ? Math.Log(value / _low) / Math.Log(_high / _low) : (_axis.Place(value) - _axis.Place(_low)) / (_axis.Place(_high) - _axis.Place(_low));
            return _from + Math.Clamp(share, -10, 11) * (_to - _from);
        }
    }

    /// <summary>Whether a value can be drawn at all.</summary>
    internal bool Shows(double value) => Extent.IsShown(value, _logarithmic);

    /// <summary>The lower end.</summary>
    internal double Low => _low;

    /// <summary>A number as people write it: digits as needed, a real minus, groups of thousands, powers where it is very large or small.</summary>
    internal static string Label(double value, int decimals)
    {
        if (value == 0)
            return "0";
        var size = Math.Abs(value);
        if (size is >= 1e6 or < 1e-4)
            return Power(value);
        var format = size >= 10_000 ? "#,0." : "0.";
        return value.ToString(format + new string('0', decimals), CultureInfo.InvariantCulture).TrimEnd('.').Replace('-', '\u2212');
    }

    private static string Power(double value)
    {
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
        var mantissa = Math.Round(value / Math.Pow(10, exponent), 3);
        var power = "10^" + exponent.ToString(CultureInfo.InvariantCulture).Replace('-', '\u2212');
        return mantissa == 1 ? power : $"{mantissa.ToString("0.###", CultureInfo.InvariantCulture).Replace('-', '\u2212')}\u00d7{power}";
    }

    private static List<Tick> Linear(double low, double high, int wanted)
    {
        var raw = (high - low) / Math.Max(1, wanted);
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var digit = (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
        while (Steps(low, high, digit * power) < FewestLabels)
            (digit, power) = digit switch { > 5 => (5, power), > 2 => (2, power), > 1 => (1, power), _ => (5, power / 10) };
        var step = digit * power;
        // as many decimals as the step has
        var exact = Enumerable.Range(0, 8).FirstOrDefault(digits => Math.Abs(step * Math.Pow(10, digits) - Math.Round(step * Math.Pow(10, digits))) < 1e-6 * Math.Max(1, step), 8);
        var slack = 1e-9 * (high - low);
        List<Tick> ticks = [];
        for (var k = Math.Ceiling((low - slack) / step); k * step <= high + slack && ticks.Count < MostTicks; k++)
            ticks.Add(new Tick(k * step, Label(k * step, exact)));
        return ticks;
    }

    /// <summary>How many multiples of a step lie on an axis.</summary>
    private static double Steps(double low, double high, double step)
    {
        var slack = 1e-9 * (high - low);
        return Math.Floor((high + slack) / step) - Math.Ceiling((low - slack) / step) + 1;
    }

    /// <summary>Zero, and powers of ten on both sides of it as far apart as there is room.</summary>
    private static List<Tick> Symmetric(double unit, double low, double high, int wanted)
    {
        var first = (int)Math.Ceiling(Math.Log10(unit) - 1e-9);
        int Decades(double end) => Math.Max(0, (int)Math.Floor(Math.Log10(Math.Max(end, unit / 10)) + 1e-9) - first + 1);
        var (below, above) = (Decades(-low), Decades(high));
        var every = Math.Max(1, (int)Math.Ceiling((below + above + 1) / (double)Math.Max(1, wanted)));
        List<Tick> ticks = [];
        for (var k = -below; k <= above; k++)
        {
            var at = k == 0 ? 0 : Math.CopySign(Math.Pow(10, first + Math.Abs(k) - 1), k);
            if (at < low || at > high)
                continue;
            var label = k == 0 ? "0" : (k < 0 ? "\u2212" : "") + Power(Math.Abs(at));
            ticks.Add(new Tick(at, k % every == 0 ? label : ""));
        }

        // between two powers round numbers at equal distances say more
        return ticks.Count(tick => tick.Label.Length > 0) >= FewestLabels ? ticks : Linear(low, high, wanted);
    }

    private static List<Tick> Logarithmic(double low, double high, int wanted)
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(low) + 1e-9), (int)Math.Ceiling(Math.Log10(high) - 1e-9));
        var decades = Math.Log10(high / low);
        int[] preferred = decades switch { < 0.7 => AllDigits, < 1.7 => [1, 2, 5], _ => [1] };
        var every = Math.Max(1, (int)Math.Ceiling((last - first) / (double)Math.Max(1, wanted)));
        // one way of writing for the whole axis: numbers within a few thousands, powers otherwise
        var written = low >= 0.9e-3 && high <= 1.1e5 && decades <= 5;
        List<Tick> Marks(int[] labelled, int skip) =>
        [
            .. from exponent in Enumerable.Range(first, last - first + 1)
               from digit in AllDigits
               let at = digit * Math.Pow(10, exponent)
               where at >= low * (1 - 1e-9) && at <= high * (1 + 1e-9)
               let isLabelled = labelled.Contains(digit) && (exponent - first) % skip == 0
               where isLabelled || skip == 1
               select new Tick(at, !isLabelled ? "" : written ? Label(at, Math.Max(0, -exponent)) : Power(at)),
        ];
        foreach (var (labelled, skip) in ((int[], int)[])[(preferred, every), (preferred, 1), ([1, 2, 5], 1), (AllDigits, 1)])
        {
            var ticks = Marks(labelled, skip);
            if (ticks.Count(tick => tick.Label.Length > 0) >= FewestLabels)
                return ticks;
        }
        // within a part of a decade round numbers at equal distances say more than powers
        return Linear(low, high, wanted);
    }
}
