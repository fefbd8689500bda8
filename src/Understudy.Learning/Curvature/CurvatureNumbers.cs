using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Curvature;

/// <summary>What the second derivatives at a point come to in numbers, each with how far it may be off.</summary>
/// <param name="Largest">λ_max of the Hessian.</param>
/// <param name="Residual">|H u − λ_max u| of its vector u: an eigenvalue is that close. 0 where all eigenvalues were found.</param>
/// <param name="Trace">tr H.</param>
/// <param name="Frobenius">‖H‖_F.</param>
/// <param name="FisherRao">θᵀ F θ, with the Gauss-Newton matrix for F, which it is for softmax and half squared losses (Liang et al. 2019).</param>
public sealed record CurvatureNumbers(double Largest, double Residual, SampledValue Trace, SampledValue Frobenius, double FisherRao)
{
    /// <summary>The exact numbers at a point, from all eigenvalues of the Hessian.</summary>
    /// <remarks>P² numbers and O(P³) operations, and what <see cref="ExactHessian"/> costs: by closed form where the network has one, else by P products. Moves <paramref name="curvature"/> to the point.</remarks>
    /// <param name="curvature">The network's curvature, of all parameters.</param>
    /// <param name="parameters">θ [P].</param>
    /// <param name="options">Memory and threads; the matrix is H.</param>
    /// <param name="cancellation">Looked at once per panel of the matrix.</param>
    /// <exception cref="ArgumentException">The curvature is of a block, or of other parameters.</exception>
    /// <exception cref="InvalidOperationException">The matrix takes more than the options allow, or the products are not in double precision.</exception>
    public static CurvatureNumbers Exact(NetworkCurvature curvature, double[] parameters, ExactOptions? options = null, CancellationToken cancellation = default)
    {
        MoveTo(curvature, parameters);
        options = (options ?? new ExactOptions { Team = curvature.Team }) with { Matrix = CurvatureMatrix.Hessian };
        var entries = curvature.ClosedForm is { } point
            ? ExactHessian.Of(point, options, cancellation: cancellation)
            : ExactHessian.ByProducts(curvature.Hessian, out _, options, cancellation: cancellation);
        var values = SymmetricEigenvalues.Overwriting(entries, parameters.Length, options.Team, null, cancellation).Values;
        var trace = 0.0;
        foreach (var value in values)
            trace += value;
        return new CurvatureNumbers(values[^1], 0, SampledValue.Exact(trace), SampledValue.Exact(Dense.Norm(values)), FisherRaoNorm(curvature.GaussNewton, parameters));
    }

    /// <summary>The numbers at a point from products with the Hessian, for networks of any size.</summary>
    /// <remarks>
    /// λ_max by Lanczos steps. The trace is exact where <see cref="ExactTraces"/> has that of H and is cheap, else by <see cref="XTrace"/>; the norm r is the root of
    /// <see cref="XTrace.SquaredNorm"/>, and its error that of the square over 2r. Moves <paramref name="curvature"/> to the point.
    /// </remarks>
    /// <param name="curvature">The network's curvature, of all parameters.</param>
    /// <param name="parameters">θ [P].</param>
    /// <param name="options">Products, tolerance and seed.</param>
    /// <param name="cancellation">Looked at once per block of products.</param>
    /// <exception cref="ArgumentException">The curvature is of a block, or of other parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 8 products.</exception>
    public static CurvatureNumbers Estimated(
        NetworkCurvature curvature, double[] parameters, CurvatureNumbersOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new CurvatureNumbersOptions();
        MoveTo(curvature, parameters);
        var (hessian, team) = (curvature.Hessian, curvature.Team);
        var top = ExtremeEigenpairs.Of(
            hessian, new EigenpairOptions { Top = 1, Tolerance = options.Tolerance, Seed = options.Seed, MemoryBytes = options.SearchBytes, Team = team }, cancellation: cancellation).Top;
        cancellation.ThrowIfCancellationRequested();
        var sketch = new SketchOptions { Products = options.Products, Seed = options.Seed, Team = team };
        // looked at before any pass is made
        var trace = ExactTraces.AreCheap(curvature) && ExactTraces.HaveHessian(curvature.Network)
            ? SampledValue.Exact(ExactTraces.Of(curvature, null, cancellation).GaussNewton)
            : XTrace.Trace(hessian, sketch, cancellation).Estimate;
        var squares = XTrace.SquaredNorm(hessian, sketch, cancellation).Estimate;
        var norm = Math.Sqrt(Math.Max(0, squares.Value));
        return new CurvatureNumbers(
            top.Values[0], top.Residuals[0], trace, squares with { Value = norm, StandardError = squares.StandardError is 0 ? 0 : squares.StandardError / (2 * norm) },
            FisherRaoNorm(curvature.GaussNewton, parameters));
    }

    /// <summary>θᵀ F θ, by one product.</summary>
    public static double FisherRaoNorm(ISymmetricOperator fisher, double[] parameters)
    {
        ArgumentNullException.ThrowIfNull(fisher);
        ArgumentNullException.ThrowIfNull(parameters);
        var product = new double[parameters.Length];
        fisher.Apply(parameters, product);
        return Dense.Dot(parameters, product);
    }

    private static void MoveTo(NetworkCurvature curvature, double[] parameters)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        ArgumentNullException.ThrowIfNull(parameters);
        if (curvature.Size != parameters.Length)
            throw new ArgumentException($"The curvature is of {curvature.Size} parameters, but the point has {parameters.Length}.", nameof(parameters));
        curvature.MoveTo(parameters);
    }
}

/// <summary>What estimates of curvature in numbers may cost.</summary>
public sealed record CurvatureNumbersOptions
{
    /// <summary>Products with the Hessian for the norm, and as many for a trace that is not exact; at least <see cref="XTrace.LeastProductsOfNorm"/>.</summary>
    public int Products { get; init; } = 60;

    /// <summary>The relative residual of the largest eigenvalue.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Bytes that the search for the largest eigenvalue may take.</summary>
    public long SearchBytes { get; init; } = new EigenpairOptions().MemoryBytes;

    /// <summary>The seed of probes and of the start vector.</summary>
    public ulong Seed { get; init; } = 1;
}
