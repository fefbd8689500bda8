using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>The highest rise of the loss that ascent finds near a point.</summary>
/// <remarks>Ascents of n steps, n > 1, take steps of 2.5/n of the way to the border and are brought back to it; the best point on the way counts, the start among them. A gradient of zero leads nowhere.</remarks>
internal sealed class Ascent(LossEvaluator evaluator, double[] parameters, CancellationToken cancellation)
{
    private const double Reach = 2.5;

    private readonly double[] _point = new double[parameters.Length];
    private readonly double[] _gradient = new double[parameters.Length];
    private readonly double[] _offset = new double[parameters.Length];

    /// <summary>max L(θ+δ) − L with |δ_i| ≤ ε (|θ_i| + 1), by projected steps along the signs of the gradient.</summary>
    internal double Box(double size, int steps) => Climb(steps, () =>
    {
        for (var i = 0; i < _offset.Length; i++)
        {
            var border = size * (Math.Abs(parameters[i]) + 1);
            _offset[i] = Math.Clamp(_offset[i] + (Math.Min(Reach / steps, 1) * border * Sign(_gradient[i])), -border, border);
            _point[i] = parameters[i] + _offset[i];
        }
    });

    /// <summary>max L(θ + T u) − L with |u| ≤ ρ, T diagonal, by projected normalized gradient steps; in one step straight to the border.</summary>
    internal double Ellipsoid(double[] axes, double radius, int steps) => Climb(steps, () =>
    {
        for (var i = 0; i < _gradient.Length; i++)
            _gradient[i] *= axes[i];
        if (Vectors.Norm(_gradient) is > 0 and var length)
            Dense.Add(Math.Min(Reach / steps, 1) * radius / length, _gradient, _offset);
        if (Vectors.Norm(_offset) is var reached && reached > radius)
            Vectors.Scale(radius / reached, _offset);
        for (var i = 0; i < _point.Length; i++)
            _point[i] = parameters[i] + (axes[i] * _offset[i]);
    });

    /// <summary>The mean, by examples, of L_m(θ + ρ g_m/|g_m|) − L_m over batches of m examples one behind the other.</summary>
    internal double Batches(double radius, int rows)
    {
        var (examples, sums, total) = (evaluator.Examples, new double[parameters.Length + 1], 0.0);
        rows = Math.Min(examples.BatchRows(evaluator.Network, rows), examples.Count);
        BatchSums Compile(int count) => new(evaluator.Network, evaluator.Loss, examples, count, count, Curvature.Sums.Gradient, evaluator.Team);
        using var whole = Compile(rows);
        using var last = examples.Count % rows > 0 ? Compile(examples.Count % rows) : null;
        for (var first = 0; first < examples.Count; first += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = first + rows <= examples.Count ? whole : last!;
            batch.Load(first);
            batch.MoveTo(parameters);
            batch.Run(sums);
            var before = sums[^1];
            parameters.CopyTo(_point, 0);
            if (Vectors.Norm(sums.AsSpan(0, _point.Length)) is > 0 and var length)
                Dense.Add(radius / length, sums.AsSpan(0, _point.Length), _point);
            batch.MoveTo(_point);
            batch.Run(sums);
            total += batch.Rows * (sums[^1] - before);
        }

        return total / examples.Count;
    }

    private static double Sign(double value) => value > 0 ? 1 : value < 0 ? -1 : 0;

    /// <summary>The largest rise on a way of steps; of a single step the rise at its end, whatever it is.</summary>
    private double Climb(int steps, Action step)
    {
        Array.Clear(_offset);
        parameters.CopyTo(_point, 0);
        var (start, highest) = (0.0, double.NegativeInfinity);
        for (var i = 0; i < steps; i++)
        {
            var loss = evaluator.Gradient(_point, _gradient, cancellation);
            if (i == 0)
                start = loss;
            if (steps > 1)
                highest = Math.Max(highest, loss);
            step();
        }

        // a maximum that is not a number stays one
        return Math.Max(highest, evaluator.At(1, (_, into) => _point.CopyTo(into), cancellation: cancellation)[0].Loss) - start;
    }
}
