using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

/// <summary>A linear model with squared loss is a quadratic whose Hessian is known: of weights and bias, the mean of (x, 1)(x, 1)ᵀ.</summary>
public sealed class SharpnessTests : IDisposable
{
    private const int Count = 30;
    private const int Inputs = 4;

    private readonly Mlp _linear = Mlp.Relu(Inputs, 1);
    private readonly double[] _rows = new double[Count * (Inputs + 1)];
    private readonly double[] _theta = [0.5, 1, 1.5, 2, 0.25];
    private readonly LossEvaluator _quadratic;

    public SharpnessTests()
    {
        // positive inputs and outputs above the targets: gradient and Hessian have no negative entry, so corners are known
        var draw = new Draw(1);
        double[] x = [.. draw.Normal(Count * Inputs).Select(value => Math.Abs(value) + 0.1)], y = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            x.AsSpan(i * Inputs, Inputs).CopyTo(_rows.AsSpan(i * (Inputs + 1)));
            _rows[(i * (Inputs + 1)) + Inputs] = 1;
            y[i] = 0.1 * draw.Uniform();
        }

        _quadratic = new LossEvaluator(_linear, OutputLoss.HalfSquared, new ExampleSet(x, y, Count), batchRows: 8);
    }

    [Fact]
    public void The_sharpest_corner_of_a_box_is_found()
    {
        var gradient = Gradient();
        double[] corner = [.. _theta.Select(value => 1e-3 * (Math.Abs(value) + 1))];

        var values = Sharpness.Measure(_quadratic, _theta);

        Assert.Equal(_quadratic.At(_theta).Loss, values.Loss);
        Assert.Equal(100 * Rise(gradient, corner) / (1 + values.Loss), values.Boxes[0], 1e-10);
        Assert.Equal(100 * Rise(gradient, [.. corner.Select(value => value / 2)]) / (1 + values.Loss), values.Boxes[1], 1e-10);
    }

    [Fact]
    public void Steps_to_the_border_of_a_ball_and_of_an_ellipsoid_have_their_formulas()
    {
        var gradient = Gradient();
        double[] scaled = [.. gradient.Zip(_theta, (slope, value) => slope * value)];

        var values = Sharpness.Measure(_quadratic, _theta, new SharpnessOptions { BatchSize = Count });

        Assert.Equal(Rise(gradient, [.. gradient.Select(slope => 0.05 * slope / Norm(gradient))]), values.BallStep, 1e-12);
        Assert.Equal(Rise(gradient, [.. scaled.Zip(_theta, (slope, value) => 0.5 * value * slope / Norm(scaled))]), values.AdaptiveStep, 1e-12 * values.AdaptiveStep);
        // one batch of all examples is the whole
        Assert.Equal(values.BallStep, values.BatchStep, 1e-12);
    }

    [Fact]
    public void Ascent_finds_the_largest_rise_of_a_quadratic_in_a_ball()
    {
        var gradient = Gradient();
        // the maximum satisfies δ = ρ (g + Hδ)/|g + Hδ|, a contraction for small ρ
        double[] delta = new double[Inputs + 1];
        for (var i = 0; i < 200; i++)
        {
            double[] slope = [.. Hessian(delta).Zip(gradient, (curved, straight) => curved + straight)];
            delta = [.. slope.Select(value => 0.05 * value / Norm(slope))];
        }

        var values = Sharpness.Measure(_quadratic, _theta);

        // 20 steps turn towards it to the square of some 1e-4
        Assert.Equal(Rise(gradient, delta), values.BallAscent, 1e-6 * values.BallAscent);
        Assert.True(values.BallAscent >= values.BallStep * (1 - 1e-12));
        Assert.True(values.AdaptiveAscent >= values.AdaptiveStep * (1 - 1e-12));
    }

    [Fact]
    public void Batches_of_m_are_the_mean_of_their_own_steps()
    {
        var expected = 0.0;
        for (var first = 0; first < Count; first += 8)
        {
            var rows = Math.Min(8, Count - first);
            var part = new ExampleSet(
                _quadratic.Examples.Inputs.Slice(first * Inputs, rows * Inputs).ToArray(), _quadratic.Examples.Targets.Slice(first, rows).ToArray(), rows);
            using var own = new LossEvaluator(_linear, OutputLoss.HalfSquared, part);
            expected += rows * Sharpness.Measure(own, _theta).BallStep / Count;
        }

        var values = Sharpness.Measure(_quadratic, _theta, new SharpnessOptions { BatchSize = 8 });

        Assert.Equal(expected, values.BatchStep, 1e-12 * expected);
        Assert.True(values.BatchStep > values.BallStep);
    }

    [Fact]
    public void Noise_raises_a_quadratic_by_half_its_trace_in_the_mean_and_by_the_chosen_amount_at_sigma()
    {
        // at the minimum there is no linear part: the mean rise is σ²/2 tr H, within a few standard errors of a mean over draws
        double[] x = [.. _quadratic.Examples.Inputs], y = new double[Count];
        using var exact = new LossEvaluator(_linear, OutputLoss.HalfSquared, new ExampleSet(x, y, Count));
        var trace = _rows.Sum(value => value * value) / Count;
        var options = new SharpnessOptions { NoiseDraws = 2000, PacBayesRise = 0.1, AscentSteps = 1 };

        var values = Sharpness.Measure(exact, new double[Inputs + 1], options);

        Assert.Equal(Math.Sqrt(0.2 / trace), values.PacBayesSigma.Value, 0.05 * values.PacBayesSigma.Value);
        Assert.Equal((0.0, 0.0, 0.0), (values.BallStep, values.BallAscent, values.NoiseRise.Value));
    }

    [Fact]
    public void Errors_of_noise_are_those_of_a_quadratic_form_in_normal_numbers()
    {
        // ½ δᵀHδ with δ of N(0, σ²) has the deviation σ²|H|/√2, and its mean the slope σ tr H
        using var exact = new LossEvaluator(_linear, OutputLoss.HalfSquared, new ExampleSet([.. _quadratic.Examples.Inputs], new double[Count], Count));
        double[][] columns = [.. Enumerable.Range(0, Inputs + 1).Select(j => Hessian([.. Enumerable.Range(0, Inputs + 1).Select(i => i == j ? 1.0 : 0)]))];
        var (trace, norm) = (columns.Select((column, j) => column[j]).Sum(), Math.Sqrt(columns.Sum(column => column.Sum(value => value * value))));

        var sigma = Sharpness.Measure(exact, new double[Inputs + 1], new SharpnessOptions { NoiseDraws = 2000, AscentSteps = 1 }).PacBayesSigma;
        var rise = Sharpness.Measure(_quadratic, _theta, new SharpnessOptions { NoiseDraws = 50, AscentSteps = 1 }).NoiseRise;

        // a deviation from 2,000 draws of such a form is known to some 5 %
        Assert.Equal(sigma.Value * norm / (Math.Sqrt(2 * 2000) * trace), sigma.StandardError, 0.2 * sigma.StandardError);
        Assert.InRange((sigma.Value - Math.Sqrt(0.2 / trace)) / sigma.StandardError, -4, 4);
        Assert.Equal(50, rise.Samples);
        Assert.InRange(rise.StandardError, 1e-3 * Math.Abs(rise.Value), double.MaxValue);
    }

    [Fact]
    public void Sigma_is_looked_for_in_bounds_and_only_where_there_is_a_loss()
    {
        double[] x = [.. _quadratic.Examples.Inputs], y = new double[Count], minimum = new double[Inputs + 1];
        using var exact = new LossEvaluator(_linear, OutputLoss.HalfSquared, new ExampleSet(x, y, Count));
        double Sigma(double rise, double loss = 0) => new NoiseRise(exact, minimum, loss, new SharpnessOptions { PacBayesRise = rise }, default).PacBayesSigma().Value;
        // of the square of σ: 2¹⁰ lies between the last two
        var scale = 0.1 / (Sigma(0.1) * Sigma(0.1));

        Assert.Equal(1000, Sigma(scale * 1e6), 1);
        Assert.Equal(double.PositiveInfinity, Sigma(scale * 1.1e6));
        Assert.Equal(double.PositiveInfinity, Sigma(double.PositiveInfinity));
        Assert.Equal(0, Sigma(-1));
        foreach (var loss in new[] { double.NaN, double.PositiveInfinity })
            Assert.Equal(double.NaN, Sigma(0.1, loss));
    }

    [Fact]
    public void Exact_curvature_is_that_of_the_known_Hessian()
    {
        using var curvature = new NetworkCurvature(_linear, OutputLoss.HalfSquared, _quadratic.Examples, new double[Inputs + 1]);
        var outputs = Enumerable.Range(0, Count).Select(i => Enumerable.Range(0, Inputs + 1).Sum(j => _theta[j] * _rows[(i * (Inputs + 1)) + j]));
        double[][] columns = [.. Enumerable.Range(0, Inputs + 1).Select(j => Hessian([.. Enumerable.Range(0, Inputs + 1).Select(i => i == j ? 1.0 : 0)]))];

        var numbers = CurvatureNumbers.Exact(curvature, _theta);

        Assert.Equal(columns.Select((column, j) => column[j]).Sum(), numbers.Trace.Value, 1e-12 * numbers.Trace.Value);
        Assert.Equal(Math.Sqrt(columns.Sum(column => column.Sum(value => value * value))), numbers.Frobenius.Value, 1e-12 * numbers.Frobenius.Value);
        Assert.Equal(outputs.Sum(value => value * value) / Count, numbers.FisherRao, 1e-12 * numbers.FisherRao);
        Assert.Equal(Largest(), numbers.Largest, 1e-12 * numbers.Largest);
    }

    [Fact]
    public void Rescaling_a_layer_changes_what_is_not_of_the_function_and_nothing_else()
    {
        var draw = new Draw(2);
        var network = Mlp.Relu(4, 6, 3);
        using var evaluator = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 40));
        var theta = SmallProblem.Trained(draw, evaluator, 100);
        using var curvature = new NetworkCurvature(network, OutputLoss.CrossEntropy, evaluator.Examples, theta);

        var shares = new Shares();
        var (original, rescaled) = Sharpness.Compare(evaluator, theta, curvature: at => CurvatureNumbers.Exact(curvature, at), progress: shares);

        Assert.Equal(original.Loss, rescaled.Loss, 1e-14);
        Assert.Equal(original.AdaptiveStep, rescaled.AdaptiveStep, 1e-11 * original.AdaptiveStep);
        Assert.Equal(original.AdaptiveAscent, rescaled.AdaptiveAscent, 1e-9 * original.AdaptiveAscent);
        Assert.Equal(original.NoiseRise.Value, rescaled.NoiseRise.Value, 1e-11);
        Assert.True(Ratio(values => values.Curvature!.Largest) > 1.5);
        Assert.True(Ratio(values => values.Curvature!.Trace.Value) > 1.2);
        Assert.True(Ratio(values => values.BallStep) > 1.05);
        Assert.True(Ratio(values => values.Boxes[0]) > 1.05);
        Assert.True(Ratio(values => values.PacBayesSigma.Value) > 1.05);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);

        double Ratio(Func<SharpnessValues, double> of) => Math.Max(of(original) / of(rescaled), of(rescaled) / of(original));
    }

    [Fact]
    public void Rescaled_layers_have_the_same_outputs_to_the_bit()
    {
        var draw = new Draw(3);
        var network = Mlp.Relu(4, 6, 5, 3);
        var theta = SmallProblem.Drawn(draw, network);
        var examples = SmallProblem.Clusters(draw, 20);

        var rescaled = RescaledLayer.Of(network, theta, layer: 1);

        Assert.NotEqual(theta, rescaled);
        Assert.Equal(SmallProblem.Outputs(network, theta, examples), SmallProblem.Outputs(network, rescaled, examples));
    }

    [Fact]
    public void Teams_do_not_change_a_bit_and_cancelling_ends_it()
    {
        using var two = new Team(2);
        using var shared = new LossEvaluator(_linear, OutputLoss.HalfSquared, _quadratic.Examples, two, batchRows: 8);
        using var source = new CancellationTokenSource();
        source.Cancel();

        var (first, second) = (Sharpness.Measure(_quadratic, _theta), Sharpness.Measure(shared, _theta));

        Assert.Equal(first.Boxes, second.Boxes);
        Assert.Equal(first with { Boxes = [] }, second with { Boxes = [] });
        Assert.Throws<OperationCanceledException>(() => Sharpness.Measure(_quadratic, _theta, cancellation: source.Token));
        Assert.Throws<ArgumentException>(() => Sharpness.Measure(_quadratic, new double[3]));
    }

    public void Dispose() => _quadratic.Dispose();

    /// <summary>What was told, at once.</summary>
    private sealed class Shares : List<double>, IProgress<double>
    {
        public void Report(double value) => Add(value);
    }

    private double[] Gradient()
    {
        var gradient = new double[Inputs + 1];
        _quadratic.Gradient(_theta, gradient);
        return gradient;
    }

    /// <summary>g·δ + ½ δ·Hδ.</summary>
    private double Rise(double[] gradient, double[] delta)
        => gradient.Zip(delta, (slope, step) => slope * step).Sum() + (0.5 * Hessian(delta).Zip(delta, (curved, step) => curved * step).Sum());

    private double[] Hessian(double[] vector)
    {
        var product = new double[vector.Length];
        for (var i = 0; i < Count; i++)
        {
            var row = _rows.AsSpan(i * vector.Length, vector.Length);
            var along = 0.0;
            for (var j = 0; j < row.Length; j++)
                along += row[j] * vector[j];
            for (var j = 0; j < row.Length; j++)
                product[j] += along * row[j] / Count;
        }

        return product;
    }

    /// <summary>λ_max by the power method: positive rows leave the other eigenvalues far below.</summary>
    private double Largest()
    {
        double[] vector = [.. Enumerable.Repeat(1.0, Inputs + 1)];
        for (var i = 0; i < 100; i++)
        {
            var length = Norm(vector);
            vector = Hessian([.. vector.Select(value => value / length)]);
        }

        return Norm(vector);
    }

    private static double Norm(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));
}
