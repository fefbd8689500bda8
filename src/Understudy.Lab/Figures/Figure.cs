namespace Understudy.Lab.Figures;

/// <summary>A chart as data: drawn as a Vega-Lite specification and, the same, as a static SVG.</summary>
/// <param name="Name">File name without ending, kebab-case.</param>
/// <param name="Title">A short title.</param>
/// <param name="Caption">What to see, in one or two sentences.</param>
/// <param name="Panels">The panels, row by row.</param>
/// <param name="Columns">How many panels stand side by side.</param>
public sealed record Figure(string Name, string Title, string Caption, IReadOnlyList<Panel> Panels, int Columns = 1)
{
    /// <summary>The same panels at several moments, the last being <see cref="Panels"/>; empty for a figure that does not move.</summary>
    public IReadOnlyList<Frame> Frames { get; internal init; } = [];

    /// <summary>A figure that moves: a report shows it with a slider, and a file of its own plays by itself.</summary>
    /// <param name="name">File name without ending, kebab-case.</param>
    /// <param name="title">A short title.</param>
    /// <param name="caption">What to see, in one or two sentences.</param>
    /// <param name="frames">The moments in order, at least one.</param>
    /// <param name="columns">How many panels stand side by side.</param>
    /// <exception cref="ArgumentException">There is no frame.</exception>
    public static Figure Moving(string name, string title, string caption, IReadOnlyList<Frame> frames, int columns = 1)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count == 0)
            throw new ArgumentException("A figure that moves needs a frame.", nameof(frames));
        return new Figure(name, title, caption, frames[^1].Panels, columns) { Frames = frames };
    }

    /// <summary>One moment as a figure of its own; the last keeps the name.</summary>
    /// <param name="frame">Which one.</param>
    internal Figure At(int frame) => this with
    {
        Name = frame == Frames.Count - 1 ? Name : $"{Name}-{frame}",
        Title = $"{Title}: {Frames[frame].Label}",
        Panels = Frames[frame].Panels,
        Frames = [],
    };

    /// <summary>The figure with one range for the axes of all panels and frames, so that they can be compared; ends that were asked for stay.</summary>
    /// <param name="x">Whether the horizontal axes share their range.</param>
    /// <param name="y">Whether the vertical axes share their range.</param>
    public Figure Sharing(bool x, bool y)
    {
        Panel[] all = [.. Frames.SelectMany(frame => frame.Panels), .. Panels];
        if (all.Length == 0)
            return this;
        var (across, up) = (all.Select(Extent.X).ToArray(), all.Select(Extent.Y).ToArray());
        Panel[] Shares(IReadOnlyList<Panel> panels)
            => [.. panels.Select(panel => panel with { X = x ? Shared(panel.X, across) : panel.X, Y = y ? Shared(panel.Y, up) : panel.Y })];
        return this with { Panels = Shares(Panels), Frames = [.. Frames.Select(frame => frame with { Panels = Shares(frame.Panels) })] };
    }

    private static Axis Shared(Axis axis, IReadOnlyList<(double Low, double High)> extents) => axis with
    {
        Min = axis.Min ?? extents.Min(extent => extent.Low),
        Max = axis.Max ?? extents.Max(extent => extent.High),
    };
}

/// <summary>A moment of a figure that moves.</summary>
/// <param name="Label">When it is, such as <c>epoch 3</c>.</param>
/// <param name="Panels">The panels at that moment.</param>
public sealed record Frame(string Label, IReadOnlyList<Panel> Panels);

/// <summary>One coordinate system of a figure.</summary>
/// <param name="Title">What distinguishes this panel; empty where there is only one.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Layers">What is drawn, later layers over earlier ones.</param>
public sealed record Panel(string Title, Axis X, Axis Y, IReadOnlyList<Layer> Layers);

/// <summary>An axis with its name and unit.</summary>
/// <param name="Title">Name, and the unit in brackets.</param>
/// <param name="Logarithmic">Whether equal distances are equal ratios.</param>
/// <param name="Min">Lower end; from the data where null.</param>
/// <param name="Max">Upper end; from the data where null.</param>
/// <param name="Categories">Labels where the axis counts things instead of measuring: position i is category i.</param>
/// <param name="LinearWithin">About linear within this distance of zero and logarithmic beyond, for both signs: the place of v is that of sign(v) log(1 + |v| / LinearWithin). Null for none; a logarithmic axis has none.</param>
public sealed record Axis(string Title, bool Logarithmic = false, double? Min = null, double? Max = null, IReadOnlyList<string>? Categories = null, double? LinearWithin = null)
{
    /// <summary>The unit of a symmetric logarithmic axis; null where the axis is another, or the unit none.</summary>
    internal double? SymmetricUnit => LinearWithin is > 0 and < 1e100 and var unit && !Logarithmic && Categories is null ? unit : null;

