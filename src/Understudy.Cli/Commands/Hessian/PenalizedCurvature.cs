using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Learning.Curvature;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Curvature of the mean loss at a point, and of (μ/2)‖θ‖² where weight decay is asked for.</summary>
/// <remarks>
/// The penalty is of all parameters; it adds μ θ to the gradient and μ to every eigenvalue of H and of G, the part of the loss that is convex in outputs and penalty. R has no part in it, and
/// S and cov are of the examples' losses alone. Source: hessian specification, sections 1.4 and 10.
/// </remarks>
internal sealed class PenalizedCurvature : IDisposable
{
    private readonly Material _material;
    private double[] _point;
    private NetworkCurvature _network;

    internal PenalizedCurvature(Material material, TaskOptions options)
    {
        (_material, _point, WeightDecay) = (material, material.Point, options.WeightDecay);
        _network = material.Curvature(options.MemoryBytes);
    }

    /// <summary>Without the penalty.</summary>
    internal NetworkCurvature Network => _network;

    /// <summary>μ.</summary>
    internal double WeightDecay { get; }

    /// <summary>P of the block.</summary>
    internal int Size => _network.Size;

    /// <summary>N.</summary>
    internal int Examples => _network.Examples;

    /// <summary>The bytes that the passes of one batch keep, of the gradient and of some matrices.</summary>
    internal long LeastBytes(params ReadOnlySpan<string> matrices)
    {
        var operators = CurvatureOperators.Gradient;
        foreach (var matrix in matrices)
        {
            operators |= matrix switch
            {
                "G" => CurvatureOperators.GaussNewton,
                "R" => CurvatureOperators.Hessian | CurvatureOperators.GaussNewton,
                "S" or "cov" => CurvatureOperators.SecondMoment,
                _ => CurvatureOperators.Hessian,
            };
        }

        return _network.LeastBytes(operators);
    }

    /// <summary>Keeps passes in so many bytes and no more; to be said before anything is computed.</summary>
    /// <param name="bytes">Of the gradient's passes and those of the matrices.</param>
    /// <param name="matrices">Those of which products are taken: the least that they take is left to them by what comes before.</param>
    internal void Keep(double bytes, params ReadOnlySpan<string> matrices)
    {
        var later = LeastBytes(matrices) - LeastBytes();
        _network.Dispose();
        _network = _material.Curvature((long)bytes - later);
        _network.MoveTo(_point);
    }

    /// <summary>Goes to another point.</summary>
    internal void MoveTo(double[] point)
    {
        _point = point;
        _network.MoveTo(point);
    }

    /// <summary>The operator of a word.</summary>
    internal ISymmetricOperator Matrix(string name)
    {
        ISymmetricOperator Shifted(ISymmetricOperator matrix) => WeightDecay == 0 ? matrix : new ShiftedOperator(matrix, WeightDecay);
        return name switch
        {
            "G" => Shifted(_network.GaussNewton),
            "R" => _network.Residual,
            "S" => _network.SecondMoment,
            "cov" => _network.Covariance,
            _ => Shifted(_network.Hessian),
        };
    }

    /// <summary>What is added to each eigenvalue of a matrix.</summary>
    internal double ShiftOf(string name) => name is "H" or "G" ? WeightDecay : 0;

    /// <summary>The gradient of the block, and the loss.</summary>
    internal double[] Gradient(out double loss)
    {
        var gradient = _network.Gradient(out loss);
        if (WeightDecay == 0)
            return gradient;
        loss += 0.5 * WeightDecay * _point.Sum(value => value * value);
        var block = _material.Network.Layout.Slots.Where(slot => _material.Options.Block?.Invoke(slot) ?? true);
        return [.. block.SelectMany(slot => slot.Of<double>(_point).ToArray()).Zip(gradient, (parameter, slope) => slope + (WeightDecay * parameter))];
    }

    /// <summary>The loss.</summary>
    internal double Loss()
    {
        Gradient(out var loss);
        return loss;
    }

    public void Dispose() => _network.Dispose();
}
