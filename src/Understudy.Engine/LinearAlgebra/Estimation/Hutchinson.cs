namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>Traces as means over random vectors: E vᵀAv = tr A.</summary>
/// <remarks>
/// Girard 1989, Hutchinson 1990. The variance of one sample is 2(|A|² − Σ A_ii²) for signs, 2|A|² for Gaussian probes and
/// 2n/(n + 2) (|A|² − (tr A)²/n) on the sphere, |A| the Frobenius norm. For more than some 20 products and a spectrum with few large
/// values <see cref="XTrace"/> is closer by orders of magnitude. Costs one product per probe, and memory for two blocks.
/// </remarks>
public static class Hutchinson
{
    /// <summary>tr A.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No samples, empty blocks, or a negative tolerance.</exception>
    public static TraceEstimate Trace(ISymmetricOperator matrix, ProbeOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ProbeOptions();
        var samples = ProbeSamples.Collect(matrix, options, 1, false, (v, av, _, row) => row[0] = RowAlgebra.Dot(v, av), cancellation);
        return Estimate(samples, 0, options);
    }

    /// <summary>The traces of blocks on the diagonal, such as the layers of a network, and the whole trace, from the same products.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="offsets">Where each block begins, and behind the last one where it ends: ascending, within 0 … n.</param>
    /// <param name="options">The tolerance concerns the whole trace.</param>
    /// <param name="cancellation">Looked at once per block of products.</param>
    /// <exception cref="ArgumentException">The offsets do not ascend, or leave the matrix.</exception>
    public static BlockTraces Blocks(
        ISymmetricOperator matrix, IReadOnlyList<int> offsets, ProbeOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(offsets);
        options ??= new ProbeOptions();
        int[] at = [.. offsets];
        CheckOffsets(at, matrix.Size);
        var samples = ProbeSamples.Collect(matrix, options, at.Length, false, (v, av, _, row) =>
        {
            row[0] = RowAlgebra.Dot(v, av);
            for (int i = 1; i < at.Length; i++)
                row[i] = RowAlgebra.Dot(v[at[i - 1]..at[i]], av[at[i - 1]..at[i]]);
        }, cancellation);
        var blocks = new TraceEstimate[at.Length - 1];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = Estimate(samples, i + 1, options);
        return new BlockTraces(Estimate(samples, 0, options), blocks);
    }

    /// <summary>The squared Frobenius norm Σ A_ij², as the mean of |Av|².</summary>
    /// <exception cref="ArgumentOutOfRangeException">No samples, empty blocks, or a negative tolerance.</exception>
    public static TraceEstimate SquaredNorm(ISymmetricOperator matrix, ProbeOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ProbeOptions();
        var samples = ProbeSamples.Collect(matrix, options, 1, false, (_, av, _, row) => row[0] = RowAlgebra.Dot(av, av), cancellation);
        return Estimate(samples, 0, options);
    }

    /// <summary>The traces of A, A², A³ and A⁴ from two products per probe.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="options">The tolerance concerns tr A.</param>
    /// <param name="cancellation">Looked at once per block of products.</param>
    /// <returns>Element k − 1 is the estimate of tr Aᵏ; all come from the same probes, so their errors go together.</returns>
    public static IReadOnlyList<TraceEstimate> Moments(
        ISymmetricOperator matrix, ProbeOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ProbeOptions();
        var samples = ProbeSamples.Collect(matrix, options, 4, true, (v, av, aav, row) =>
        {
            row[0] = RowAlgebra.Dot(v, av);
            row[1] = RowAlgebra.Dot(av, av);
            row[2] = RowAlgebra.Dot(av, aav);
            row[3] = RowAlgebra.Dot(aav, aav);
        }, cancellation);
        return [Estimate(samples, 0, options), Estimate(samples, 1, options), Estimate(samples, 2, options), Estimate(samples, 3, options)];
    }

    private static TraceEstimate Estimate(ProbeSamples samples, int statistic, ProbeOptions options)
        => new(TraceMethod.Hutchinson, samples.Mean(statistic), samples.Products, options.Seed, samples.IsConverged);

    private static void CheckOffsets(int[] offsets, int size)
    {
        if (offsets.Length < 2)
            throw new ArgumentException("One block needs two offsets.", nameof(offsets));
        for (int i = 0; i < offsets.Length; i++)
        {
            if (offsets[i] < (i == 0 ? 0 : offsets[i - 1]) || offsets[i] > size)
                throw new ArgumentException($"Offset {offsets[i]} at place {i} does not ascend within 0 ... {size}.", nameof(offsets));
        }
    }
}