    /// <summary>The place of a value on a symmetric logarithmic axis; elsewhere the value.</summary>
    internal double Place(double value) => SymmetricUnit is { } unit ? Math.CopySign(Math.Log(1 + (Math.Abs(value) / unit)), value) : value;

    /// <summary>The value at a place.</summary>
    internal double ValueAt(double place) => SymmetricUnit is { } unit ? Math.CopySign(unit * (Math.Exp(Math.Abs(place)) - 1), place) : place;
}

/// <summary>A point of a chart.</summary>
public readonly record struct XY(double X, double Y);

/// <summary>What a series stands for; the same role has the same color in a whole report.</summary>
public enum SeriesRole
{
    /// <summary>One of several alternatives: colors in order of first appearance.</summary>
    Alternative,

    /// <summary>The teacher: dark.</summary>
    Teacher,

    /// <summary>The student: blue.</summary>
    Student,

    /// <summary>A chance level, bar or published value: grey, dashed.</summary>
    Reference,
}

/// <summary>One mark of a panel.</summary>
/// <param name="Series">Name in the legend; layers of one name share a color. Empty: not in the legend.</param>
/// <param name="Role">What it stands for.</param>
public abstract record Layer(string Series, SeriesRole Role);

/// <summary>A line through points in order.</summary>
/// <param name="Series">Name in the legend.</param>
/// <param name="Points">The points.</param>
/// <param name="Role">What it stands for.</param>
/// <param name="Dashed">Whether the line is dashed: an earlier stage, or a reference.</param>
/// <param name="Markers">Whether each point is marked.</param>
/// <param name="Opacity">0 to 1: individual curves behind a mean are faint.</param>
public sealed record LineLayer(
    string Series, IReadOnlyList<XY> Points, SeriesRole Role = SeriesRole.Alternative, bool Dashed = false, bool Markers = false, double Opacity = 1)
    : Layer(Series, Role);

/// <summary>The region between two curves: the spread over seeds.</summary>
/// <param name="Series">Name in the legend.</param>
/// <param name="Lower">Lower curve.</param>
/// <param name="Upper">Upper curve, at the same x.</param>
/// <param name="Role">What it stands for.</param>
public sealed record BandLayer(string Series, IReadOnlyList<XY> Lower, IReadOnlyList<XY> Upper, SeriesRole Role = SeriesRole.Alternative)
    : Layer(Series, Role);

/// <summary>Points without a line.</summary>
/// <param name="Series">Name in the legend.</param>
/// <param name="Points">The points.</param>
/// <param name="Role">What it stands for.</param>
/// <param name="Size">Area of a mark in square pixels.</param>
/// <param name="Opacity">0 to 1.</param>
public sealed record PointLayer(
    string Series, IReadOnlyList<XY> Points, SeriesRole Role = SeriesRole.Alternative, double Size = 20, double Opacity = 0.7)
    : Layer(Series, Role);

/// <summary>Bars between edges: a histogram.</summary>
/// <param name="Series">Name in the legend.</param>
/// <param name="Edges">n + 1 edges, ascending.</param>
/// <param name="Heights">n heights.</param>
/// <param name="Role">What it stands for.</param>
public sealed record BarLayer(string Series, IReadOnlyList<double> Edges, IReadOnlyList<double> Heights, SeriesRole Role = SeriesRole.Alternative)
    : Layer(Series, Role);

/// <summary>A straight line across the panel at one value.</summary>
/// <param name="Series">Name in the legend.</param>
/// <param name="Value">Where.</param>
/// <param name="Vertical">Whether it stands at an x rather than lying at a y.</param>
/// <param name="Role">What it stands for.</param>
public sealed record RuleLayer(string Series, double Value, bool Vertical = false, SeriesRole Role = SeriesRole.Reference)
    : Layer(Series, Role);

/// <summary>A matrix of colored cells; both axes should have categories.</summary>
/// <param name="Title">What the color means, with its unit.</param>
/// <param name="Rows">Number of rows, along the y axis from the top.</param>
/// <param name="Columns">Number of columns, along the x axis.</param>
/// <param name="Values">Row-major values.</param>
/// <param name="Min">The value of the first color.</param>
/// <param name="Max">The value of the last color.</param>
/// <param name="IsLabelled">Whether every cell tells its value to two digits: for matrices of few cells.</param>
public sealed record MatrixLayer(string Title, int Rows, int Columns, IReadOnlyList<double> Values, double Min, double Max, bool IsLabelled = false)
    : Layer("", SeriesRole.Alternative);
