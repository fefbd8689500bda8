using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>Gram matrices of the derivatives of all outputs on all examples: G and the tangent kernel seen from the side of the outputs.</summary>
/// <remarks>Cheaper than a matrix [P, P] where N·C is less than P. Costs (N·C)² Σ n_l multiply-adds and some 16 (N·C)² bytes. Source: hessian specification, section 1.2.</remarks>
public static class OutputGram
{
    /// <summary>K, [N·C, N·C], with the blocks (1/N) B_iᵀ J_i J_jᵀ B_j and A = B Bᵀ: the eigenvalues that are not zero are those of G.</summary>
    /// <remarks>Row i·C + c belongs to column c of B_i on example i.</remarks>
    /// <exception cref="InvalidOperationException">There are more entries than an array holds.</exception>
    public static double[] GaussNewton(MlpPoint point, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(point);
        return Mean(point, FactoredGram.Of(point, point.RootColumns, pass => pass.Roots(), team));
    }

    /// <summary>K of any network and block of its parameters.</summary>
    /// <remarks>Costs (N·C)²·P/2 multiply-adds and N·C reverse passes of one example, on one thread; where the network couples examples, of all of them.</remarks>
    /// <exception cref="InvalidOperationException">There are more entries than an array holds.</exception>
    public static double[] GaussNewton(NetworkCurvature curvature)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        return curvature.ClosedForm is { } point ? GaussNewton(point, curvature.Team) : Pulled(curvature, curvature.WriteRoots);
    }

    /// <summary>The neural tangent kernel over N: [N·C, N·C] with the blocks (1/N) J_i J_jᵀ (Jacot, Gabriel and Hongler 2018).</summary>
    /// <remarks>Row i·C + c belongs to output c on example i.</remarks>
    /// <exception cref="InvalidOperationException">There are more entries than an array holds.</exception>
    public static double[] TangentKernel(MlpPoint point, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(point);
        var outputs = point.Network.Outputs;
        return Mean(point, FactoredGram.Of(point, outputs, pass => pass.Cotangents(outputs, (_, _, rows) => Identity(rows, outputs)), team));
    }

    /// <summary>The neural tangent kernel over N of any network and block of its parameters.</summary>
    /// <remarks>Costs what <see cref="GaussNewton(NetworkCurvature)"/> does.</remarks>
    /// <exception cref="InvalidOperationException">There are more entries than an array holds.</exception>
    public static double[] TangentKernel(NetworkCurvature curvature)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        return curvature.ClosedForm is { } point ? TangentKernel(point, curvature.Team) : Pulled(curvature, (output, _, rows) => Identity(rows, output.Length));
    }

    private static double[] Pulled(NetworkCurvature curvature, CotangentRule rule)
    {
        using var source = curvature.Rows();
        var gram = PulledGram.Of(source, source.Outputs, rule, curvature.Team);
        FeatureRows.Scale(1.0 / source.Examples, gram, gram);
        return gram;
    }

    private static void Identity(Span<double> matrix, int size)
    {
        matrix.Clear();
        for (var c = 0; c < size; c++)
            matrix[(c * size) + c] = 1;
    }

    private static double[] Mean(MlpPoint point, double[] gram)
    {
        FeatureRows.Scale(1.0 / point.Examples.Count, gram, gram);
        return gram;
    }
}
