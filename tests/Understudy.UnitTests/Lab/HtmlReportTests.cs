using System.Text.RegularExpressions;
using Understudy.Lab.Claims;
using Understudy.Lab.Execution;
using Understudy.Lab.Reports;
using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Lab;

public sealed partial class HtmlReportTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_report_shows_claims_figures_command_settings_provenance_and_citations()
    {
        var text = Report("run", new ToyConfig { Parts = ["first"], Seed = 3 });

        Assert.Contains("<h1>A toy &amp; its &lt;walk&gt;</h1>", text, StringComparison.Ordinal);
        Assert.Contains("<p class=\"question\">Does a walk go anywhere?</p>", text, StringComparison.Ordinal);
        Assert.Contains("The second part &lt;was&gt; run.", text, StringComparison.Ordinal);
        Assert.Contains("<td class=\"outcome NotRun\">– NotRun</td>", text, StringComparison.Ordinal);
        Assert.Contains("<h2>What was not measured, and why</h2>", text, StringComparison.Ordinal);
        Assert.Contains("needs part second: run again with parts=[first,second]", text, StringComparison.Ordinal);
        Assert.Contains("<pre><code>understudy run toy &#39;parts=[&quot;first&quot;]&#39; seed=3</code></pre>", text, StringComparison.Ordinal);
        Assert.Contains("<tr><td>seed</td><td>3</td><td>1</td></tr>", text, StringComparison.Ordinal);
        Assert.Contains("<td>student.width</td><td>4</td><td>Hidden nodes, n.</td>", text, StringComparison.Ordinal);
        Assert.Contains("<dt>Threads</dt><dd>1 (results do not depend on it)</dd>", text, StringComparison.Ordinal);
        Assert.Contains("<li>Toy 2025, Data</li>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_that_can_be_measured_alone_has_the_command()
    {
        var claim = new Claim("A", "It walks.", "Toy 2025", "Far.") { Settings = "parts=[second] seed=4" };

        Assert.Contains(
            "<code>understudy run toy seed=3 &#39;parts=[second]&#39; seed=4</code>", VerdictTable.Rows([claim.NotRun("needs it")], "understudy run toy seed=3"), StringComparison.Ordinal);
        Assert.DoesNotContain("<code>", VerdictTable.Rows([claim.NotRun("needs it")], null) + VerdictTable.Rows([(claim with { Settings = "" }).NotRun("needs it")], "understudy run toy"), StringComparison.Ordinal);
    }

    [Fact]
    public void How_runs_differ_from_the_paper_is_said_once_and_referred_to()
    {
        Verdict Of(string scale) => new(new Claim("A", "It walks.", "Toy 2025", "Far."), Outcome.Partly, "A bit", scale, null, 2);
        Verdict[] verdicts = [Of("shorter"), Of("shorter"), Of("<wider>"), Of("")];

        var (rows, scales) = (VerdictTable.Rows(verdicts, null), VerdictTable.Scales(verdicts));

        Assert.Equal(2, Regex.Count(rows, "href=\"#scale-a\""));
        Assert.Equal(1, Regex.Count(rows, "href=\"#scale-b\""));
        Assert.Contains("<li id=\"scale-b\"><b>b</b> &lt;wider&gt;</li>", scales, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(scales, "<li "));
        Assert.Empty(VerdictTable.Scales([Of("")]));
    }

    [Fact]
    public void Every_figure_is_there_as_a_picture_and_as_numbers()
    {
        var text = Report("run", new ToyConfig());

        Assert.Contains("<div class=\"static\">\n<svg ", text, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"col\">Series</th><th scope=\"col\">step</th><th scope=\"col\">position</th>", text, StringComparison.Ordinal);
        Assert.Contains("<td>replica 0</td><td class=\"number\">0</td>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_that_moves_has_all_its_frames_a_slider_and_a_script_and_shows_the_last_without()
    {
        var figure = FigureCases.Moving();

        var html = MovieScript.Frames(figure);

        Assert.Equal(3, Regex.Count(html, "<svg "));
        Assert.Equal(2, Regex.Count(html, "<div class=\"frame\" hidden>"));
        Assert.Contains("<input type=\"range\" min=\"0\" max=\"2\" value=\"2\" aria-label=\"A walk, moment\">", html, StringComparison.Ordinal);
        Assert.Equal(Regex.Count(html, " id=\""), Regex.Matches(html, " id=\"[^\"]*\"").Select(id => id.Value).Distinct().Count());
        Assert.Contains("querySelectorAll('.movie')", MovieScript.For([figure]), StringComparison.Ordinal);
        Assert.Empty(MovieScript.For([FigureCases.Lines()]));
    }

    [Fact]
    public void Nothing_outside_is_asked_for()
    {
        var page = WithoutLibrary(Report("run", new ToyConfig()));

        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"?(https?:)?//", page);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        // names of name spaces and schemas are not requests
        Assert.All(Addresses().Matches(page), address => Assert.Matches("www.w3.org/2000/svg|vega.github.io/schema", address.Value));
    }

    [Fact]
    public void Equal_runs_give_equal_reports_but_for_their_provenance()
    {
        var (first, second) = (Report("a", new ToyConfig()), Report("b", new ToyConfig()));

        Assert.NotEqual(first, second);
        Assert.Equal(WithoutProvenance(first), WithoutProvenance(second));
    }

    [Fact]
    public void Data_in_a_script_cannot_end_it()
    {
        var page = Written(library: "packed");
        var specifications = page[page.IndexOf("id=\"figure-specs\">", StringComparison.Ordinal)..];

        Assert.DoesNotContain("<", specifications["id=\"figure-specs\">".Length..specifications.IndexOf("</script>", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_without_the_figure_script_says_that_pictures_are_static()
    {
        var (without, with) = (Written(library: null), Written(library: "packed"));

        Assert.Contains("This report holds static pictures", without, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|Save SVG", without);
        Assert.DoesNotContain("This report holds static pictures", with, StringComparison.Ordinal);
        Assert.Contains("Save SVG", with, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seed=3", "seed=3")]
    [InlineData("@quick", "@quick")]
    [InlineData("grid=[1,2]", "'grid=[1,2]'")]
    [InlineData("label=it's", @"'label=it'\''s'")]
    [InlineData("", "''")]
    public void Commands_can_be_pasted_into_a_shell(string argument, string quoted) => Assert.Equal(quoted, Shell.Quoted(argument));

    private static string WithoutLibrary(string page) => Library().Replace(page, "");

    private static string WithoutProvenance(string page) => Provenance().Replace(page, "");

    private string Report(string name, ToyConfig config)
    {
        LocalRunner.Run(new ToyStudy(), config, _folder[name], new RunOptions { Threads = 1 }, null, TestContext.Current.CancellationToken);
        return File.ReadAllText(_folder[name + "/report.html"]);
    }

    /// <summary>The page of a run as a build with this library, or without one, writes it.</summary>
    private string Written(string? library)
    {
        Report("run", new ToyConfig());
        var study = new ToyStudy();
        var run = RecordedRun.Open(study, RunDirectory.Open(_folder["run"]));
        return HtmlReport.Write(new ReportContent(study, [run], [.. study.Judge([run])], [.. study.Draw([run])], "understudy run toy"), library);
    }

    [GeneratedRegex("<script type=\"text/plain\".*?</script>", RegexOptions.Singleline)]
    private static partial Regex Library();

    [GeneratedRegex("<h2>Provenance</h2>.*?<h2>Cite</h2>", RegexOptions.Singleline)]
    private static partial Regex Provenance();

    [GeneratedRegex("https?://[^\"'< ]+")]
    private static partial Regex Addresses();
}
