using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Studies.Kept;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>Where a part has a network among the vectors that it trained, for those who open a finished run.</summary>
/// <param name="Name">What tells it from the part's other networks; empty where it is the only one.</param>
/// <param name="Network">Its shape.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Steps">The training steps at which they were kept, in their order.</param>
internal sealed record TrainedNetwork(string Name, INetwork Network, int Count, IReadOnlyList<int> Steps)
{
    /// <summary>What is counted.</summary>
    internal string Counted { get; init; } = "seed";

    /// <summary>The loss that was descended.</summary>
    internal OutputLoss Loss { get; init; } = OutputLoss.CrossEntropy;

    /// <summary>Names of the sets that <see cref="Examples"/> knows.</summary>
    internal IReadOnlyList<string> Sets { get; init; } = [KeptNetwork.Training];

    /// <summary>The vector of one at a place of <see cref="Steps"/>, and the element of it where its parameters begin.</summary>
    internal required Func<int, int, (int Vector, int First)> Place { get; init; }

    /// <summary>The examples of one, drawn or read again.</summary>
    internal required Func<int, string, RunContext, ExampleSet> Examples { get; init; }

    /// <summary>The training loss of one at a place of <see cref="Steps"/> as the tables have it; null where they do not.</summary>
    internal required Func<RecordedRun, int, int, double?> Recorded { get; init; }
}
