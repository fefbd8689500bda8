using Understudy.Engine.Threading;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Studies.Kept;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Students and teachers that a run of the study kept, with KL to the teacher's outputs on training images as their loss.</summary>
/// <remarks>As many images as <see cref="CurvatureFollowUp"/> takes. Networks are in evaluation mode; with batch normalization only the ends of training have statistics.</remarks>
internal static class RandomTeacherNetworks
{
    /// <summary>Those of every part that kept some: students, then teachers.</summary>
    internal static IReadOnlyList<KeptNetwork> Of(RecordedRun run, Team team, Func<string, string> dataFolder) =>
    [
        .. from part in FinishedRun.Keeps
           where run.Steps(Keeping.Student(PartNames.Of(part), PartNames.Images, 0)).Count > 0
           let finished = FinishedRun.Open(run.Directory, part, team, dataFolder)
           from word in finished.Students.Append(PartNames.Teacher)
           select Of(finished, word),
    ];

    /// <summary>Why there are none.</summary>
    internal static string Missing(RecordedRun run)
        => $"it has parts {string.Join(", ", ((RandomTeacherConfig)run.Config).Parts.Select(PartNames.Of))}\n  run part valley or distillation, with valley.keep and distillation.keep as they are: understudy run random-teacher parts=[distillation,valley]";

    private static KeptNetwork Of(FinishedRun run, string word)
    {
        var isTeacher = word == PartNames.Teacher;
        // a start has no statistics yet; students of noise start where those of images do
        long[] steps = isTeacher ? [0] : run.HasStatistics || word == PartNames.Noise ? [run.Steps] : [0, run.Steps];
        return new KeptNetwork($"{run.Part}.{word}", run.Config.Seeds, steps, OutputLoss.Distillation(1))
        {
            HasOwnStatistics = run.HasStatistics,
            Point = (seed, step) => Point(run, isTeacher || step > 0 ? word : word + PartNames.Start, seed),
            Examples = (seed, _) => Examples(run, seed),
            // part valley measured a line from the teacher to its student of images
            Recorded = (seed, step, _) => !run.HasStatistics && run.Part == PartNames.Of(RandomTeacherPart.Valley) && (isTeacher || (word == PartNames.Images && step == run.Steps))
                ? run.Segments.FirstOrDefault(row => row.Seed == seed)?.At(isTeacher ? 0 : 1)
                : null,
        };
    }

    private static KeptPoint Point(FinishedRun run, string word, int seed)
        => new(run.Network.InEvaluationMode(run.Statistics(word, seed)), run.Parameters(word, seed), $"{run.Path}/arrays", FormattableString.Invariant($"{run.Part}.{word}-{seed}"));

    private static ExampleSet Examples(FinishedRun run, int seed)
    {
        var images = run.Pictures.Train;
        var count = Landscape.ImagesOf(run, null, run.Config.Valley.Images);
        double[] inputs = [.. images.Slice(0, count).Values.ToArray().Select(value => (double)value)];
        var options = new OutputOptions { BatchRows = Landscape.BatchRows, Team = run.Team };
        return new ExampleSet(inputs, NetworkOutputs.Of(run.Network.InEvaluationMode(), inputs, run.Parameters(PartNames.Teacher, seed), options), count);
    }
}
