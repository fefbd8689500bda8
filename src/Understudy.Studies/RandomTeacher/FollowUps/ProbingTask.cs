using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>An encoder that is to be probed.</summary>
/// <param name="Network">Its word.</param>
/// <param name="Seed">Its seed; null where it has none.</param>
/// <param name="Probe">Probes it.</param>
internal sealed record ProbingTask(string Network, int? Seed, Func<CancellationToken, ProbeRow> Probe)
{
    /// <summary>The pixels, and every teacher and student of some seeds.</summary>
    /// <param name="run">The run.</param>
    /// <param name="probing">On which images.</param>
    /// <param name="students">The words of the students; null for all at their end.</param>
    /// <param name="seeds">The seeds.</param>
    internal static IReadOnlyList<ProbingTask> Of(FinishedRun run, Probing probing, IReadOnlyList<string>? students, IReadOnlyList<int> seeds)
        => [new ProbingTask(ProbedEncoder.Pixels, null, token => probing.Input(token).Row), .. (students ?? run.Students).Prepend(PartNames.Teacher).SelectMany(word => seeds.Select(seed => Of(run, probing, word, seed)))];

    /// <summary>One network of a run.</summary>
    internal static ProbingTask Of(FinishedRun run, Probing probing, string word, int seed)
    {
        var (parameters, statistics) = (run.EncoderParameters(word, seed), run.EncoderStatistics(word, seed));
        return new ProbingTask(word, seed, token => probing.Of(run.Network.Encoder.InEvaluationMode(statistics), parameters, token).Row);
    }

    /// <summary>Probes it.</summary>
    internal ProbedEncoder Do(CancellationToken cancellation) => ProbedEncoder.Of(Network, Seed, Probe(cancellation));
}
