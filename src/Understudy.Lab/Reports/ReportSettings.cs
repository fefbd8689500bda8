using Understudy.Lab.Configuration;

namespace Understudy.Lab.Reports;

/// <summary>The settings of the runs of a report: first those that differ from the defaults, then all.</summary>
internal static class ReportSettings
{
    internal static string Write(ReportContent content)
    {
        if (content.Runs.Count == 0)
            return "<p>There is no run.</p>\n";
        Setting[] settings = [.. Setting.Tree(content.Study).All().Where(setting => !setting.IsSection)];
        string[][] values = [.. content.Runs.Select(run => ConfigJson.ToNode(run.Config)).Select(tree => settings.Select(setting => ConfigJson.Text(ConfigJson.At(tree, setting.Path))).ToArray())];
        string[] defaults = [.. settings.Select(setting => ConfigJson.Text(setting.Default))];
        int[] varying = [.. Enumerable.Range(0, settings.Length).Where(i => values.Any(run => run[i] != values[0][i]))];
        int[] changed = [.. Enumerable.Range(0, settings.Length).Where(i => !varying.Contains(i) && values[0][i] != defaults[i])];
        var text = "";
        if (varying.Length > 0)
            text += "<h3>Settings that vary over the runs</h3>\n" + Table(["Run", .. varying.Select(i => settings[i].Path)], content.Runs.Select((run, r) => (string[])[run.Run.Id, .. varying.Select(i => values[r][i])]));
        text += changed.Length == 0
            ? "<p>No other setting differs from its default.</p>\n".Replace("other ", varying.Length > 0 ? "other " : "", StringComparison.Ordinal)
            : "<h3>Settings that differ from their defaults</h3>\n" + Table(["Setting", "Value", "Default"], changed.Select(i => (string[])[settings[i].Path, values[0][i], defaults[i]]));
        return text + "<details><summary>All settings</summary>\n"
            + Table(["Setting", "Value", "Meaning"], Enumerable.Range(0, settings.Length).Select(i => (string[])[settings[i].Path, varying.Contains(i) ? "varies" : values[0][i], settings[i].Documentation]))
            + "</details>\n";
    }

    internal static string Table(string[] heads, IEnumerable<string[]> rows)
        => $"<div class=\"wide\" tabindex=\"0\"><table><thead><tr>{string.Concat(heads.Select(head => $"<th scope=\"col\">{HtmlReport.Text(head)}</th>"))}</tr></thead><tbody>\n"
        + string.Concat(rows.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td>{HtmlReport.Text(cell)}</td>"))}</tr>\n"))
        + "</tbody></table></div>\n";
}
