using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies;

namespace Understudy.UnitTests.Studies;

/// <summary>What every study in the catalogue makes of its recorded runs.</summary>
public sealed partial class StudyReportTests(SmokeRuns runs)
{
    public static TheoryData<string> Names => StudyContractTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Judge_gives_one_verdict_per_claim_in_the_order_of_the_card(string name)
    {
        var study = StudyCatalog.Find(name)!;
        var run = Recorded(study);

        Assert.All<IReadOnlyList<RunRecord>>([[run], [run, run], []], list => Assert.Equal(study.Card.Claims, study.Judge(list).Select(verdict => verdict.Claim)));
        Assert.All(study.Judge([]), verdict => Assert.Equal(Outcome.NotRun, verdict.Outcome));
        Assert.All(study.Judge([run]), verdict => Assert.NotEmpty(verdict.Measured));
        Assert.All(study.Judge([run]).Where(verdict => verdict.Outcome != Outcome.NotRun), verdict => Assert.NotEmpty(verdict.Scale));
        Assert.Equal(study.Judge([run]), study.Judge([run]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_gives_specifications_and_pictures_with_titles(string name)
    {
        var study = StudyCatalog.Find(name)!;
        Figure[] figures = [.. study.Draw([Recorded(study)])];

        Assert.NotEmpty(figures);
        Assert.Equal(figures.Length, figures.Select(figure => figure.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(study.Draw([]));
        Assert.All(figures, figure =>
        {
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", figure.Name);
            Assert.All([figure.Title, figure.Caption], Assert.NotEmpty);
            using var specification = JsonDocument.Parse(VegaLite.Write(figure));
            Assert.StartsWith("https://vega.github.io/schema/vega-lite/", specification.RootElement.GetProperty("$schema").GetString(), StringComparison.Ordinal);
            Assert.NotEqual(JsonValueKind.Undefined, specification.RootElement.GetProperty("title").ValueKind);
            var picture = XDocument.Parse(Svg.Write(figure)).Root!;
            Assert.Equal("svg", picture.Name.LocalName);
            Assert.Equal(figure.Title, picture.Element(picture.Name.Namespace + "title")?.Value);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_report_shows_every_claim_and_every_figure(string name)
    {
        var study = StudyCatalog.Find(name)!;
        var page = File.ReadAllText(runs.Whole(study).File("report.html"));

        Assert.All(study.Card.Claims, claim => Assert.All(
            [claim.Statement, claim.Source, claim.Expected], text => Assert.Contains(WebUtility.HtmlEncode(text), page, StringComparison.Ordinal)));
        Assert.All(study.Draw([Recorded(study)]), figure =>
        {
            Assert.Contains($"<figure id=\"figure-{figure.Name}\">", page, StringComparison.Ordinal);
            Assert.Contains($"<title id=\"svg-{figure.Name}-title\">", page, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_report_asks_for_nothing_outside_itself(string name)
    {
        var page = Library().Replace(File.ReadAllText(runs.Whole(StudyCatalog.Find(name)!).File("report.html")), "");

        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        // names of name spaces and schemas are not requests, and a citation may hold an address as text
        var attributes = Tag().Matches(page).SelectMany(tag => Attribute().Matches(tag.Value)).Where(item => item.Value.Contains("//", StringComparison.Ordinal));
        Assert.All(attributes, item => Assert.Equal("xmlns=\"http://www.w3.org/2000/svg\"", item.Value));
        Assert.DoesNotMatch(@"@import|url\(\s*['""]?(https?:)?//|<(link|iframe|object|embed|base)\b", page);
        Assert.All(Script().Matches(page), script => Assert.DoesNotMatch(@"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\b", script.Value));
    }

    private RecordedRun Recorded(IStudy study) => RecordedRun.Open(study, runs.Whole(study));

    [GeneratedRegex("<script type=\"text/plain\".*?</script>", RegexOptions.Singleline)]
    private static partial Regex Library();

    [GeneratedRegex("<script>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<[a-zA-Z][^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("[a-zA-Z:-]+\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^\\s>]+)")]
    private static partial Regex Attribute();
}
