namespace Understudy.Lab.Claims;

/// <summary>The bar a measured number has to pass for a claim to be supported.</summary>
/// <param name="Value">Where it lies; a number on the bar passes.</param>
/// <param name="IsUpper">Whether the number has to lie at or below it.</param>
public readonly record struct Bar(double Value, bool IsUpper)
{
    /// <summary>Fewer seeds than this decide nothing.</summary>
    public const int FewestSeeds = 3;

    /// <summary>A bar the number has to reach.</summary>
    public static Bar AtLeast(double value) => new(value, IsUpper: false);

    /// <summary>A bar the number must not exceed.</summary>
    public static Bar AtMost(double value) => new(value, IsUpper: true);

    /// <summary>
    /// Supported when the whole 95 % interval passes, partly when only the estimate does, not supported when the
    /// estimate does not; inconclusive below three seeds or where the estimate is not a number.
    /// </summary>
    /// <param name="estimate">The number with its interval.</param>
    /// <param name="seeds">Over how many seeds.</param>
    public Outcome Judge(Estimate estimate, int seeds)
    {
        if (seeds < FewestSeeds || double.IsNaN(estimate.Value))
            return Outcome.Inconclusive;
        if (!Passes(estimate.Value))
            return Outcome.NotSupported;
        return Passes(IsUpper ? estimate.High : estimate.Low) ? Outcome.Supported : Outcome.Partly;
    }

    private bool Passes(double value) => IsUpper ? value <= Value : value >= Value;
}
