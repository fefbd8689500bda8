using System.Text;
using Understudy.Lab.Claims;

namespace Understudy.Cli.Output;

/// <summary>One output stream as people see it: its width, its signs, its colors.</summary>
/// <remarks>Color only marks outcomes and errors, and only on a terminal; a word always carries the same meaning.</remarks>
internal sealed class Screen
{
    private const int UnknownWidth = 80;

    private readonly TextWriter _writer;
    private readonly Lock _gate = new();

    /// <summary>A screen over a writer.</summary>
    /// <param name="writer">Where lines go.</param>
    /// <param name="width">Columns; 80 where null.</param>
    /// <param name="signs">Whether characters beyond ASCII may be used for signs and punctuation.</param>
    /// <param name="color">Whether colors may be used.</param>
    internal Screen(TextWriter writer, int? width, bool signs, bool color)
        => (_writer, Width, Signs, Color) = (writer, width ?? UnknownWidth, signs, color);

    /// <summary>Columns.</summary>
    internal int Width { get; }

    /// <summary>Whether signs such as a check mark are shown.</summary>
    internal bool Signs { get; }

    /// <summary>Whether colors are used.</summary>
    internal bool Color { get; }

    /// <summary>The standard output or standard error of the tool.</summary>
    internal static Screen Of(Surroundings surroundings, bool error, bool noColor)
    {
        var terminal = error ? surroundings.ErrorIsTerminal : surroundings.OutIsTerminal;
        var dumb = surroundings.Variable("TERM") == "dumb";
        var color = terminal && !dumb && !noColor && string.IsNullOrEmpty(surroundings.Variable("NO_COLOR"));
        return new Screen(error ? surroundings.Error : surroundings.Out, terminal ? surroundings.Columns : null, !dumb && IsUtf8(surroundings), color);
    }

    /// <summary>Writes a line.</summary>
    internal void Line(string text = "")
    {
        lock (_gate)
        {
            _writer.Write(Readable(text).TrimEnd());
            _writer.Write('\n');
            _writer.Flush();
        }
    }

    /// <summary>Writes text without ending the line, as before an answer.</summary>
    internal void Ask(string text)
    {
        _writer.Write(Readable(text));
        _writer.Flush();
    }

    /// <summary>Writes a paragraph, broken between words and indented.</summary>
    internal void Paragraph(string text, int indent = 0)
    {
        foreach (var line in Wrapped(text, Width - indent))
            Line(new string(' ', indent) + line);
    }

    /// <summary>The sign and the word of an outcome, or the word alone.</summary>
    internal string Word(Outcome outcome) => Signs ? $"{Sign(outcome)} {outcome}" : outcome.ToString();

    /// <summary>A text in the color of an outcome.</summary>
    internal string Paint(string text, Outcome outcome) => Paint(text, outcome switch
    {
        Outcome.Supported => 32,
        Outcome.Partly or Outcome.Inconclusive => 33,
        Outcome.NotSupported => 31,
        _ => 2,
    });

    /// <summary>A text in the color of errors.</summary>
    internal string Alarm(string text) => Paint(text, 31);

    /// <summary>A text broken between words into lines of at most that width; a longer word stands alone.</summary>
    internal static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }
            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }
        if (line.Length > 0)
            yield return line.ToString();
    }

    private static string Sign(Outcome outcome) => outcome switch
    {
        Outcome.Supported => "✔",
        Outcome.Partly => "◐",
        Outcome.NotSupported => "✘",
        Outcome.Inconclusive => "?",
        _ => "–",
    };

    private string Paint(string text, int code) => Color ? $"\u001b[{code}m{text}\u001b[0m" : text;

    private string Readable(string text)
    {
        if (Signs)
            return text;
        return text.Replace("…", "...", StringComparison.Ordinal).Replace('–', '-').Replace('—', '-').Replace('×', 'x').Replace('·', '-').Replace('µ', 'u');
    }

    private static bool IsUtf8(Surroundings surroundings)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            return true;
        string?[] locale = [surroundings.Variable("LC_ALL"), surroundings.Variable("LC_CTYPE"), surroundings.Variable("LANG")];
        var name = locale.FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return name.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || name.Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }
}
