using Microsoft.Playwright;

namespace Understudy.EndToEndTests;

public class ReportTests(SmokeRun smoke)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_report_opens_from_disk_without_a_request_and_draws_every_figure(ColorScheme scheme)
    {
        await using var opened = await OpenReport.Open(smoke.Run, scheme);
        var page = opened.Page;

        var figures = page.Locator("figure");
        var count = await figures.CountAsync();
        Assert.Equal(Directory.GetFiles(Path.Combine(smoke.Run, "figures"), "*.vl.json").Length, count);
        Assert.True(count > 0);
        for (var i = 0; i < count; i++)
            await Assertions.Expect(figures.Nth(i).Locator(".plot svg:visible, .plot canvas").First).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("figure[data-problem]").CountAsync());
        Assert.Equal([], opened.Errors);
        Assert.Equal([], opened.Requests);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_report_has_no_accessibility_findings(ColorScheme scheme)
    {
        var axe = await File.ReadAllTextAsync(Installed.Axe(), TestContext.Current.CancellationToken);
        await using var opened = await OpenReport.Open(smoke.Run, scheme);

        await opened.Page.EvaluateAsync(axe);
        var findings = await opened.Page.EvaluateAsync<string[]>(
            "async () => (await axe.run(document)).violations.map(found => found.id + ': ' + found.nodes.map(node => node.target.join(' ')).join(', '))");

        Assert.Equal([], findings);
    }

    [Fact]
    public async Task The_slider_of_a_figure_that_moves_shows_one_frame_at_a_time_and_play_goes_on_to_the_last()
    {
        await using var opened = await OpenReport.Open(smoke.Run, ColorScheme.Light);
        var movie = opened.Page.Locator("#figure-boundary-movie .movie");
        var (slider, frames) = (movie.Locator("input"), movie.Locator(".frame"));
        var last = await frames.CountAsync() - 1;

        await Assertions.Expect(frames.Nth(last)).ToBeVisibleAsync();
        await slider.FillAsync("0");
        await Assertions.Expect(frames.Nth(0)).ToBeVisibleAsync();
        await Assertions.Expect(movie.Locator(".frame:visible")).ToHaveCountAsync(1);
        await movie.Locator("button").ClickAsync();
        await Assertions.Expect(frames.Nth(last)).ToBeVisibleAsync();
        await Assertions.Expect(slider).ToHaveValueAsync($"{last}");
    }

    [Fact]
    public async Task A_report_names_every_claim_and_the_command()
    {
        await using var opened = await OpenReport.Open(smoke.Run, ColorScheme.Light);

        var text = await opened.Page.Locator("body").InnerTextAsync();

        Assert.Contains($"understudy run {SmokeRun.Study} @smoke", text, StringComparison.Ordinal);
        var claims = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(smoke.Run, "verdicts.json"), TestContext.Current.CancellationToken))!.AsArray();
        Assert.All(claims, verdict => Assert.Contains((string)verdict!["claim"]!["statement"]!, text, StringComparison.Ordinal));
    }
}
