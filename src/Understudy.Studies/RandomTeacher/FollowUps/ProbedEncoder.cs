namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Probes of an encoder, test accuracies in percent.</summary>
/// <param name="Network">Its word, <c>pixels</c>, or the name of a file.</param>
/// <param name="Seed">Its seed; null where it has none.</param>
/// <param name="Linear">The linear probe on features as they are.</param>
/// <param name="Standardized">The same on standardized features.</param>
/// <param name="Ridge">Ridge regression.</param>
/// <param name="Neighbors">Nearest neighbours.</param>
/// <param name="EffectiveRank">exp of the entropy of the embedding's spectrum.</param>
public sealed record ProbedEncoder(string Network, int? Seed, double Linear, double Standardized, double Ridge, double Neighbors, double EffectiveRank)
{
    /// <summary>The word of images that nothing reads.</summary>
    internal const string Pixels = "pixels";

    /// <summary>The probes by name, as tables and figures have them.</summary>
    internal static IReadOnlyList<(string Name, Func<ProbedEncoder, double> Of)> Probes { get; } =
        [("linear", each => each.Linear), ("standardized", each => each.Standardized), ("ridge", each => each.Ridge), ("neighbours", each => each.Neighbors)];

    /// <summary>What a row of a part's probes says.</summary>
    internal static ProbedEncoder Of(string network, int? seed, ProbeRow row) => new(network, seed, row.Lin, row.LinStd, row.Ridge, row.Knn, row.EffectiveRank);

    /// <summary>The four accuracies as text.</summary>
    internal IEnumerable<string> Cells => Probes.Select(probe => Numbers.Percent(probe.Of(this)));
}
