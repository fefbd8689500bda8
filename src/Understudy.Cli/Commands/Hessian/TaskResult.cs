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

    /// <summary>Five digits, or an exponent.</summary>
    internal static string Text(double value) => Math.Abs(value) is 0 or (>= 1e-3 and < 1e5)
        ? value.ToString("0.#####", CultureInfo.InvariantCulture)
        : value.ToString("0.####e0", CultureInfo.InvariantCulture);

    /// <summary>Numbers as JSON.</summary>
    internal static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(value => (JsonNode)value)];
}

/// <summary>What a task was asked for.</summary>
/// <param name="Top">Eigenvalues at the top.</param>
/// <param name="Bottom">Eigenvalues at the bottom; null for what suits the matrix.</param>
/// <param name="Matrix">H, G, R, S or cov.</param>
/// <param name="Probes">Probe vectors, or products of an estimate.</param>
/// <param name="Steps">Lanczos steps.</param>
/// <param name="Method">How a trace is taken, or a curve found; empty for other tasks.</param>
/// <param name="Tolerance">Relative residual of eigenpairs.</param>
/// <param name="Axis">linear or asinh.</param>
/// <param name="Points">Points of a line, or along a side of a plane.</param>
/// <param name="Curvature">Points along a side of a plane at which both ends of the spectrum are found; null for none.</param>
/// <param name="MemoryBytes">What a whole matrix may take.</param>
/// <param name="Seed">Of probes and directions.</param>
internal sealed record TaskOptions(
    int Top, int? Bottom, string Matrix, int Probes, int Steps, string Method, double Tolerance, string Axis, int? Points, int? Curvature, long MemoryBytes, ulong Seed)
{
    internal static string[] Matrices { get; } = ["H", "G", "R", "S", "cov"];

    internal static string[] TraceMethods { get; } = ["exact", "xtrace", "hutchpp", "hutchinson"];

    internal static string[] CurveMethods { get; } = ["bezier", "chain", "neb"];

    internal static string[] Axes { get; } = ["linear", "asinh"];
}
