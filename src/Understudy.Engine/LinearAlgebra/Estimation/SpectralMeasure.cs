using Understudy.Engine.LinearAlgebra.Krylov;

namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The distribution of the eigenvalues of a matrix, each of mass 1/n, as far as random probes know it.</summary>
/// <remarks>
/// <para>Stochastic Lanczos quadrature (Lin, Saad and Yang 2016; Ghorbani, Krishnan and Xiao 2019): every probe gives nodes and weights. All curves
/// and sums are made of these, so that another width of smoothing or another threshold costs no product.</para>
/// <para>Eigenvalues that are known with their vectors stand beside the probes as stems, exactly; the probes then see the complement, of mass
/// (n − k)/n, whose range is that of the bulk.</para>
/// </remarks>
public sealed class SpectralMeasure
{
    private readonly double[] _stems;
    private readonly bool[] _exhausted;

    private SpectralMeasure(int size, GaussQuadrature[] probes, bool[] exhausted, double[] stems)
    {
        Size = size;
        Probes = probes;
        _exhausted = exhausted;
        _stems = stems;
        Smallest = double.PositiveInfinity;
        Largest = double.NegativeInfinity;
        foreach (var probe in probes)
        {
            Smallest = Math.Min(Smallest, probe.Nodes[0]);
            Largest = Math.Max(Largest, probe.Nodes[^1]);
        }
    }

    /// <summary>n, the number of eigenvalues.</summary>
    public int Size { get; }

    /// <summary>Nodes and weights of each probe; the weights of a probe sum to 1.</summary>
    public IReadOnlyList<GaussQuadrature> Probes { get; }

    /// <summary>The eigenvalues that are known exactly, descending.</summary>
    public ReadOnlySpan<double> Stems => _stems;

    /// <summary>The share of the eigenvalues that the probes look at, (n − k)/n.</summary>
    public double ProbedMass => (double)(Size - _stems.Length) / Size;

    /// <summary>The smallest node of any probe.</summary>
    public double Smallest { get; }

    /// <summary>The largest node of any probe.</summary>
    public double Largest { get; }

    /// <summary>Whether the estimate was cancelled, and has fewer probes or steps than were asked for.</summary>
    public bool IsCancelled { get; private init; }

    /// <summary>Lanczos steps that were asked for, or made where it was cancelled; 0 for a spectrum that is known.</summary>
    public int Steps { get; private init; }

    /// <summary>The number of products with the matrix, those in a block counted one by one.</summary>
    public int Products { get; private init; }

    /// <summary>The seed of the probes.</summary>
    public ulong Seed { get; private init; }

    /// <summary>The largest cosine between the first and a later Lanczos vector of any probe: far above 1e-14, converged nodes come in copies.</summary>
    public double LossOfOrthogonality { get; private init; }

    /// <summary>Whether all eigenvalues are known, so that nothing has an error.</summary>
    public bool IsExact => Steps == 0;

    /// <summary>By probe, whether it exhausted its invariant subspace, so that its nodes are eigenvalues.</summary>
    public IReadOnlyList<bool> Exhausted => _exhausted;

    /// <summary>Whether every probe exhausted its invariant subspace, so that its nodes are eigenvalues.</summary>
    internal bool IsExhausted => Array.TrueForAll(_exhausted, exhausted => exhausted);

    /// <summary>The measure of a matrix without known eigenvalues.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No probes, no steps, or empty blocks.</exception>
    public static SpectralMeasure Estimate(ISymmetricOperator matrix, QuadratureOptions? options = null, CancellationToken cancellation = default)
        => Estimate(matrix, [], [], options, cancellation);

