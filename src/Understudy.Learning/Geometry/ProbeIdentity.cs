namespace Understudy.Learning.Geometry;

/// <summary>The second difference of the residual along a segment sees creases only; specification section 2.3.</summary>
/// <remarks>
/// With γ_k(x) = v_k·(f*(x) − f(x)) and κ_i = max(0, |w_i·h| − |z_i(x)|),
/// γ_k(x + h) + γ_k(x − h) − 2γ_k(x) = (1 − slope)·v_k·(Σ_j v*_j κ*_j − Σ_l v_l κ_l) exactly: affine parts and biases cancel.
/// </remarks>
public static class ProbeIdentity
{
    /// <summary>κ of a node: by how much its boundary cuts into the open segment from x − h to x + h, 0 where it does not.</summary>
    public static double Kappa(TwoLayerNodes network, int node, ReadOnlySpan<double> x, ReadOnlySpan<double> h)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Cut(Dense.Dot(network.Weight(node), h), network.PreActivation(node, x));
    }

    /// <summary>The left side: γ_k at three points.</summary>
    public static double SecondDifference(TwoLayerNodes teacher, TwoLayerNodes student, int observer, ReadOnlySpan<double> x, ReadOnlySpan<double> h)
    {
        var point = x.ToArray();
        var sum = -2 * Residual(teacher, student, observer, point);
        Dense.Add(1, h, point);
        sum += Residual(teacher, student, observer, point);
        Dense.Add(-2, h, point);
        return sum + Residual(teacher, student, observer, point);
    }

    /// <summary>The right side: the creases on the segment.</summary>
    public static double OfCreases(TwoLayerNodes teacher, TwoLayerNodes student, int observer, ReadOnlySpan<double> x, ReadOnlySpan<double> h)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        var sum = 0.0;
        for (var j = 0; j < teacher.Nodes; j++)
            sum += (1 - teacher.Slope) * Dense.Dot(student.FanOut(observer), teacher.FanOut(j)) * Kappa(teacher, j, x, h);
        for (var l = 0; l < student.Nodes; l++)
            sum -= (1 - student.Slope) * Dense.Dot(student.FanOut(observer), student.FanOut(l)) * Kappa(student, l, x, h);
        return sum;
    }

    /// <summary>κ from w·h and z.</summary>
    internal static double Cut(double reach, double z) => Math.Max(0, Math.Abs(reach) - Math.Abs(z));

    private static double Residual(TwoLayerNodes teacher, TwoLayerNodes student, int observer, ReadOnlySpan<double> x)
    {
        var (target, output) = (new double[teacher.Outputs], new double[student.Outputs]);
        teacher.Output(x, target);
        student.Output(x, output);
        Dense.Add(-1, output, target);
        return Dense.Dot(student.FanOut(observer), target);
    }
}
