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

    /// <summary>Labels as short as a number are left out here and there rather than turned.</summary>
    private const double ShortLabel = 24;

    private readonly bool _ownsYTitle;
    private readonly bool _ownsXTitle;

    /// <summary>The layout of a panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="width">The width it may take, labels included.</param>
    /// <param name="height">The height of its plot; a matrix takes what its cells need.</param>
    /// <param name="ownsXTitle">Whether its horizontal axis is named below it.</param>
    /// <param name="ownsYTitle">Whether its vertical axis is named beside it.</param>
    /// <param name="labelWidth">The least width of the labels beside it, so that panels below each other are in line.</param>
    internal PanelLayout(Panel panel, double width, double height, bool ownsXTitle, bool ownsYTitle, double labelWidth = 0)
    {
        (Panel, _ownsXTitle, _ownsYTitle) = (panel, ownsXTitle, ownsYTitle);
        Matrix = panel.Layers.OfType<MatrixLayer>().FirstOrDefault();
        var (across, up) = (Extent.X(panel), Extent.Y(panel));
        var rough = new Scale(panel.Y, up, height, 0, (int)(height / 45));
        LabelWidth = Math.Max(labelWidth, Math.Min(WidestLabel, rough.Ticks.Select(tick => Lettering.Width(tick.Label, LabelSize)).DefaultIfEmpty(0).Max()));
        var right = Matrix is null ? LastLabelOverhang(panel, across, width) : ColorBarWidth;
        PlotWidth = Math.Max(40, width - Left - right);
        PlotHeight = height;
        if (Matrix is { } matrix)
        {
            var cell = Math.Min(PlotWidth / matrix.Columns, TallestMatrix / matrix.Rows);
            // very flat or very tall matrices have cells that are not square rather than invisible
            (PlotWidth, PlotHeight) = (Math.Max(cell * matrix.Columns, Math.Min(PlotWidth, 120)), Math.Max(cell * matrix.Rows, Math.Min(80, 24 * matrix.Rows)));
        }
        XScale = new Scale(panel.X, across, 0, PlotWidth, (int)(PlotWidth / 62));
        // categories and matrix rows are read from the top
        YScale = panel.Y.Categories is not null || Matrix is not null
            ? new Scale(panel.Y, up, 0, PlotHeight, (int)(PlotHeight / 45))
            : new Scale(panel.Y, up, PlotHeight, 0, (int)(PlotHeight / 45));
        YTitle = ownsYTitle ? Lettering.Wrap(panel.Y.Title, TitleSize, PlotHeight + 20) : [];
        XTitle = ownsXTitle ? Lettering.Wrap(panel.X.Title, TitleSize, PlotWidth + 20) : [];
        Title = panel.Title.Length == 0 ? [] : Lettering.Wrap(panel.Title, TitleSize, PlotWidth + 10);
        var widest = XScale.Ticks.Select(tick => Lettering.Width(tick.Label, LabelSize)).DefaultIfEmpty(0).Max();
        var room = XScale.Ticks.Count > 1 ? Math.Abs(XScale[XScale.Ticks[1].At] - XScale[XScale.Ticks[0].At]) : PlotWidth;
        Turned = panel.X.Categories is not null && widest > Math.Max(room - 4, ShortLabel);
        LabelHeight = Turned ? Math.Min(WidestLabel, widest) * 0.71 + 16 : 20;
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

    internal IReadOnlyList<string> Title { get; }

    internal IReadOnlyList<string> XTitle { get; }

    internal IReadOnlyList<string> YTitle { get; }

    /// <summary>From the panel's left edge to its plot.</summary>
    internal double Left => LabelWidth + 12 + (_ownsYTitle && Panel.Y.Title.Length > 0 ? LineHeight * Math.Min(2, 1 + (int)(Lettering.Width(Panel.Y.Title, TitleSize) / 260)) + 6 : 0);

    /// <summary>From the panel's upper edge to its plot.</summary>
    internal double Top => Title.Count * LineHeight + (Title.Count > 0 ? 6 : 0);

    /// <summary>Everything from the upper edge to the lower.</summary>
    internal double Height => Top + PlotHeight + LabelHeight + (_ownsXTitle ? XTitle.Count * LineHeight + 4 : 0);

    private static double LastLabelOverhang(Panel panel, (double, double) across, double width)
        => panel.X.Categories is null
            ? Math.Max(8, new Scale(panel.X, across, 0, width, (int)(width / 62)).Ticks.Where(tick => tick.Label.Length > 0).TakeLast(1).Select(tick => Lettering.Width(tick.Label, LabelSize) / 2 + 2).FirstOrDefault())
            : 8;
}
