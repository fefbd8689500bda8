using Understudy.Engine.Threading;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Studies.Kept;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Kept;

/// <summary>The students that a run of the study kept, with the outputs of their teachers as targets.</summary>
internal static class SpecializationNetworks
{
    /// <summary>Fresh inputs, which no student was trained on.</summary>
    internal const string Evaluation = "evaluation";

    private static readonly SpecializationPart[] Keeping =
        [SpecializationPart.TwoLayer, SpecializationPart.Dynamics, SpecializationPart.Samples, SpecializationPart.Boundaries, SpecializationPart.MultiLayer, SpecializationPart.Images];

    /// <summary>Those of every part that kept some, in the order of the parts.</summary>
    internal static IReadOnlyList<KeptNetwork> Of(RecordedRun run, Team team, Func<string, string> dataFolder)
    {
        var config = (SpecializationConfig)run.Config;
        var context = new FinishedContext(config.Seed, team, dataFolder);
        var inputs = new SharedInputs(config, context);
        return [.. config.Parts.SelectMany(part => part switch
        {
            SpecializationPart.TwoLayer => KeptStudents.Of(TwoLayerPlans.Recovery(config), run, context, inputs),
            SpecializationPart.Dynamics => KeptStudents.Of(TwoLayerPlans.Individual(config), run, context, inputs),
            SpecializationPart.Samples => KeptStudents.Of(TwoLayerPlans.SampleSizes(config), run, context, inputs),
            SpecializationPart.Boundaries => KeptStudents.Of(TwoLayerPlans.Plane(config), run, context, inputs),
            SpecializationPart.MultiLayer => KeptLayerStudents.Of(run, context),
            SpecializationPart.Images => KeptImageStudents.Of(run, context),
            _ => [],
        })];
    }

    /// <summary>Why there are none.</summary>
    internal static string Missing(RecordedRun run)
        => $"of its parts {string.Join(", ", ((SpecializationConfig)run.Config).Parts.Select(PartNames.Of))} none keeps weights, or their files were removed\n  those that do: {string.Join(", ", Keeping.Select(PartNames.Of))}; run again with one of them, as in: understudy run specialization parts=[two-layer]";

    /// <summary>Numbers of a run as curvature takes them.</summary>
    internal static ExampleSet Examples(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int count) => new(Doubles(inputs), Doubles(targets), count);

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (var i = 0; i < doubles.Length; i++)
            doubles[i] = values[i];
        return doubles;
    }
}
