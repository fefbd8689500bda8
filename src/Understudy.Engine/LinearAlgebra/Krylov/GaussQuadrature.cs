namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Nodes and weights with ∑ w f(θ) ≈ vᵀ f(A) v / vᵀv: what m Lanczos steps from v know of the spectrum.</summary>
/// <remarks>Exact for polynomials f of degree up to 2m - 1 (Golub and Meurant 2010, chapter 6). The weights sum to 1.</remarks>
public sealed class GaussQuadrature
{
    private readonly double[] _nodes;
    private readonly double[] _weights;
    private readonly double[] _lastComponents;

    /// <param name="nodes">Ascending eigenvalues of T.</param>
    /// <param name="ends">[m, 2]: the first and the last component of each eigenvector.</param>
    internal GaussQuadrature(double[] nodes, ReadOnlySpan<double> ends)
    {
        _nodes = nodes;
        _weights = new double[nodes.Length];
        _lastComponents = new double[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            _weights[i] = ends[2 * i] * ends[2 * i];
            _lastComponents[i] = Math.Abs(ends[(2 * i) + 1]);
        }
    }

    private GaussQuadrature(double[] nodes, double[] weights) => (_nodes, _weights, _lastComponents) = (nodes, weights, []);

    /// <summary>Nodes and weights that were kept in numbers, without last components.</summary>
    /// <param name="nodes">Ascending and finite.</param>
    /// <param name="weights">As many, none below 0, with the sum 1 to 1e-6.</param>
    /// <exception cref="ArgumentException">They are not that.</exception>
    public static GaussQuadrature Kept(ReadOnlySpan<double> nodes, ReadOnlySpan<double> weights)
    {
        if (nodes.Length != weights.Length)
            throw new ArgumentException($"There are {nodes.Length} nodes and {weights.Length} weights.", nameof(weights));
        double sum = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            if (!double.IsFinite(nodes[i]) || (i > 0 && !(nodes[i] >= nodes[i - 1])))
                throw new ArgumentException($"Node {i}, {nodes[i]}, is not finite or not above the one before.", nameof(nodes));
            if (!(weights[i] >= 0))
                throw new ArgumentException($"Weight {i}, {weights[i]}, is below 0 or no number.", nameof(weights));
            sum += weights[i];
        }

        if (!(Math.Abs(sum - 1) <= 1e-6))
            throw new ArgumentException($"The weights have the sum {sum} and not 1.", nameof(weights));
        return new GaussQuadrature(nodes.ToArray(), weights.ToArray());
    }

    /// <summary>The Ritz values θ [m] in ascending order.</summary>
    public ReadOnlySpan<double> Nodes => _nodes;

    /// <summary>The squared first components of the eigenvectors of T [m].</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The magnitudes of the last components of the eigenvectors of T [m]; empty where the quadrature was kept in numbers.</summary>
    /// <remarks>Times <see cref="LanczosProcess.Residual"/> they are the residual norms |A u - θ u| of the Ritz vectors u = Vᵀ y.</remarks>
    public ReadOnlySpan<double> LastComponents => _lastComponents;

    /// <summary>∑ w f(θ).</summary>
    public double Integrate(Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        double sum = 0;
        for (int i = 0; i < _nodes.Length; i++)
            sum += _weights[i] * function(_nodes[i]);
        return sum;
    }
}
