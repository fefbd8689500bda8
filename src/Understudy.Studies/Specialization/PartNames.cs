using System.Text.Json;

namespace Understudy.Studies.Specialization;

/// <summary>The words of the parts in settings, tables, arrays and checkpoints.</summary>
internal static class PartNames
{
    internal const string TwoLayer = "two-layer";
    internal const string Dynamics = "dynamics";
    internal const string Samples = "samples";
    internal const string Leaky = "leaky";
    internal const string Optimizers = "optimizers";
    internal const string Lucky = "lucky";
    internal const string Boundaries = "boundaries";
    internal const string MultiLayer = "multi-layer";
    internal const string Online = "online";
    internal const string Phase = "phase";
    internal const string PhaseGrids = "phase-grids";
    internal const string Images = "images";

    /// <summary>A part as in settings.</summary>
    internal static string Of(SpecializationPart part) => JsonNamingPolicy.KebabCaseLower.ConvertName(part.ToString());

    /// <summary>One slope of part leaky, which is an experiment of its own; dots end a part's name.</summary>
    internal static string LeakyAt(double slope) => FormattableString.Invariant($"{Leaky}-{slope:0.###############}").Replace('.', '-');

    /// <summary>One rule of part optimizers, which is an experiment of its own.</summary>
    internal static string OptimizersAt(DescentRule rule) => $"{Optimizers}-{Word(rule)}";

    /// <summary>A rule of descent as in settings.</summary>
    internal static string Word(DescentRule rule) => rule == DescentRule.FullBatch ? "full-batch" : rule.ToString().ToLowerInvariant();

    /// <summary>The table of evaluations of a part.</summary>
    internal static string Evaluations(string part) => $"{part}.evaluations";
}
