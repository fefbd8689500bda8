using Understudy.Learning.Geometry;

namespace Understudy.Learning.Representations;

/// <summary>Minimizes a smooth convex function by L-BFGS steps (Nocedal 1980), halved until the function falls by a share of what its slope promises.</summary>
/// <param name="evaluate">Writes the gradient at a point and returns the function.</param>
internal sealed class LimitedMemoryDescent(Func<double[], double[], double> evaluate)
{
    private const int Pairs = 10;
    private const int MostHalvings = 40;

    // of the slope: what every text on line searches takes (Nocedal and Wright 2006, section 3.1)
    private const double Sufficient = 1e-4;

    private readonly List<(double[] Step, double[] Change, double Inverse)> _pairs = [];

    /// <summary>The norm of the gradient at the last point.</summary>
    internal double GradientNorm { get; private set; }

    /// <summary>Moves a point until the norm of the gradient is at most the tolerance, steps are used up, or rounding hides every descent.</summary>
    /// <returns>The steps taken.</returns>
    internal int Minimize(double[] point, double tolerance, int maximumSteps, CancellationToken cancellation)
    {
        var gradient = new double[point.Length];
        var value = evaluate(point, gradient);
        GradientNorm = Dense.Norm(gradient);
        for (var step = 0; ; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (GradientNorm <= tolerance || step == maximumSteps || Descend(point, gradient, value) is not { } next)
                return step;
            value = next;
            GradientNorm = Dense.Norm(gradient);
        }
    }

    /// <summary>One step: moves point and gradient and returns the function there, or null where no step descends.</summary>
    private double? Descend(double[] point, double[] gradient, double value)
    {
        var direction = Direction(gradient);
        var (slope, scale) = (Dense.Dot(direction, gradient), _pairs.Count == 0 ? 1 / Math.Max(1, GradientNorm) : 1.0);
        var (next, nextGradient) = (new double[point.Length], new double[point.Length]);
        for (var halving = 0; halving <= MostHalvings; halving++, scale /= 2)
        {
            point.CopyTo(next, 0);
            Dense.Add(scale, direction, next);
            var nextValue = evaluate(next, nextGradient);
            if (!(nextValue <= value + (Sufficient * scale * slope)))
                continue;
            Remember(point, next, gradient, nextGradient);
            next.CopyTo(point, 0);
            nextGradient.CopyTo(gradient, 0);
            return nextValue;
        }

        return null;
    }

    /// <summary>−H g with the inverse Hessian H that the pairs tell, by the two loops of Nocedal.</summary>
    private double[] Direction(double[] gradient)
    {
        var (direction, factors) = ((double[])gradient.Clone(), new double[_pairs.Count]);
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            factors[i] = _pairs[i].Inverse * Dense.Dot(_pairs[i].Step, direction);
            Dense.Add(-factors[i], _pairs[i].Change, direction);
        }

        var first = _pairs.Count == 0 ? 1 : 1 / (_pairs[^1].Inverse * Dense.Dot(_pairs[^1].Change, _pairs[^1].Change));
        foreach (ref var component in direction.AsSpan())
            component *= -first;
        for (var i = 0; i < _pairs.Count; i++)
            Dense.Add(-factors[i] - (_pairs[i].Inverse * Dense.Dot(_pairs[i].Change, direction)), _pairs[i].Step, direction);
        return direction;
    }

    /// <summary>Keeps step and change of the gradient where they show positive curvature, so that H stays positive definite.</summary>
    private void Remember(double[] point, double[] next, double[] gradient, double[] nextGradient)
    {
        var (step, change) = ((double[])next.Clone(), (double[])nextGradient.Clone());
        Dense.Add(-1, point, step);
        Dense.Add(-1, gradient, change);
        var product = Dense.Dot(step, change);
        if (!(product > 1e-14 * Dense.Norm(step) * Dense.Norm(change)))
            return;
        if (_pairs.Count == Pairs)
            _pairs.RemoveAt(0);
        _pairs.Add((step, change, 1 / product));
    }
}
