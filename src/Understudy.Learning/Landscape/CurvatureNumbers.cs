using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Curvature;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>What the second derivatives at a point come to in numbers.</summary>
/// <param name="Largest">λ_max of the Hessian.</param>
/// <param name="Trace">tr H.</param>
/// <param name="Frobenius">‖H‖_F.</param>
/// <param name="FisherRao">θᵀ F θ, with the Gauss-Newton matrix for F, which it is for softmax and half squared losses (Liang et al. 2019).</param>
public readonly record struct CurvatureNumbers(double Largest, double Trace, double Frobenius, double FisherRao)
{
    /// <summary>The exact numbers at a point, from the whole Hessian.</summary>
    /// <remarks>P products, P² numbers and O(P³) operations: for small networks, or to check estimates. Moves <paramref name="curvature"/> to the point.</remarks>
    /// <exception cref="ArgumentException">The curvature is of a block, or of other parameters.</exception>
    public static CurvatureNumbers Exact(NetworkCurvature curvature, double[] parameters, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        ArgumentNullException.ThrowIfNull(parameters);
        if (curvature.Size != parameters.Length)
            throw new ArgumentException($"The curvature is of {curvature.Size} parameters, but the point has {parameters.Length}.", nameof(parameters));
        curvature.MoveTo(parameters);
        var (hessian, size) = (curvature.Hessian, curvature.Size);
        var (matrix, unit) = (new double[checked(size * size)], new double[size]);
        for (var i = 0; i < size; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            unit[i] = 1;
            hessian.Apply(unit, matrix.AsSpan(i * size, size));
            unit[i] = 0;
        }

        var eigen = SymmetricEigen.Of(matrix, size, cancellation);
        var trace = 0.0;
        foreach (var value in eigen.Values)
            trace += value;
        return new CurvatureNumbers(eigen.Values[^1], trace, Vectors.Norm(eigen.Values), FisherRaoNorm(curvature.GaussNewton, parameters));
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
}
