using Understudy.Engine.Threading;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using static System.FormattableString;

namespace Understudy.Studies.Kept;

/// <summary>A network that a run kept: of several seeds, at several steps of its training.</summary>
public sealed class KeptNetwork
{
    /// <summary>Examples that the network was trained on.</summary>
    public const string Training = "training";

    // what is measured in single precision, or by another version that adds up in another order, stays far below; other data do not
    private const double Tolerance = 0.01;
    private const double Least = 1e-8;

    private readonly Dictionary<(int Index, string Set), ExampleSet> _examples = [];

    /// <summary>Describes networks without reading any.</summary>
    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="count">See <see cref="Count"/>.</param>
    /// <param name="steps">See <see cref="Steps"/>.</param>
    /// <param name="loss">See <see cref="Loss"/>.</param>
    public KeptNetwork(string name, int count, IReadOnlyList<long> steps, OutputLoss loss) => (Name, Count, Steps, Loss) = (name, count, steps, loss);

    /// <summary>The word of its part and what tells it from the others there, with dots between, such as <c>two-layer.r2</c>.</summary>
    public string Name { get; }

    /// <summary>How many there are, which are counted from 0.</summary>
    public int Count { get; }

    /// <summary>What is counted: mostly <c>seed</c>, the seeds within the run.</summary>
    public string Counted { get; init; } = "seed";

    /// <summary>The training steps at which all of them were kept, ascending.</summary>
    public IReadOnlyList<long> Steps { get; }

    /// <summary>The sets of examples that the loss can be taken on; <see cref="Training"/> is the first.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [Training];

    /// <summary>Whether every one has batch normalizations with statistics of its own, so that parameters alone do not make another of it: nothing lies between two of them.</summary>
    public bool HasOwnStatistics { get; init; }

    /// <summary>The loss that was descended, as a mean over examples.</summary>
    public OutputLoss Loss { get; }

    /// <summary>Reads the parameters of one at a step.</summary>
    public required Func<int, long, KeptPoint> Point { get; init; }

    /// <summary>Draws or reads the examples of one again.</summary>
    public required Func<int, string, ExampleSet> Examples { get; init; }

    /// <summary>The loss that the run recorded of one, at a step and on a set; null where it recorded none.</summary>
    public Func<int, long, string, double?> Recorded { get; init; } = (_, _, _) => null;

    /// <summary>Opens one of them with its examples.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="step">One of <see cref="Steps"/>.</param>
    /// <param name="set">One of <see cref="Sets"/>.</param>
    /// <param name="team">Threads.</param>
    /// <exception cref="RunException">It diverged, a file of it is missing or of another network, or its loss is not the one that the run recorded.</exception>
    public OpenedNetwork Open(int index, long step, string set = Training, Team? team = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (!Steps.Contains(step))
            throw new ArgumentOutOfRangeException(nameof(step), step, $"{Name} was kept at steps {string.Join(", ", Steps)}.");
        if (!Sets.Contains(set, StringComparer.Ordinal))
            throw new ArgumentException($"{Name} has examples {string.Join(" and ", Sets)}, not {set}.", nameof(set));
        var point = Point(index, step);
        if (Array.Exists(point.Parameters, value => !double.IsFinite(value)))
            throw new RunException(Invariant($"{point.File}: {Name}, {Counted} {index}, diverged: its parameters at step {step} are not finite\n  take another one of {Count}, or an earlier step of {string.Join(", ", Steps)}"));
        // those of several steps are the same
        if (!_examples.TryGetValue((index, set), out var examples))
            _examples.Add((index, set), examples = Examples(index, set));
        using var evaluator = new LossEvaluator(point.Network, Loss, examples, team, point.Network.CouplesExamples ? examples.Count : 500);
        var (loss, recorded) = (evaluator.At(point.Parameters).Loss, Recorded(index, step, set));
        if (recorded is { } before && !(Math.Abs(loss - before) <= (Tolerance * Math.Abs(before)) + Least))
        {
            throw new RunException(Invariant($"{point.File}: the loss of {Name}, {Counted} {index}, at step {step} is {loss:0.####e0}, but the run recorded {before:0.####e0}: ")
                + "its settings, its data or its files were changed, or another version ran it\n  put them back, or run it again");
        }

        return new OpenedNetwork(this, index, step, set, point, examples, loss, recorded);
    }
}

/// <summary>Parameters of a network as they were read.</summary>
/// <param name="Network">Its shape.</param>
/// <param name="Parameters">In the order of its layout.</param>
/// <param name="File">The file they are from.</param>
/// <param name="Tensors">Which of its tensors.</param>
public sealed record KeptPoint(INetwork Network, double[] Parameters, string File, string Tensors);

/// <summary>A network of a run with its examples.</summary>
/// <param name="Of">Which network.</param>
/// <param name="Index">Which of its seeds.</param>
/// <param name="Step">The training step.</param>
/// <param name="Set">Which examples.</param>
/// <param name="Point">Shape and parameters, and where they are from.</param>
/// <param name="Examples">Inputs and targets.</param>
/// <param name="Value">The mean loss over them.</param>
/// <param name="Recorded">The loss that the run itself recorded there; null where it recorded none.</param>
public sealed record OpenedNetwork(KeptNetwork Of, int Index, long Step, string Set, KeptPoint Point, ExampleSet Examples, double Value, double? Recorded);