    /// <summary>The measure of a matrix some of whose eigenvalues are known, such as its outliers.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="values">The known eigenvalues [k], k below n.</param>
    /// <param name="vectors">Their eigenvectors [k, n], orthonormal rows, which is not looked at.</param>
    /// <param name="options">The probes.</param>
    /// <param name="cancellation">Looked at once per step; see <see cref="QuadratureOptions.KeepsFinished"/>.</param>
    /// <exception cref="ArgumentException">The vectors do not fit the values, or nothing is left for the probes.</exception>
    public static SpectralMeasure Estimate(
        ISymmetricOperator matrix, ReadOnlySpan<double> values, ReadOnlySpan<double> vectors, QuadratureOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        options ??= new QuadratureOptions();
        options.Check();
        int n = matrix.Size;
        if (vectors.Length != (long)values.Length * n)
            throw new ArgumentException($"{values.Length} eigenvectors of length {n} do not have {vectors.Length} components.", nameof(vectors));
        if (values.Length >= n)
            throw new ArgumentException($"With {values.Length} of {n} eigenvalues known, there is nothing to estimate.", nameof(values));

        var complement = new DeflatedOperator(matrix, vectors, team: options.Team);
        var lanczos = new LanczosOptions { Team = options.Team, Reorthogonalization = options.Reorthogonalization, EndsWhenCancelled = options.KeepsFinished };
        int steps = Math.Min(options.Steps, n - values.Length);
        var source = new Probes(options.Distribution, options.Seed, n);
        var quadratures = new GaussQuadrature[options.Probes];
        var exhausted = new bool[options.Probes];
        var starts = new double[checked(Math.Min(options.BlockSize, options.Probes) * n)];
        bool isOrthogonal = options.Reorthogonalization == Reorthogonalization.Full;
        int products = 0;
        double loss = 0;
        int finished = 0;
        int made = options.Steps;
        bool isCancelled = false;
        for (int first = 0, count; first < options.Probes && !isCancelled; first += count)
        {
            count = Math.Min(options.BlockSize, options.Probes - first);
            source.Fill(first, starts.AsSpan(0, count * n));
            for (int i = 0; i < count; i++)
                complement.Leave(starts, i * n);
            LanczosProcess[] processes;
            try
            {
                processes = LanczosProcess.Lockstep(complement, starts.AsSpan(0, count * n), steps, lanczos, cancellation);
            }
            catch (OperationCanceledException) when (options.KeepsFinished && first > 0)
            {
                isCancelled = true;
                break;
            }

            if (Array.Exists(processes, process => process.Steps < steps && !process.IsExhausted))
            {
                isCancelled = true;
                if (first > 0)
                    break;
                made = processes.Max(process => process.Steps);
                if (made < 2)
                    cancellation.ThrowIfCancellationRequested();
            }

            for (int i = 0; i < count; i++)
            {
                quadratures[first + i] = processes[i].Tridiagonal.Quadrature();
                exhausted[first + i] = processes[i].IsExhausted || (isOrthogonal && processes[i].Steps == n - values.Length);
                products += processes[i].Steps;
                loss = Math.Max(loss, processes[i].LossOfOrthogonality);
            }

            finished += count;
        }

        return new SpectralMeasure(n, quadratures[..finished], exhausted[..finished], Descending(values))
        {
            Steps = made,
            IsCancelled = isCancelled,
            Products = products,
            Seed = options.Seed,
            LossOfOrthogonality = loss,
        };
    }

    /// <summary>The measure as start vectors of one's own see it, such as those of another program; their mean is a measure where they are random.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="starts">[probes, n]: the vectors as rows, of any positive length.</param>
    /// <param name="steps">Lanczos steps of each, at most n.</param>
    /// <param name="options">How the bases are kept; null for the defaults.</param>
    /// <param name="cancellation">Looked at once per step.</param>
    /// <exception cref="ArgumentException">A start vector is zero or not finite, or there are no whole rows.</exception>
    public static SpectralMeasure EstimateFrom(
        ISymmetricOperator matrix, ReadOnlySpan<double> starts, int steps, LanczosOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        options ??= new LanczosOptions();
        var processes = LanczosProcess.Lockstep(matrix, starts, Math.Min(steps, matrix.Size), options, cancellation);
        bool isOrthogonal = options.Reorthogonalization == Reorthogonalization.Full;
        return new SpectralMeasure(
            matrix.Size,
            Array.ConvertAll(processes, process => process.Tridiagonal.Quadrature()),
            Array.ConvertAll(processes, process => process.IsExhausted || (isOrthogonal && process.Steps == matrix.Size)),
            [])
        {
            IsCancelled = cancellation.IsCancellationRequested && processes.Any(process => !process.IsExhausted && process.Steps < Math.Min(steps, matrix.Size)),
            Steps = steps,
            Products = processes.Sum(process => process.Steps),
            LossOfOrthogonality = processes.Max(process => process.LossOfOrthogonality),
        };
    }

