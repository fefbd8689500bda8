namespace Understudy.Lab.Figures;

/// <summary>How wide text will be: enough to lay out a picture without a font at hand.</summary>
internal static class Lettering
{
    internal const string Font = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

    /// <summary>Fonts that stand in for Helvetica run up to this much wider.</summary>
    private const double Allowance = 1.1;

    /// <summary>The width of a text in pixels; powers such as 10^-3 count as they are drawn.</summary>
    internal static double Width(string text, double size)
    {
        var (width, raised) = (0.0, false);
        foreach (var letter in text)
        {
            raised |= letter == '^';
            if (letter != '^')
                width += Of(letter) * (raised ? 0.7 : 1);
        }
        return width * size * Allowance;
    }

    /// <summary>Breaks a text into lines no wider than a width; a single word may be wider.</summary>
    internal static IReadOnlyList<string> Wrap(string text, double size, double width)
    {
        List<string> lines = [];
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && Width($"{lines[^1]} {word}", size) <= width)
                lines[^1] = $"{lines[^1]} {word}";
            else
                lines.Add(word);
        }
        return lines;
    }

    /// <summary>A text that fits, with an ellipsis where it had to be shortened.</summary>
    internal static string Fit(string text, double size, double width)
    {
        if (Width(text, size) <= width)
            return text;
        var length = text.Length;
        while (length > 1 && Width(text[..length] + "…", size) > width)
            length--;
        return text[..length].TrimEnd() + "…";
    }

    private static double Of(char letter) => letter switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '|' or '!' or '\'' => 0.25,
        'f' or 't' or 'r' or 'I' or '(' or ')' or '[' or ']' or '-' or '/' or ' ' => 0.32,
        'm' or 'M' or 'W' or '%' or '@' => 0.87,
        'w' or '×' or '−' or '+' or '=' or '<' or '>' or '≥' or '≤' => 0.65,
        >= 'A' and <= 'Z' => 0.69,
        _ => 0.55,
    };
}
