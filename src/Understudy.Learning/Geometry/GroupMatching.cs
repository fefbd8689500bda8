namespace Understudy.Learning.Geometry;

/// <summary>How well a teacher node is a sum of student nodes with non-negative weights; specification section 7, item 6.</summary>
/// <param name="Explained">1 − variance of h*_j − Σ_k a_k h_k over variance of h*_j, at the best a ≥ 0; NaN where h*_j does not vary.</param>
/// <param name="Students">Student nodes that carry at least a twentieth of Σ_k a_k σ_k, with σ_k the standard deviation of h_k.</param>
public sealed record GroupMatching(double Explained, int Students)
{
    private const double Carries = 0.05;

    /// <summary>One group per teacher node, over given inputs [N, d]; a constant is free.</summary>
    /// <remarks>Costs N·n²/2 multiplications for the covariances of n students, and some hundred times n² per teacher node.</remarks>
    public static GroupMatching[] Of(TwoLayerNodes teacher, TwoLayerNodes student, ReadOnlySpan<float> inputs)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        var samples = inputs.Length / student.Inputs;
        var (h, targets) = (Centred(student, inputs, samples), Centred(teacher, inputs, samples));
        var n = student.Nodes;
        var gram = new double[n * n];
        for (var k = 0; k < n; k++)
        {
            for (var other = 0; other <= k; other++)
                gram[(k * n) + other] = gram[(other * n) + k] = Dense.Dot(h[k], h[other]) / samples;
        }

        var groups = new GroupMatching[teacher.Nodes];
        var target = new double[n];
        for (var j = 0; j < groups.Length; j++)
        {
            var variance = Dense.Dot(targets[j], targets[j]) / samples;
            for (var k = 0; k < n; k++)
                target[k] = Dense.Dot(h[k], targets[j]) / samples;
            var a = NonNegativeLeastSquares.Solve(gram, target);
            groups[j] = variance > 0 ? new GroupMatching(Explains(a, gram, target) / variance, Carrying(a, gram)) : new GroupMatching(double.NaN, 0);
        }

        return groups;
    }

    /// <summary>2bᵀa − aᵀGa: the variance that is taken away.</summary>
    private static double Explains(double[] a, double[] gram, double[] target)
    {
        var sum = 2 * Dense.Dot(target, a);
        for (var k = 0; k < a.Length; k++)
            sum -= a[k] * Dense.Dot(gram.AsSpan(k * a.Length, a.Length), a);
        return sum;
    }

    private static int Carrying(double[] a, double[] gram)
    {
        double[] shares = [.. a.Select((weight, k) => weight * Math.Sqrt(gram[(k * a.Length) + k]))];
        var sum = shares.Sum();
        return sum > 0 ? shares.Count(share => share >= Carries * sum) : 0;
    }

    /// <summary>Activations less their mean, node by node.</summary>
    private static double[][] Centred(TwoLayerNodes network, ReadOnlySpan<float> inputs, int samples)
    {
        var (activations, x) = (new double[network.Nodes][], new double[network.Inputs]);
        for (var k = 0; k < activations.Length; k++)
            activations[k] = new double[samples];
        for (var i = 0; i < samples; i++)
        {
            for (var u = 0; u < x.Length; u++)
                x[u] = inputs[(i * x.Length) + u];
            for (var k = 0; k < activations.Length; k++)
                activations[k][i] = network.Activation(network.PreActivation(k, x));
        }

        foreach (var node in activations)
        {
            var mean = node.Sum() / samples;
            foreach (ref var value in node.AsSpan())
                value -= mean;
        }

        return activations;
    }
}
