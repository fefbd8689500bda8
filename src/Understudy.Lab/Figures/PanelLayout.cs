namespace Understudy.Lab.Figures;

/// <summary>Where the parts of one panel go: its plot, its labels and its titles.</summary>
internal sealed class PanelLayout
{
    internal const double LabelSize = 11;
    internal const double TitleSize = 12;
    private const double LineHeight = 15;
    private const double ColorBarWidth = 70;
    private const double TallestMatrix = 440;
    private const double WidestLabel = 130;
    private const double LargestCell = 26;
    private const double LabelledCell = 44;

    /// <summary>Labels as short as a number are left out here and there rather than turned.</summary>
    private const double ShortLabel = 24;

    private readonly bool _ownsXTitle;

    /// <summary>The layout of a panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="width">The width its plot may take; a matrix takes what its cells need.</param>
    /// <param name="height">The height of its plot; a matrix takes what its cells need.</param>
    /// <param name="ownsXTitle">Whether its horizontal axis is named below it.</param>
    /// <param name="ownsYTitle">Whether its vertical axis is named beside it.</param>
    /// <param name="labelWidth">The width of the labels beside it, so that panels below each other are in line.</param>
    internal PanelLayout(Panel panel, double width, double height, bool ownsXTitle, bool ownsYTitle, double labelWidth)
    {
        (Panel, _ownsXTitle, LabelWidth) = (panel, ownsXTitle, labelWidth);
        Matrix = panel.Layers.OfType<MatrixLayer>().FirstOrDefault();
        var (across, up) = (Extent.X(panel), Extent.Y(panel));
        (PlotWidth, PlotHeight) = Matrix is { } matrix ? MatrixSize(matrix, width) : (width, height);
        XScale = new Scale(panel.X, across, 0, PlotWidth, (int)(PlotWidth / 62));
        // categories and matrix rows are read from the top
        YScale = panel.Y.Categories is not null || Matrix is not null
            ? new Scale(panel.Y, up, 0, PlotHeight, (int)(PlotHeight / 45))
            : new Scale(panel.Y, up, PlotHeight, 0, (int)(PlotHeight / 45));
        YTitle = ownsYTitle ? Lettering.Wrap(panel.Y.Title, TitleSize, PlotHeight + 20) : [];
        XTitle = ownsXTitle ? Lettering.Wrap(panel.X.Title, TitleSize, PlotWidth + 20) : [];
        Title = panel.Title.Length == 0 ? [] : Lettering.Wrap(panel.Title, TitleSize, PlotWidth + 10);
        var widest = XScale.Ticks.Select(tick => Lettering.Width(tick.Label, LabelSize)).DefaultIfEmpty(0).Max();
        var room = Room(XScale, PlotWidth);
        Turned = panel.X.Categories is not null && widest > Math.Max(room - 4, ShortLabel);
        LabelHeight = Turned ? Math.Min(WidestLabel, widest) * 0.71 + 16 : 20;
        XLabelEvery = panel.X.Categories is null ? 1 : Every(Turned ? LabelSize + 3 : widest + 4, room);
        YLabelEvery = panel.Y.Categories is null ? 1 : Every(LabelSize + 1, Room(YScale, PlotHeight));
    }

    internal Panel Panel { get; }

    internal MatrixLayer? Matrix { get; }

    internal Scale XScale { get; }

    internal Scale YScale { get; }

    internal double PlotWidth { get; }

    internal double PlotHeight { get; }

    internal double LabelWidth { get; }

    /// <summary>Whether the labels below stand at an angle.</summary>
    internal bool Turned { get; }

    internal double LabelHeight { get; }

    /// <summary>Every so many categories has its label below, so that labels do not touch.</summary>
    internal int XLabelEvery { get; }

    /// <summary>Every so many categories has its label beside.</summary>
    internal int YLabelEvery { get; }

    internal IReadOnlyList<string> Title { get; }

    internal IReadOnlyList<string> XTitle { get; }

    internal IReadOnlyList<string> YTitle { get; }

    /// <summary>From the panel's upper edge to its plot.</summary>
    internal double Top => Title.Count * LineHeight + (Title.Count > 0 ? 6 : 0);

    /// <summary>Everything from the upper edge to the lower.</summary>
    internal double Height => Top + PlotHeight + LabelHeight + (_ownsXTitle ? XTitle.Count * LineHeight + 4 : 0);

    /// <summary>What a panel needs beside its plot: the width of its labels, of everything to the left, and of everything to the right.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="width">About the width of its plot.</param>
    /// <param name="height">The height of its plot.</param>
    /// <param name="ownsYTitle">Whether its vertical axis is named beside it.</param>
    internal static (double Labels, double Left, double Right) Margins(Panel panel, double width, double height, bool ownsYTitle)
    {
        var isMatrix = panel.Layers.Any(layer => layer is MatrixLayer);
        var ticks = new Scale(panel.Y, Extent.Y(panel), height, 0, (int)(height / 45)).Ticks;
        var labels = Math.Min(WidestLabel, ticks.Select(tick => Lettering.Width(tick.Label, LabelSize)).DefaultIfEmpty(0).Max());
        var lines = ownsYTitle ? Lettering.Wrap(panel.Y.Title, TitleSize, (isMatrix ? 80 : height) + 20).Count : 0;
        return (labels, labels + 12 + (lines > 0 ? LineHeight * lines + 6 : 0), isMatrix ? ColorBarWidth : LastLabelOverhang(panel, width));
    }

    /// <summary>The size of a matrix: square cells, but rather not square than invisible.</summary>
    internal static (double Width, double Height) MatrixSize(MatrixLayer matrix, double width)
    {
        var cell = Math.Min(matrix.IsLabelled ? LabelledCell : LargestCell, Math.Min(width / matrix.Columns, TallestMatrix / matrix.Rows));
        return (Math.Max(cell * matrix.Columns, Math.Min(width, 120)), Math.Max(cell * matrix.Rows, Math.Min(80, 24 * matrix.Rows)));
    }

    /// <summary>The distance of neighbouring ticks in pixels.</summary>
    private static double Room(Scale scale, double length) => scale.Ticks.Count > 1 ? Math.Abs(scale[scale.Ticks[1].At] - scale[scale.Ticks[0].At]) : length;

    /// <summary>The smallest of 1, 2, 5, 10, … that gives labels enough room.</summary>
    private static int Every(double needed, double room)
    {
        var every = 1;
        for (var digit = 1; every * room < needed && every < 1_000_000; digit++)
            every = digit % 3 == 2 ? every / 2 * 5 : every * 2;
        return every;
    }

    private static double LastLabelOverhang(Panel panel, double width)
        => panel.X.Categories is null
            ? Math.Max(8, new Scale(panel.X, Extent.X(panel), 0, width, (int)(width / 62)).Ticks.Where(tick => tick.Label.Length > 0).TakeLast(1).Select(tick => Lettering.Width(tick.Label, LabelSize) / 2 + 2).FirstOrDefault())
            : 8;
}
