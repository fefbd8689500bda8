namespace Understudy.Lab.Claims;

/// <summary>One checkable statement of a paper.</summary>
/// <param name="Id">Short name, unique within its study.</param>
/// <param name="Statement">The statement as this project tests it.</param>
/// <param name="Source">Where the paper says it: theorem, figure or table.</param>
/// <param name="Expected">What has to be measured for the claim to hold, with the published number.</param>
public sealed record Claim(string Id, string Statement, string Source, string Expected)
{
    /// <summary>Settings, separated by spaces, that, added to those of a run, measure this claim and little else, such as <c>parts=[dynamics]</c>; empty where nothing can be left out.</summary>
    public string Settings { get; init; } = "";

    /// <summary>The claim next to a measured number with its interval.</summary>
    /// <param name="outcome">What the number says.</param>
    /// <param name="measured">The measurement in words, number and interval included.</param>
    /// <param name="scale">One sentence on how the run differs from the paper's protocol.</param>
    /// <param name="estimate">The number itself.</param>
    /// <param name="seeds">Over how many seeds.</param>
    public Verdict Judge(Outcome outcome, string measured, string scale, Estimate? estimate = null, int seeds = 0)
        => new(this, outcome, measured, scale, estimate, seeds);

    /// <summary>The claim without a measurement, with the reason and what would measure it.</summary>
    public Verdict NotRun(string reason) => new(this, Outcome.NotRun, reason, "", null, 0);
}
