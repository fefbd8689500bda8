namespace Understudy.Lab.Configuration;

/// <summary>What every study can be told.</summary>
/// <remarks>Derived records are trees of immutable records with <c>init</c> properties, every one with a default and a documentation comment, which is its help text.</remarks>
public abstract record StudyConfig
{
    /// <summary>The seed of the run: replicas 0 to seeds − 1 are drawn from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Complete sentences about values that do not fit together; each names the setting by its path.</summary>
    public abstract IEnumerable<string> Problems();
}