    /// <summary>The measure that was kept in numbers, as those of a file.</summary>
    /// <param name="size">n.</param>
    /// <param name="probes">Nodes and weights of each probe, at least one.</param>
    /// <param name="exhausted">By probe, whether its nodes are eigenvalues.</param>
    /// <param name="stems">The eigenvalues that were known beside, fewer than n.</param>
    /// <param name="steps">Lanczos steps of each probe, from 1.</param>
    /// <exception cref="ArgumentException">There is no probe, a probe has no node, or the lists do not fit each other or n.</exception>
    public static SpectralMeasure Kept(int size, IReadOnlyList<GaussQuadrature> probes, IReadOnlyList<bool> exhausted, ReadOnlySpan<double> stems, int steps)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(exhausted);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (probes.Count == 0 || exhausted.Count != probes.Count)
            throw new ArgumentException($"There are {probes.Count} probes and {exhausted.Count} answers to whether one is exhausted.", nameof(exhausted));
        if (stems.Length >= size)
            throw new ArgumentException($"With {stems.Length} of {size} eigenvalues known, there is nothing for probes.", nameof(stems));
        if (probes.Any(probe => probe.Nodes.IsEmpty))
            throw new ArgumentException("A probe has no node.", nameof(probes));
        return new SpectralMeasure(size, [.. probes], [.. exhausted], Descending(stems)) { Steps = steps, Products = probes.Sum(probe => probe.Nodes.Length) };
    }

    /// <summary>The measure of a spectrum that is known, to compare with.</summary>
    /// <param name="eigenvalues">All n eigenvalues in any order, n from 1.</param>
    public static SpectralMeasure Exact(ReadOnlySpan<double> eigenvalues)
    {
        if (eigenvalues.IsEmpty)
            throw new ArgumentException("There are no eigenvalues.", nameof(eigenvalues));
        double[] nodes = eigenvalues.ToArray();
        Array.Sort(nodes);
        var ends = new double[2 * nodes.Length];
        Array.Fill(ends, Math.Sqrt(1.0 / nodes.Length));
        return new SpectralMeasure(nodes.Length, [new GaussQuadrature(nodes, ends)], [true], []);
    }

    /// <summary>Σ f(λ) over all n eigenvalues.</summary>
    /// <param name="function">f; where it is not smooth the quadrature of a probe has an error that the spread of the probes does not show.</param>
    public SampledValue Sum(Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var samples = new double[Probes.Count];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = Probes[i].Integrate(function);
        double known = 0;
        foreach (double stem in _stems)
            known += function(stem);
        return MeanOf(samples).Times(Size - _stems.Length).Plus(known);
    }

    /// <summary>The share of eigenvalues up to a threshold, with the band of both errors.</summary>
    /// <remarks>
    /// Needs no smoothing. The measure of a probe is known up to the weights of the nodes on both sides of the threshold (inequalities of
    /// Chebyshev, Markov and Stieltjes); the band is that, widened by Student's interval over the probes. An eigenvalue that equals the threshold
    /// may fall on either side by rounding.
    /// </remarks>
    public SpectralShare ShareUpTo(double threshold)
    {
        var (middle, lower, upper) = (new double[Probes.Count], new double[Probes.Count], new double[Probes.Count]);
        for (int i = 0; i < middle.Length; i++)
            (middle[i], lower[i], upper[i]) = Cumulative(Probes[i], threshold, _exhausted[i]);
        int known = 0;
        foreach (double stem in _stems)
            known += stem <= threshold ? 1 : 0;
        double below = (double)known / Size;
        double Share(double probed) => below + (ProbedMass * Math.Clamp(probed, 0, 1));
        return new SpectralShare(Share(MeanOf(middle).Value), Share(MeanOf(lower).Lower), Share(MeanOf(upper).Upper));
    }

    /// <summary>The number of eigenvalues above a threshold, with its band.</summary>
    public SpectralShare CountAbove(double threshold)
    {
        var share = ShareUpTo(threshold);
        return new SpectralShare(Size * (1 - share.Value), Size * (1 - share.Upper), Size * (1 - share.Lower));
    }

    /// <summary>The mean over probes, without an error where the spectrum is known.</summary>
    internal SampledValue MeanOf(ReadOnlySpan<double> samples)
        => IsExact ? SampledValue.Exact(samples[0]) : SampledValue.MeanOf(samples);

    /// <summary>The share of a probe's measure up to a threshold, and the bounds of what it can be.</summary>
    internal static (double Middle, double Lower, double Upper) Cumulative(GaussQuadrature probe, double threshold, bool isExact)
    {
        double sum = 0;
        double last = 0;
        int node = 0;
        for (; node < probe.Nodes.Length && probe.Nodes[node] <= threshold; node++)
            sum += last = probe.Weights[node];
        return isExact ? (sum, sum, sum) : (sum, sum - last, sum + (node < probe.Nodes.Length ? probe.Weights[node] : 0));
    }

    private static double[] Descending(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        Array.Reverse(sorted);
        return sorted;
    }
}
