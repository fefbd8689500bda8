using System.Globalization;
using System.Text;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Filters as tiles of pixels: teacher and student of a filter beside each other, with their correlation below.</summary>
/// <remarks>Three channels are red, green and blue; other numbers of channels are averaged to grey. Both tiles of a pair share their scale: middle grey is 0, and the largest weight of both is white or black.</remarks>
internal static class FilterPicture
{
    private const int Tile = 44;
    private const int Gap = 4;
    private const int Between = 16;
    private const int Lettering = 17;
    private const int Top = 62;
    private const int Left = 12;
    private const int MostColumns = 8;

    internal static string Of(FiltersFollowUp filters)
    {
        var count = filters.Teacher.Count;
        var columns = Math.Min(count, MostColumns);
        var (pair, row) = ((2 * Tile) + Gap + Between, Tile + Lettering + Gap);
        var (width, height) = (Math.Max(420, (2 * Left) + (columns * pair) - Between), Top + (((count + columns - 1) / columns) * row) + 6);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, sans-serif\" fill=\"#222222\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.Append("<text x=\"12\" y=\"24\" font-size=\"15\" font-weight=\"600\">Filters of the first layer</text>\n");
        svg.Append("<text x=\"12\" y=\"46\" font-size=\"12\">of each pair the teacher's left, the student's right, and their correlation</text>\n");
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (Left + (i % columns * pair), Top + (i / columns * row));
            var largest = filters.Teacher[i].Concat(filters.Learned[i]).Max(Math.Abs);
            Draw(svg, filters.Teacher[i], filters.Shape, largest, x, y);
            Draw(svg, filters.Learned[i], filters.Shape, largest, x + Tile + Gap, y);
            var correlation = filters.Correlations[i];
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + Tile + (Gap / 2)}\" y=\"{y + Tile + 13}\" font-size=\"11\" text-anchor=\"middle\">{(double.IsNaN(correlation) ? "–" : correlation.ToString("0.00", CultureInfo.InvariantCulture))}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, double[] filter, IReadOnlyList<int> shape, double largest, double left, double top)
    {
        var (rows, columns, channels) = (shape[0], shape[1], shape[2]);
        var (w, h) = ((double)Tile / columns, (double)Tile / rows);
        for (var pixel = 0; pixel < rows * columns; pixel++)
        {
            var own = filter.AsSpan(pixel * channels, channels);
            var (x, y) = (left + (pixel % columns * w), top + (pixel / columns * h));
            // a hair wider, so that no white lines show between pixels
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{w + 0.15:0.##}\" height=\"{h + 0.15:0.##}\" fill=\"{Color(own, largest)}\"/>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{top}\" width=\"{Tile}\" height=\"{Tile}\" fill=\"none\" stroke=\"#767676\" stroke-width=\"0.6\"/>\n");
    }

    private static string Color(ReadOnlySpan<double> channels, double largest)
    {
        int Level(double weight) => largest > 0 ? (int)Math.Round(127.5 + (127.5 * weight / largest)) : 128;
        if (channels.Length == 3)
            return string.Create(CultureInfo.InvariantCulture, $"#{Level(channels[0]):x2}{Level(channels[1]):x2}{Level(channels[2]):x2}");
        var mean = 0.0;
        foreach (var weight in channels)
            mean += weight / channels.Length;
        var grey = Level(mean);
        return string.Create(CultureInfo.InvariantCulture, $"#{grey:x2}{grey:x2}{grey:x2}");
    }
}
