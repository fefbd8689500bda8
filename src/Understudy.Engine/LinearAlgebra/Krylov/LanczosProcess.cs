namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>m Lanczos steps from a start vector: an orthonormal basis V of v, A v, A²v, … and the tridiagonal matrix V A Vᵀ.</summary>
/// <remarks>
/// <para>w = A v_j - β v_(j-1), α = v_jᵀw, w -= α v_j, w -= Vᵀ(V w), again where that took more than a hundredth of what it left, β = |w|, v_(j+1) = w / β (Lanczos 1950; Daniel, Gragg, Kaufman, Stewart 1976; Parlett 1998, chapter 13).</para>
/// <para>Stops early where β ≤ 10 ε |T|: the basis then spans an invariant subspace, and quadrature is exact for this start vector. One start vector sees one
/// eigenvector of each eigenvalue, whatever its multiplicity.</para>
/// <para>Costs m products and, with <see cref="Reorthogonalization.Full"/>, 2 m²n operations and m·n numbers of memory per start vector.</para>
/// </remarks>
public sealed class LanczosProcess
{
    private readonly double[] _basis;
    private readonly double _lossAtFirst;
    private double? _loss;

    private LanczosProcess(LanczosRecurrence recurrence)
    {
        _basis = recurrence.Basis();
        Tridiagonal = recurrence.Tridiagonal;
        Residual = recurrence.Residual;
        StartNorm = recurrence.StartNorm;
        IsExhausted = recurrence.IsExhausted;
        _lossAtFirst = recurrence.LossAtFirst;
    }

    /// <summary>T [steps, steps].</summary>
    public Tridiagonal Tridiagonal { get; }

    /// <summary>The steps that were made, each of one product: fewer than asked for where the subspace was exhausted or the process cancelled.</summary>
    public int Steps => Tridiagonal.Size;

    /// <summary>β behind the last step: times the last component of an eigenvector of T it is the residual norm of a Ritz pair.</summary>
    public double Residual { get; }

    /// <summary>The length of the start vector as it was given.</summary>
    public double StartNorm { get; }

    /// <summary>Whether the basis spans an invariant subspace, so that Ritz values are eigenvalues.</summary>
    public bool IsExhausted { get; }

    /// <summary>V [steps, n], the basis as rows; empty unless <see cref="LanczosOptions.KeepsBasis"/>.</summary>
    public ReadOnlySpan<double> Basis => _basis;

    /// <summary>The largest entry of |V Vᵀ - I|, as measured.</summary>
    /// <remarks>
    /// Over all pairs where the basis is kept, which costs m²n operations at the first call; else over the pairs with the first vector alone, which is a
    /// lower bound.
    /// </remarks>
    public double LossOfOrthogonality => _basis.Length == 0 ? _lossAtFirst : _loss ??= OrthonormalRows.LossOfOrthogonality(_basis, Steps);

    /// <summary>Runs the process from one start vector.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="start">v: [n], of any positive length. Never one that a symmetry of A leaves alone, such as all ones.</param>
    /// <param name="steps">At most so many steps, and at most n.</param>
    /// <param name="options">How the basis is kept; null for the defaults.</param>
    /// <param name="cancellation">Looked at once per step; see <see cref="LanczosOptions.EndsWhenCancelled"/>.</param>
    /// <exception cref="ArgumentException">The start vector is zero, not finite, or of another length than n.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static LanczosProcess Of(
        ISymmetricOperator matrix, ReadOnlySpan<double> start, int steps, LanczosOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (start.Length != matrix.Size)
            throw new ArgumentException($"An operator of size {matrix.Size} cannot start from a vector of {start.Length}.", nameof(start));
        return Lockstep(matrix, start, steps, options, cancellation)[0];
    }

    /// <summary>Runs the processes of several start vectors together: each step is one product with a block of vectors.</summary>
    /// <remarks>
    /// Each process is the same to the bit as alone, if the operator's products do not depend on the size of the block. A process that is exhausted
    /// leaves the block.
    /// </remarks>
    /// <param name="matrix">A.</param>
    /// <param name="starts">[count, n]: the start vectors as rows, count from 1.</param>
    /// <param name="steps">At most so many steps each, and at most n.</param>
    /// <param name="options">How the bases are kept; null for the defaults.</param>
    /// <param name="cancellation">Looked at once per step; see <see cref="LanczosOptions.EndsWhenCancelled"/>.</param>
    /// <exception cref="ArgumentException">A start vector is zero or not finite, or there are no whole rows.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static LanczosProcess[] Lockstep(
        ISymmetricOperator matrix, ReadOnlySpan<double> starts, int steps, LanczosOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        int size = matrix.Size;
        if (size == 0 || starts.Length == 0 || starts.Length % size != 0)
            throw new ArgumentException($"{starts.Length} numbers are not whole start vectors of length {size}.", nameof(starts));

        int count = starts.Length / size;
        var recurrences = new LanczosRecurrence[count];
        for (int i = 0; i < count; i++)
            recurrences[i] = new LanczosRecurrence(starts.Slice(i * size, size), steps, options ?? new LanczosOptions());
        Run(matrix, recurrences, (options ?? new LanczosOptions()).EndsWhenCancelled, cancellation);
        return Array.ConvertAll(recurrences, recurrence => new LanczosProcess(recurrence));
    }

    private static void Run(ISymmetricOperator matrix, LanczosRecurrence[] recurrences, bool endsWhenCancelled, CancellationToken cancellation)
    {
        int size = matrix.Size;
        var vectors = new double[OrthonormalRows.Capacity(size, recurrences.Length)];
        var products = new double[vectors.Length];
        while (true)
        {
            int active = 0;
            foreach (var recurrence in recurrences)
            {
                if (!recurrence.IsDone)
                    recurrence.Current.CopyTo(vectors.AsSpan(active++ * size, size));
            }

            if (active == 0 || (endsWhenCancelled && recurrences[0].Steps > 0 && cancellation.IsCancellationRequested))
                return;
            cancellation.ThrowIfCancellationRequested();
            matrix.Apply(vectors.AsSpan(0, active * size), products.AsSpan(0, active * size));
            int row = 0;
            foreach (var recurrence in recurrences)
            {
                if (!recurrence.IsDone)
                    recurrence.Advance(products, row++ * size);
            }
        }
    }
}
