using Understudy.Engine;

namespace Understudy.Learning.Networks.Importing;

/// <summary>How an operator moves windows over images, as its attributes say.</summary>
/// <param name="Height">Rows of a window.</param>
/// <param name="Width">Columns of a window.</param>
/// <param name="Down">The step from a window to the one below.</param>
/// <param name="Across">The step from a window to the one on its right.</param>
/// <param name="Pads">Zeros above, on the left, below and on the right of an image.</param>
internal sealed record Windows(int Height, int Width, int Down, int Across, (int Top, int Left, int Bottom, int Right) Pads)
{
    /// <summary>The largest extent, step or pad: far beyond any use, and small enough that sums stay within an int.</summary>
    internal const int Largest = ushort.MaxValue;

    /// <summary>The windows of an operator over images [batch, H, W, C]; <paramref name="size"/> is theirs where no attribute says it.</summary>
    internal static Windows Of(NodeCall call, Shape images, (int Height, int Width)? size)
    {
        var (height, width) = Pair(call, "kernel_shape", size);
        var (down, across) = Pair(call, "strides", (1, 1));
        if (Pair(call, "dilations", (1, 1)) is var (a, b) && (a, b) != (1, 1))
            throw call.Problem($"has the dilations [{a}, {b}]; supported is [1, 1]");
        var (top, bottom) = Zeros(call, 0, images[1], height, down);
        var (left, right) = Zeros(call, 1, images[2], width, across);
        return new Windows(height, width, down, across, (top, left, bottom, right));
    }

    private static (int First, int Second) Pair(NodeCall call, string attribute, (int, int)? otherwise) => call.Attribute(attribute)?.WholeNumbers switch
    {
        null => otherwise ?? throw call.Problem($"lacks the attribute {attribute}"),
        [>= 1 and <= Largest and var first, >= 1 and <= Largest and var second] => ((int)first, (int)second),
        var others => throw call.Problem($"has the {attribute} [{string.Join(", ", others.Take(8))}]; supported are two numbers from 1 to {Largest}"),
    };

    /// <summary>The zeros before and after an image along one of its two axes.</summary>
    private static (int Before, int After) Zeros(NodeCall call, int axis, int extent, int window, int step)
    {
        switch (call.Attribute("auto_pad")?.Text ?? "NOTSET")
        {
            case "NOTSET":
                return (Pad(call, axis), Pad(call, axis + 2));
            case "VALID":
                return (0, 0);
            case var same and ("SAME_UPPER" or "SAME_LOWER"):
                // as many windows as steps fit into the image, the last begun one included
                var total = Math.Max(0, ((extent - 1) / step * step) + window - extent);
                return same == "SAME_UPPER" ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
            default:
                throw call.Problem("has an unknown auto_pad; supported are NOTSET, VALID, SAME_UPPER and SAME_LOWER");
        }
    }

    private static int Pad(NodeCall call, int at) => call.Attribute("pads")?.WholeNumbers switch
    {
        null => 0,
        { Count: 4 } pads when pads[at] is >= 0 and <= Largest => (int)pads[at],
        var others => throw call.Problem($"has the pads [{string.Join(", ", others.Take(8))}]; supported are four numbers from 0 to {Largest}"),
    };
}
