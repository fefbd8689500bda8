using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>An encoder that is to be probed.</summary>
/// <param name="Network">Its word.</param>
/// <param name="Seed">Its seed; null where it has none.</param>
/// <param name="Probe">Probes it.</param>
internal sealed record ProbingTask(string Network, int? Seed, Func<CancellationToken, ProbeRow> Probe)
{
    /// <summary>The pixels, and every teacher and student of some seeds.</summary>
    internal static IReadOnlyList<ProbingTask> Of(FinishedRun run, Probing probing, IReadOnlyList<int> seeds)
    {
        var encoder = run.Network.Encoder;
        ProbingTask Of(string word, int seed)
        {
            var (parameters, statistics) = (run.EncoderParameters(word, seed), run.Statistics(word, seed));
            return new ProbingTask(word, seed, token => probing.Of(encoder.InEvaluationMode(statistics), parameters, token).Row);
        }

        return [new ProbingTask(ProbedEncoder.Pixels, null, token => probing.Input(token).Row), .. run.Students.Prepend(PartNames.Teacher).SelectMany(word => seeds.Select(seed => Of(word, seed)))];
    }

    /// <summary>Probes it.</summary>
    internal ProbedEncoder Do(CancellationToken cancellation) => ProbedEncoder.Of(Network, Seed, Probe(cancellation));
}
