using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;

namespace Understudy.Lab;

/// <summary>A study as the command line and the studio see it.</summary>
public interface IStudy
{
    /// <summary>Name, paper and claims.</summary>
    StudyCard Card { get; }

    /// <summary>The default configuration: that of the preset <c>quick</c>.</summary>
    StudyConfig DefaultConfig { get; }

    /// <summary>The data sets a configuration needs, by name; they are fetched before the run starts.</summary>
    IReadOnlyList<string> Needs(StudyConfig config);

    /// <summary>Trains and measures; everything it finds goes to <paramref name="run"/>.</summary>
    void Run(StudyConfig config, RunContext run, CancellationToken cancellation);

    /// <summary>Compares recorded runs with the claims: exactly one verdict per claim, in the order of the card.</summary>
    IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs);

    /// <summary>Draws recorded runs.</summary>
    IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs);
}

/// <summary>Who a study is.</summary>
/// <param name="Name">The word on the command line.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Question">The question in plain words, one or two sentences.</param>
/// <param name="Paper">Authors, year and title of the paper.</param>
/// <param name="Citations">Everything a user of the results should cite.</param>
/// <param name="Claims">Every claim the study tests.</param>
public sealed record StudyCard(
    string Name, string Title, string Question, string Paper, IReadOnlyList<string> Citations, IReadOnlyList<Claim> Claims);

/// <summary>The base of a study: a protocol that trains and measures, and two readers of what it recorded.</summary>
public abstract class Study<TConfig> : IStudy
    where TConfig : StudyConfig, new()
{
    /// <inheritdoc/>
    public abstract StudyCard Card { get; }

    /// <inheritdoc/>
    public StudyConfig DefaultConfig => new TConfig();

    /// <summary>The data sets a configuration needs, by name.</summary>
    protected abstract IReadOnlyList<string> Needs(TConfig config);

    /// <summary>Trains and measures.</summary>
    protected abstract void Run(TConfig config, RunContext run, CancellationToken cancellation);

    /// <inheritdoc/>
    public abstract IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs);

    /// <inheritdoc/>
    public abstract IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs);

    IReadOnlyList<string> IStudy.Needs(StudyConfig config) => Needs((TConfig)config);

    void IStudy.Run(StudyConfig config, RunContext run, CancellationToken cancellation) => Run((TConfig)config, run, cancellation);
}
