using Microsoft.Playwright;

namespace Understudy.EndToEndTests;

/// <summary>A report in a headless browser that refuses the network.</summary>
internal sealed class OpenReport : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private OpenReport(IPlaywright playwright, IBrowser browser, IPage page) => (_playwright, _browser, Page) = (playwright, browser, page);

    internal IPage Page { get; }

    /// <summary>Addresses it asked for beyond itself.</summary>
    internal List<string> Requests { get; } = [];

    /// <summary>Errors of its scripts.</summary>
    internal List<string> Errors { get; } = [];

    internal static async Task<OpenReport> Open(string run, ColorScheme scheme)
    {
        var chromium = Installed.Chromium();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { Offline = true, ColorScheme = scheme, BypassCSP = true });
        var opened = new OpenReport(playwright, browser, await context.NewPageAsync());
        var address = new Uri(Path.Combine(run, "report.html")).AbsoluteUri;
        opened.Page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                opened.Requests.Add(request.Url);
        };
        opened.Page.PageError += (_, error) => opened.Errors.Add(error);
        await opened.Page.GotoAsync(address);
        // the figure script says on the root element that it is done; without it the pictures are static
        if (await opened.Page.Locator("#figure-library").CountAsync() > 0)
            await Assertions.Expect(opened.Page.Locator("html")).ToHaveAttributeAsync("data-figures", "done", new() { Timeout = 60_000 });
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
