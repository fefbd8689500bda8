using Understudy.Cli.Output;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>What tasks take: refused before anything is allocated where it is more than allowed, told before where it is long.</summary>
/// <remarks>Memory is estimated from above, of what grows with the flags; what passes over the examples keep has what is left, and at least the plan of one batch.</remarks>
internal static class Budget
{
    // a reduction of so many rows is about as fast for its size as a large one, and takes some 40 ms
    private const int Sample = 768;

    /// <summary>What may be used unless a flag says so.</summary>
    internal static long DefaultBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>The bytes a flag allows.</summary>
    /// <exception cref="UsageException">The machine has less.</exception>
    internal static long Allowed(double gigabytes)
    {
        var here = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return gigabytes * 1e9 <= here
            ? (long)(gigabytes * 1e9)
            : throw new UsageException(Invariant($"--memory {gigabytes:0.###} is more than the {here / 1e9:0.0} GB of this machine\n  leave it out for half of them"));
    }

    /// <summary>Refuses examples of which not even the gradient's pass over one batch fits.</summary>
    internal static void RequirePasses(Material material, TaskOptions options)
    {
        using var curvature = new PenalizedCurvature(material, options);
        if (curvature.LeastBytes() is var passes && passes > options.MemoryBytes)
            throw new UsageException(Invariant($"the gradient over one batch of examples needs about {Size(passes)}, more than the {Size(options.MemoryBytes)} allowed\n  allow more with --memory, or take fewer examples with --examples"));
    }

    /// <summary>Refuses what takes more than allowed, or an array that is too long; what is left then is for kept passes.</summary>
    /// <param name="what">Takes it, in the plural.</param>
    /// <param name="bytes">Of all of it but the passes over the examples.</param>
    /// <param name="longest">The elements of its longest array.</param>
    /// <param name="curvature">Of which nothing was computed yet.</param>
    /// <param name="options">The limit.</param>
    /// <param name="mend">What to do instead.</param>
    /// <param name="matrices">Those of which products are taken.</param>
    /// <returns>The bytes left for more of it, the passes of one batch apart.</returns>
    internal static double Require(string what, double bytes, double longest, PenalizedCurvature curvature, TaskOptions options, string mend, params ReadOnlySpan<string> matrices)
    {
        var passes = curvature.LeastBytes(matrices);
        Require(what, bytes, passes, longest, options, mend);
        curvature.Keep(options.MemoryBytes - bytes, matrices);
        return options.MemoryBytes - bytes - passes;
    }

    private static void Require(string what, double bytes, double passes, double longest, TaskOptions options, string mend)
    {
        if (bytes + passes > options.MemoryBytes)
        {
            var own = bytes > options.MemoryBytes ? "" : Invariant($" and the passes of one batch of examples {Size(passes)}: together");
            var fewer = passes > bytes ? "take fewer examples with --examples, or " : "or ";
            throw new UsageException(Invariant($"{what} need about {Size(bytes)}{own}{(own.Length == 0 ? "," : "")} more than the {Size(options.MemoryBytes)} allowed\n  allow more with --memory, {fewer}{mend}"));
        }

        if (longest > Array.MaxLength)
            throw new UsageException(Invariant($"{what} have {longest:0.0e0} entries, more than one array holds\n  {mend}"));
    }

