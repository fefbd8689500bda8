using Understudy.Lab.Claims;

namespace Understudy.Lab.Reports;

/// <summary>The table of claims: outcome, claim, measured, expected; below it, once each, how the runs differ from the paper's.</summary>
internal static class VerdictTable
{
    /// <summary>An outcome with its sign: never color alone.</summary>
    internal static string Signed(Outcome outcome) => outcome switch
    {
        Outcome.Supported => "✔ Supported",
        Outcome.Partly => "◐ Partly",
        Outcome.NotSupported => "✘ NotSupported",
        Outcome.Inconclusive => "? Inconclusive",
        _ => "– NotRun",
    };

    /// <summary>A row per claim.</summary>
    /// <param name="verdicts">The claims.</param>
    /// <param name="command">The command of the run; of several runs there is none that measures a claim alone.</param>
    internal static string Rows(IReadOnlyList<Verdict> verdicts, string? command)
    {
        var scales = Distinct(verdicts);
        return string.Concat(verdicts.Select(verdict => Row(verdict, scales, command)));
    }

    /// <summary>What the letters of the last column stand for.</summary>
    internal static string Scales(IReadOnlyList<Verdict> verdicts)
    {
        var scales = Distinct(verdicts);
        return scales.Length == 0
            ? ""
            : $"<p>How the runs differ from the paper's:</p>\n<ul class=\"scales\">\n{string.Concat(scales.Select((scale, i) => $"<li id=\"scale-{Letter(i)}\"><b>{Letter(i)}</b> {Text(scale)}</li>\n"))}</ul>\n";
    }

    private static string Row(Verdict verdict, string[] scales, string? command)
    {
        var seeds = verdict.Seeds > 0 ? Note($"{verdict.Seeds} seed{(verdict.Seeds == 1 ? "" : "s")}") : "";
        var scale = verdict.Scale.Length > 0 ? Letter(Array.IndexOf(scales, verdict.Scale)) : "";
        var link = scale.Length > 0 ? $"<a href=\"#scale-{scale}\" aria-label=\"scale {scale}\">{scale}</a>" : "";
        return $"<tr><td class=\"outcome {verdict.Outcome}\">{Signed(verdict.Outcome)}</td>"
            + $"<td>{Text(verdict.Claim.Statement)}{Note(verdict.Claim.Source)}</td><td>{Text(verdict.Measured)}{seeds}{Alone(verdict, command)}</td>"
            + $"<td>{Text(verdict.Claim.Expected)}</td><td>{link}</td></tr>\n";
    }

    private static string Alone(Verdict verdict, string? command) => command is null || verdict.Claim.Settings.Length == 0 ? ""
        : $"<details class=\"again\"><summary>measure this alone</summary><code>{Text($"{command} {string.Join(' ', verdict.Claim.Settings.Split(' ').Select(Shell.Quoted))}")}</code></details>";

    private static string[] Distinct(IReadOnlyList<Verdict> verdicts) => [.. verdicts.Select(verdict => verdict.Scale).Where(scale => scale.Length > 0).Distinct()];

    // a … z, then aa, ab, …
    private static string Letter(int index) => (index < 26 ? "" : Letter((index / 26) - 1)) + (char)('a' + (index % 26));

    private static string Note(string text) => $" <span class=\"note\">{Text(text)}</span>";

    private static string Text(string text) => HtmlReport.Text(text);
}
