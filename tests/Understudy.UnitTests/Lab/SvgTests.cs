using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Understudy.Lab.Figures;

namespace Understudy.UnitTests.Lab;

public partial class SvgTests
{
    private static readonly XNamespace Ns = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Names => [.. All().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_picture_is_xml_with_a_title_and_finite_numbers(string name)
    {
        var text = Svg.Write(All()[name]);

        var root = XDocument.Parse(text).Root!;
        Assert.Equal(Ns + "svg", root.Name);
        Assert.Equal((All()[name].Title, All()[name].Caption), (root.Element(Ns + "title")!.Value, root.Element(Ns + "desc")!.Value));
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", text, StringComparison.Ordinal);
        Assert.DoesNotContain("currentColor", text, StringComparison.Ordinal);
        Assert.All(root.DescendantsAndSelf().Attributes().Where(item => item.Name.LocalName is "width" or "height"), item => Assert.InRange(double.Parse(item.Value, CultureInfo.InvariantCulture), 0, 10_000));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_text_leaves_the_picture(string name)
    {
        var root = XDocument.Parse(Svg.Write(All()[name])).Root!;
        var (width, height) = (double.Parse(root.Attribute("width")!.Value, CultureInfo.InvariantCulture), double.Parse(root.Attribute("height")!.Value, CultureInfo.InvariantCulture));

        foreach (var text in root.Descendants(Ns + "text").Where(text => text.Attribute("transform") is null))
        {
            var (x, y) = Place(text);
            var size = double.Parse(text.Attribute("font-size")!.Value, CultureInfo.InvariantCulture);
            var wide = Lettering.Width(text.Value, size) / 1.1;
            var left = x - wide * ((string?)text.Attribute("text-anchor") switch { "end" => 1, "middle" => 0.5, _ => 0 });
            Assert.True(left >= -1 && left + wide <= width + 1, $"\"{text.Value}\" spans {left:F0} to {left + wide:F0} of {width}");
            Assert.True(y - size >= -1 && y <= height + 1, $"\"{text.Value}\" at height {y:F0} of {height}");
        }
    }

    [Fact]
    public void An_axis_of_both_signs_gives_small_numbers_room_beside_large_ones()
    {
        var panel = FigureCases.BothSigns().Panels[0];
        var scale = new Scale(panel.Y, Extent.Y(panel), 0, 700, wanted: 20);

        // as far below zero as above, and a decade of large numbers as long as another
        Assert.Equal(scale[0] - scale[-0.01], scale[0.01] - scale[0], 1e-9);
        Assert.Equal(scale[10] - scale[1], scale[1] - scale[0.1], 0.01 * (scale[10] - scale[1]));
        Assert.True(scale[0.0001] - scale[0] > 0.05 * (scale[10] - scale[0]));
        Assert.InRange(scale[-0.01], 0, 0.05 * 700);
        Assert.InRange(scale[10], 0.95 * 700, 700);
        Assert.Equal(
            ["\u221210^\u22122", "\u221210^\u22123", "\u221210^\u22124", "0", "10^\u22124", "10^\u22123", "10^\u22122", "10^\u22121", "10^0", "10^1"], scale.Ticks.Select(tick => tick.Label));
    }

    [Fact]
    public void An_axis_of_both_signs_within_a_decade_has_round_numbers()
    {
        var axis = new Axis("x", LinearWithin: 1);

        Assert.True(new Scale(axis, (2, 7), 0, 500, wanted: 8).Ticks.Count(tick => tick.Label.Length > 0) >= 3);
        Assert.Equal(3.5, axis.ValueAt(axis.Place(3.5)), 1e-12);
        Assert.Equal(-3.5, axis.ValueAt(axis.Place(-3.5)), 1e-12);
    }

    [Fact]
    public void Equal_figures_give_equal_bytes() => Assert.Equal(Svg.Write(FigureCases.Multiples()), Svg.Write(FigureCases.Multiples()));

    [Fact]
    public void A_labelled_matrix_tells_the_value_of_every_cell_that_has_one()
    {
        var texts = XDocument.Parse(Svg.Write(FigureCases.Labelled())).Descendants(Ns + "text").Select(text => (text.Value, Ink: (string?)text.Attribute("fill"))).ToArray();

        // of fifteen cells two hold no number; light cells have dark letters and dark cells white ones
        Assert.Equal(13, texts.Count(text => Regex.IsMatch(text.Value, @"^\d\.\d\d$")));
        Assert.Contains(("0.00", SvgText.Ink), texts);
        Assert.Contains(("1.20", "#ffffff"), texts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_figure_that_moves_shows_each_frame_for_its_part_of_the_loop_and_stands_at_the_last(int count)
    {
        var figure = FigureCases.Moving(count);

        var frames = XDocument.Parse(Svg.WriteMoving(figure)).Descendants(Ns + "g").Where(group => group.Attribute("visibility") is not null).ToArray();

        Assert.Equal([.. Enumerable.Repeat("hidden", count - 1), "visible"], frames.Select(frame => frame.Attribute("visibility")!.Value));
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"A walk: step {i}"), frames.Select(frame => frame.Elements(Ns + "text").First().Value));
        Assert.All(frames.Index(), item => Assert.Equal(count == 1 ? 0 : 1, item.Item.Elements(Ns + "animate").Count(animation => ShownAt(animation, (item.Index + 0.5) / count) && !ShownAt(animation, (item.Index + 1.5) / count % 1))));
        Assert.Contains("A walk: step " + (count - 1), Svg.Write(figure), StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_share_the_ranges_of_their_axes_with_each_other()
    {
        var figure = FigureCases.Moving().Sharing(x: true, y: false);

        Assert.Single(figure.Frames.SelectMany(frame => frame.Panels).Concat(figure.Panels).Select(panel => (panel.X.Min, panel.X.Max)).Distinct());
        Assert.Equal(figure.Panels, figure.Frames[^1].Panels);
    }

    [Fact]
    public void A_figure_without_frames_cannot_move() => Assert.Throws<ArgumentException>(() => Figure.Moving("walk", "", "", []));

    [Fact]
    public void The_student_is_blue_the_teacher_dark_and_a_reference_dashed_grey()
    {
        var lines = XDocument.Parse(Svg.Write(FigureCases.Lines())).Descendants().ToArray();

        Assert.Contains(lines, item => (string?)item.Attribute("stroke") == "#0072B2" && item.Name == Ns + "path");
        Assert.Contains(lines, item => (string?)item.Attribute("stroke") == "#222222" && item.Name == Ns + "path");
        Assert.Contains(lines, item => (string?)item.Attribute("stroke") == "#767676" && (string?)item.Attribute("stroke-dasharray") == "5 4");
    }

    [Fact]
    public void A_gap_in_the_numbers_is_a_gap_in_the_line()
    {
        var figure = new Figure("gap", "Gap", "", [new Panel("", new Axis("x"), new Axis("y"), [new LineLayer("", [new XY(0, 0), new XY(1, 1), new XY(2, double.NaN), new XY(3, 1), new XY(4, 0)])])]);

        var path = XDocument.Parse(Svg.Write(figure)).Descendants(Ns + "path").Single().Attribute("d")!.Value;

        Assert.Equal(2, path.Count(letter => letter == 'M'));
    }

    [Fact]
    public void Identifiers_begin_with_the_name_so_that_figures_share_a_page()
    {
        string[] ids = [.. new[] { FigureCases.Lines(), FigureCases.Matrix(), FigureCases.Multiples() }.SelectMany(figure => Ids().Matches(Svg.Write(figure)).Select(match => match.Groups[1].Value))];

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Theory]
    [InlineData(0, 1, "0|0.2|0.4|0.6|0.8|1.0")]
    [InlineData(-5, 5, "−4|−2|0|2|4")]
    [InlineData(0, 20000, "0|5000|10,000|15,000|20,000")]
    [InlineData(0.1, 0.11, "0.100|0.102|0.104|0.106|0.108|0.110")]
    [InlineData(0, 3e8, "0|10^8|2×10^8|3×10^8")]
    public void Linear_ticks_are_round_numbers(double low, double high, string labels)
        => Assert.Equal(labels, string.Join('|', new Scale(new Axis(""), (low, high), 0, 100, 5).Ticks.Select(tick => tick.Label)));

    [Theory]
    [InlineData(1e-6, 1, "10^−6|10^−4|10^−2|10^0")]
    [InlineData(0.1, 100, "0.1|1|10|100")]
    [InlineData(1, 10, "1|2|5|10")]
    [InlineData(0.02, 1.5, "0.02|0.05|0.1|0.2|0.5|1")]
    [InlineData(0.26, 0.36, "0.275|0.300|0.325|0.350")]
    public void Logarithmic_ticks_are_decades(double low, double high, string labels)
        => Assert.Equal(labels, string.Join('|', new Scale(new Axis("", Logarithmic: true), (low, high), 0, 100, 4).Ticks.Where(tick => tick.Label.Length > 0).Select(tick => tick.Label)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_axis_has_three_labels_or_more_however_little_room_there_is(bool logarithmic)
    {
        for (var i = 1; i < 200; i++)
        {
            var low = logarithmic ? 1e-3 * i : -3.7 + 0.13 * i;
            var high = logarithmic ? low * (1 + 0.05 * i * i) : low + 0.01 * i * i;

            var labels = new Scale(new Axis("", logarithmic), (low, high), 0, 100, 1).Ticks.Where(tick => tick.Label.Length > 0).Select(tick => tick.Label).ToArray();

            Assert.True(labels.Length >= 3, $"{low} to {high}: {string.Join(" ", labels)}");
            Assert.Equal(labels.Distinct().Count(), labels.Length);
        }
    }

    [Fact]
    public void Panels_that_share_an_axis_show_the_same_range_and_keep_ends_that_were_asked_for()
    {
        Panel Of(double end, double? min) => new("", new Axis("x"), new Axis("y", Min: min), [new LineLayer("a", [new XY(0, 0.5), new XY(end, end)])]);
        var figure = new Figure("f", "t", "c", [Of(1, null), Of(3, -2)], 2);

        var shared = figure.Sharing(x: false, y: true);

        Assert.Equal([(0.0, 1.0), (0.0, 3.0)], shared.Panels.Select(Extent.X));
        Assert.Equal(Extent.Y(shared.Panels[0]).High, Extent.Y(shared.Panels[1]).High);
        Assert.True(Extent.Y(shared.Panels[0]).High >= 3);
        Assert.Equal(-2, Extent.Y(shared.Panels[1]).Low);
    }

    [Fact]
    public void Long_text_is_wrapped_without_losing_words()
    {
        const string Text = "Nodes found by width of the student with intervals over all seeds";

        var lines = Lettering.Wrap(Text, 12, 150);

        Assert.Equal(Text, string.Join(' ', lines));
        Assert.All(lines, line => Assert.True(Lettering.Width(line, 12) <= 150));
    }

    private static Dictionary<string, Figure> All() => new[] { FigureCases.Lines(), FigureCases.Lines(logarithmic: true), FigureCases.Matrix(), FigureCases.Histogram(), FigureCases.BothSigns(), FigureCases.Points(50), FigureCases.Multiples() }
        .Concat(FigureCases.AwkwardOnes()).Index().ToDictionary(item => $"{item.Index} {item.Item.Name}", item => item.Item);

    private static bool ShownAt(XElement animation, double moment)
    {
        var times = animation.Attribute("keyTimes")!.Value.Split(';').Select(time => double.Parse(time, CultureInfo.InvariantCulture)).ToArray();
        return animation.Attribute("values")!.Value.Split(';')[times.Count(time => time <= moment) - 1] == "visible";
    }

    /// <summary>Where a text stands in the whole picture: its own place and the moves of its groups.</summary>
    private static (double X, double Y) Place(XElement text)
    {
        var (x, y) = (double.Parse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture), double.Parse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture));
        foreach (var move in text.Ancestors(Ns + "g").Select(group => Moves().Match((string?)group.Attribute("transform") ?? "")).Where(match => match.Success))
            (x, y) = (x + double.Parse(move.Groups[1].Value, CultureInfo.InvariantCulture), y + double.Parse(move.Groups[2].Value, CultureInfo.InvariantCulture));
        return (x, y);
    }

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex(@"translate\(([-\d.]+) ([-\d.]+)\)")]
    private static partial Regex Moves();
}