    /// <summary>The bytes of a search for eigenpairs, refused where the smallest basis that it can do with is too much: the largest basis that fits, and what is left is for kept passes.</summary>
    /// <param name="top">Pairs at the top.</param>
    /// <param name="bottom">Pairs at the bottom.</param>
    /// <param name="beside">Bytes of what is held beside the search.</param>
    /// <param name="curvature">Of which nothing was computed yet.</param>
    /// <param name="options">The limit.</param>
    /// <param name="mend">What to do instead.</param>
    /// <param name="matrices">Those of which products are taken.</param>
    internal static SearchMemory RequirePairs(int top, int bottom, double beside, PenalizedCurvature curvature, TaskOptions options, string mend, params ReadOnlySpan<string> matrices)
    {
        static double Kept(double wanted) => wanted == 0 ? 0 : wanted + Math.Max(5, Math.Floor(wanted / 2));
        double size = curvature.Size, pairs = (double)top + bottom;
        double Vectors(double rows) => sizeof(double) * size * (rows + pairs + 2);
        double Bytes(double rows) => Vectors(rows) + (3 * sizeof(double) * rows * rows) + beside;
        var least = Math.Min(size, pairs + Kept(top) + Kept(bottom) + 7);
        var passes = curvature.LeastBytes(matrices);
        Require(Invariant($"the vectors of {pairs:N0} eigenpairs"), Bytes(least), passes, least * size, options, mend);
        var (rows, most) = (least, new EigenpairOptions());
        while (rows < Math.Min(size, most.MaximumBasis) && Vectors(rows + 1) <= most.MemoryBytes && Bytes(rows + 1) <= options.MemoryBytes - passes)
            rows++;
        curvature.Keep(options.MemoryBytes - Bytes(rows), matrices);
        return new SearchMemory((long)Vectors(rows), (long)(Bytes(rows) + passes));
    }

    /// <summary>Bytes as a user reads them beside --memory.</summary>
    private static string Size(double bytes) => bytes >= 5e7 ? Invariant($"{bytes / 1e9:0.0} GB") : Wording.Bytes((long)bytes);

    /// <summary>The bytes of a sketch of some products: five vectors for every other one, or a few blocks where it would be exact.</summary>
    internal static double SketchBytes(int products, int size) => products >= size ? 64.0 * sizeof(double) * size : 2.5 * sizeof(double) * products * size;

    /// <summary>The seconds of one product, by a second one: the first compiles it.</summary>
    internal static double SecondsOfProduct(ISymmetricOperator matrix, Material material, TaskWatch watch, TaskOptions options)
    {
        var (vector, product) = (new double[matrix.Size], new double[matrix.Size]);
        Array.Fill(vector, 1 / Math.Sqrt(matrix.Size));
        matrix.Apply(vector, product);
        if (Array.Exists(product, value => !double.IsFinite(value)))
            throw material.NotFinite($"a product of {options.Matrix}", options.WeightDecay);
        watch.Token.ThrowIfCancellationRequested();
        var began = watch.Time.GetTimestamp();
        matrix.Apply(vector, product);
        return watch.Time.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Says what some products will take.</summary>
    internal static void Tell(TaskWatch watch, double products, double secondsOfProduct, double bytes)
        => watch.Tell(Invariant($"{products:N0} products, about {Wording.Of(TimeSpan.FromSeconds(Math.Min(1e9, products * secondsOfProduct)))}, and {Wording.Bytes((long)bytes)} beside the network"));

    /// <summary>The seconds that 4/3 n³ operations of a reduction take here, from the fastest of a few small ones.</summary>
    internal static double SecondsOfReduction(double size, Team team, TaskWatch watch)
    {
        var rows = (int)Math.Min(Sample, size);
        double Seconds()
        {
            var matrix = new double[rows * rows];
            for (var i = 0; i < matrix.Length; i++)
                matrix[i] = 1.0 / (1 + Math.Abs((i / rows) - (i % rows)));
            var began = watch.Time.GetTimestamp();
            _ = SymmetricEigenvalues.Overwriting(matrix, rows, team);
            return watch.Time.GetElapsedTime(began).TotalSeconds;
        }

        return Math.Min(Seconds(), Math.Min(Seconds(), Seconds())) * Math.Pow(size / rows, 3);
    }
}

/// <summary>What a search for eigenpairs may take.</summary>
/// <param name="Vectors">Bytes of its basis and results.</param>
/// <param name="All">Those with everything beside them, and the passes of one batch.</param>
internal readonly record struct SearchMemory(long Vectors, long All);
