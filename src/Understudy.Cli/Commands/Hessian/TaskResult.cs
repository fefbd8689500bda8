using System.Globalization;
using System.Text.Json.Nodes;
using Understudy.Lab.Figures;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>What a task found.</summary>
/// <param name="Lines">For people.</param>
/// <param name="Document">The same, complete.</param>
/// <param name="Figure">A drawing; null where there is nothing to draw.</param>
internal sealed record TaskResult(IReadOnlyList<string> Lines, JsonObject Document, Figure? Figure = null)
{
    /// <summary>Whether a check did not hold.</summary>
    internal bool Failed { get; init; }

    /// <summary>Whether it was stopped, and holds what was finished before.</summary>
    internal bool IsPartial { get; init; }

    /// <summary>The first number of the document that is not finite, by its name; null where all are.</summary>
    /// <param name="document">Numbers under names.</param>
    /// <param name="without">Names under which there may be such numbers.</param>
    internal static string? NotFinite(JsonNode? document, params string[] without) => document switch
    {
        JsonObject fields => fields.Where(field => !without.Contains(field.Key)).Select(field => NotFinite(field.Value, without) is { } found ? $"{field.Key}{(found.Length == 0 ? "" : " ")}{found}" : null).FirstOrDefault(found => found is not null),
        JsonArray items => items.Select(item => NotFinite(item, without)).FirstOrDefault(found => found is not null),
        JsonValue value when value.TryGetValue<double>(out var number) && !double.IsFinite(number) => "",
        _ => null,
    };

    /// <summary>Five digits, or an exponent.</summary>
    internal static string Text(double value) => Math.Abs(value) is 0 or (>= 1e-3 and < 1e5)
        ? value.ToString("0.#####", CultureInfo.InvariantCulture)
        : value.ToString("0.####e0", CultureInfo.InvariantCulture);

    /// <summary>Numbers as JSON.</summary>
    internal static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(value => (JsonNode)value)];
}

/// <summary>What a task was asked for.</summary>
/// <param name="Top">Eigenvalues at the top; null for ten, or all where there are fewer.</param>
/// <param name="Bottom">Eigenvalues at the bottom; null for what suits the matrix.</param>
/// <param name="Matrix">H, G, R, S or cov.</param>
/// <param name="Probes">Probe vectors, or products of an estimate.</param>
/// <param name="Steps">Lanczos steps; null for 80, or as many as there are parameters.</param>
/// <param name="Method">How a trace is taken, or a curve found; empty for other tasks.</param>
/// <param name="Tolerance">Relative residual of eigenpairs.</param>
/// <param name="Axis">linear, asinh or log.</param>
/// <param name="Points">Points of a line, or along a side of a plane.</param>
/// <param name="Curvature">Points along a side of a plane at which both ends of the spectrum are found; null for none.</param>
/// <param name="MemoryBytes">What matrices and vectors may take.</param>
/// <param name="Seed">Of probes and directions.</param>
internal sealed record TaskOptions(
    int? Top, int? Bottom, string Matrix, int Probes, int? Steps, string Method, double Tolerance, string Axis, int? Points, int? Curvature, long MemoryBytes, ulong Seed)
{
    /// <summary>The width of smoothing of a density, in units of its axis; null for what suits.</summary>
    internal double? Sigma { get; init; }

    /// <summary>Whether a spectrum may be exact beyond the usual limit.</summary>
    internal bool IsExact { get; init; }

    /// <summary>Lanczos steps instead of a whole spectrum; null for the whole one.</summary>
    internal int? LanczosSteps { get; init; }

    /// <summary>μ of (μ/2)‖θ‖² in the loss.</summary>
    internal double WeightDecay { get; init; }

    /// <summary>The relative half-width at which a trace has enough probes; null for all of them.</summary>
    internal double? TraceTolerance { get; init; }

    private const int DefaultTop = 10;
    private const int DefaultBottom = 3;
    private const int DefaultSteps = 80;

    /// <summary>Whether no eigenpair is asked for.</summary>
    internal bool HasNoPairs => Top == 0 && (Bottom ?? (SpectrumTasks.IsSemidefinite(Matrix) ? 0 : DefaultBottom)) == 0;

    /// <summary>Eigenvalues at the top of a matrix.</summary>
    /// <exception cref="UsageException">It does not have so many.</exception>
    internal int TopOf(int size) => Within(Top, DefaultTop, size, "--top");

    /// <summary>Eigenvalues at the bottom of a matrix.</summary>
    /// <exception cref="UsageException">It does not have so many.</exception>
    internal int BottomOf(int size) => Within(Bottom, SpectrumTasks.IsSemidefinite(Matrix) ? 0 : DefaultBottom, size, "--bottom");

    /// <summary>Lanczos steps with a matrix.</summary>
    /// <exception cref="UsageException">It does not have so many dimensions.</exception>
    internal int StepsOf(int size) => Within(Steps, DefaultSteps, size, "--steps");

    private static int Within(int? asked, int otherwise, int size, string flag) => asked is not { } number
        ? Math.Min(otherwise, size)
        : number <= size ? number : throw new UsageException(FormattableString.Invariant($"{flag} {number} is more than the {size:N0} parameters\n  take at most {size}"));

    internal static string[] Matrices { get; } = ["H", "G", "R", "S", "cov"];

    internal static string[] TraceMethods { get; } = ["exact", "xtrace", "hutchpp", "hutchinson"];

    internal static string[] CurveMethods { get; } = ["bezier", "chain", "neb"];

    internal static string[] Axes { get; } = ["linear", "asinh", "log"];
}
