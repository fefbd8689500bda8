namespace Understudy.Lab.Figures;

/// <summary>The colors of a figure: those of Okabe and Ito 2008, which people with any color vision can tell apart.</summary>
internal sealed class Palette
{
    internal const string Teacher = "#222222";
    internal const string Student = "#0072B2";
    internal const string Reference = "#767676";

    /// <summary>From the smallest value to the largest where all values have one sign.</summary>
    internal static readonly string[] Sequential = ["#f7fbff", "#d6e6f4", "#abd0e6", "#6aaed6", "#3787c0", "#105ba4", "#08306b"];

    /// <summary>Around zero.</summary>
    internal static readonly string[] Diverging = ["#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fddbc7", "#ef8a62", "#b2182b"];

    /// <summary>What red, green and blue contribute to lightness.</summary>
    private static readonly double[] Lightness = [0.3, 0.59, 0.11];

    private const double DarkBelow = 140;

    private static readonly string[] Alternatives = ["#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#8C510A", "#999933"];

    private readonly Dictionary<string, (string Color, int Index)> _series = new(StringComparer.Ordinal);
    private readonly string[] _alternatives;

    internal Palette(Figure figure)
    {
        Layer[] layers = [.. figure.Panels.SelectMany(panel => panel.Layers).Where(layer => layer is not MatrixLayer)];
        // the student's blue is free where there is no student, nor a map in blues
        _alternatives = layers.Any(layer => layer.Role == SeriesRole.Student) || figure.Panels.Any(panel => panel.Layers.Any(layer => layer is MatrixLayer)) ? Alternatives : [Student, .. Alternatives];
        var next = 0;
        foreach (var layer in layers.Where(layer => layer.Series.Length > 0))
        {
            if (!_series.ContainsKey(layer.Series))
                _series.Add(layer.Series, (Of(layer.Role, next), _series.Count));
            else
                continue;
            if (layer.Role == SeriesRole.Alternative)
                next++;
        }
    }

    /// <summary>The named series in order of first appearance.</summary>
    internal IEnumerable<string> Series => _series.OrderBy(item => item.Value.Index).Select(item => item.Key);

    /// <summary>The color of a layer.</summary>
    internal string Color(Layer layer) => _series.TryGetValue(layer.Series, out var known) ? known.Color : Of(layer.Role, 0);

    /// <summary>The color of a named series.</summary>
    internal string Color(string series) => _series[series].Color;

    /// <summary>The place of a layer's series, which gives the shape of its markers.</summary>
    internal int Index(Layer layer) => _series.TryGetValue(layer.Series, out var known) ? known.Index : 0;

    /// <summary>Whether a matrix is drawn with the colors around zero.</summary>
    internal static bool IsDiverging(MatrixLayer matrix) => matrix.Min < 0 && matrix.Max > 0;

    /// <summary>The color of a matrix cell; grey where there is no number.</summary>
    internal static string Cell(MatrixLayer matrix, double value)
    {
        if (!double.IsFinite(value))
            return "#bbbbbb";
        var range = matrix.Max - matrix.Min;
        return Mix(IsDiverging(matrix) ? Diverging : Sequential, range > 0 ? Math.Clamp((value - matrix.Min) / range, 0, 1) : 0);
    }

    /// <summary>The color of a number written on a matrix cell: white on dark cells.</summary>
    internal static string Label(MatrixLayer matrix, double value)
    {
        var color = Cell(matrix, value);
        var light = Enumerable.Range(0, 3).Sum(channel => Lightness[channel] * Convert.ToInt32(color.Substring(1 + 2 * channel, 2), 16));
        return light < DarkBelow ? "#ffffff" : SvgText.Ink;
    }

    /// <summary>A color of a scale at 0 to 1.</summary>
    internal static string Mix(string[] stops, double at)
    {
        var place = at * (stops.Length - 1);
        var left = Math.Min((int)place, stops.Length - 2);
        return "#" + string.Concat(Enumerable.Range(0, 3).Select(channel =>
        {
            var (a, b) = (Channel(stops[left], channel), Channel(stops[left + 1], channel));
            return ((int)Math.Round(a + (place - left) * (b - a))).ToString("x2", System.Globalization.CultureInfo.InvariantCulture);
        }));

        static int Channel(string color, int channel) => Convert.ToInt32(color.Substring(1 + 2 * channel, 2), 16);
    }

    private string Of(SeriesRole role, int alternative) => role switch
    {
        SeriesRole.Teacher => Teacher,
        SeriesRole.Student => Student,
        SeriesRole.Reference => Reference,
        _ => _alternatives[alternative % _alternatives.Length],
    };
}
