using Understudy.Engine.Threading;
using Understudy.Learning.Landscape;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning.Landscape;

public class ModeConnectionTests
{
    private static readonly Mlp Network = Mlp.Of(NodeActivation.Tanh, 4, 6, 3);

    [Theory]
    [InlineData(CurveKind.Bezier, 1)]
    [InlineData(CurveKind.Chain, 1)]
    [InlineData(CurveKind.Bezier, 4)]
    [InlineData(CurveKind.Chain, 4)]
    public void Coefficients_add_up_to_one_and_the_ends_are_exact(CurveKind kind, int bends)
    {
        var draw = new Draw(1);
        var curve = new ParameterCurve(kind, [.. Enumerable.Range(0, bends + 2).Select(_ => draw.Normal(9))]);
        double[] coefficients = new double[bends + 2], point = new double[9];

        for (var i = 0; i <= 20; i++)
        {
            curve.Coefficients(i / 20.0, coefficients);
            Assert.Equal(1, coefficients.Sum(), 1e-14);
            Assert.All(coefficients, value => Assert.InRange(value, 0, 1));
        }

        curve.Point(0, point);
        Assert.Equal(curve.Points[0], point);
        curve.Point(1, point);
        Assert.Equal(curve.Points[^1], point);
    }

    [Fact]
    public void One_bend_gives_the_formulas_of_the_paper()
    {
        var bezier = ParameterCurve.Straight(CurveKind.Bezier, [0], [1]);
        var chain = ParameterCurve.Straight(CurveKind.Chain, [0], [1]);
        double[] smooth = new double[3], broken = new double[3];

        bezier.Coefficients(0.3, smooth);
        chain.Coefficients(0.3, broken);

        SmallProblem.AssertClose([0.49, 0.42, 0.09], smooth, 1e-15);
        SmallProblem.AssertClose([0.4, 0.6, 0], broken, 1e-15);
        chain.Coefficients(0.8, broken);
        SmallProblem.AssertClose([0, 0.4, 0.6], broken, 1e-15);
    }

    [Fact]
    public void The_first_step_of_Adam_is_as_long_as_the_step_size_in_every_parameter()
    {
        var draw = new Draw(9);
        using var evaluator = SmallProblem.Evaluator(Network, SmallProblem.Clusters(draw, 30));
        double[] a = SmallProblem.Drawn(draw, Network), b = SmallProblem.Drawn(draw, Network);
        var options = new ModeConnectionOptions { Rule = OptimizerRule.Adam, LearningRate = 0.01, WeightDecay = 0, BatchSize = 30, Epochs = 1 };

        var curve = ModeConnection.Train(a, b, evaluator, options);

        // g / (|g| + 1e-8), and no gradient of this problem is below 1e-6
        Assert.All(curve.Points[1].Zip(a.Zip(b, (from, to) => (from + to) / 2)), pair => Assert.Equal(0.01, Math.Abs(pair.First - pair.Second), 1e-4));
        Assert.Equal(a, curve.Points[0]);
        Assert.Equal(b, curve.Points[2]);
        Assert.Throws<ArgumentException>(() => ModeConnection.Train(a, b, evaluator, options with { Rule = OptimizerRule.Sgd }));
    }

    [Fact]
    public void The_step_size_follows_the_published_schedule()
    {
        double[] factors = [.. new[] { 0, 0.5, 0.7, 0.9, 0.99 }.Select(ModeConnection.Factor)];

        SmallProblem.AssertClose([1, 1, 0.505, 0.01, 0.01], factors, 1e-15);
    }

    [Theory]
    [InlineData(CurveKind.Bezier, 1)]
    [InlineData(CurveKind.Chain, 1)]
    [InlineData(CurveKind.Bezier, 2)]
    public void A_trained_curve_lies_lower_than_the_line_and_keeps_its_ends(CurveKind kind, int bends)
    {
        var (evaluator, a, b) = TwoSolutions();
        using var owned = evaluator;
        var line = CurveProfile.Of(ParameterCurve.Straight(kind, a, b, bends), evaluator);

        var curve = ModeConnection.Train(a, b, evaluator, Training(kind, bends));

        var profile = CurveProfile.Of(curve, evaluator);
        Assert.True(line.Barrier.Height > 0.05, $"There is no barrier to lower: {line.Barrier.Height}.");
        Assert.True(profile.Barrier.Height < 0.5 * line.Barrier.Height, $"{profile.Barrier.Height} is not well below {line.Barrier.Height}.");
        Assert.Equal((evaluator.At(a), evaluator.At(b)), (profile.Values[0], profile.Values[60]));
        Assert.Equal(a, curve.Points[0]);
        Assert.Equal(b, curve.Points[^1]);
        Assert.True(profile.Length > line.Length);
    }

    [Fact]
    public void Teams_do_not_change_a_bit_and_seeds_do()
    {
        var (evaluator, a, b) = TwoSolutions();
        using var owned = evaluator;
        using var two = new Team(2);
        using var shared = SmallProblem.Evaluator(Network, evaluator.Examples, two);
        var options = Training(CurveKind.Bezier, 1) with { Epochs = 5 };

        var bend = ModeConnection.Train(a, b, evaluator, options).Points[1];

        Assert.Equal(bend, ModeConnection.Train(a, b, shared, options).Points[1]);
        Assert.NotEqual(bend, ModeConnection.Train(a, b, evaluator, options with { Seed = 2 }).Points[1]);
    }

    [Fact]
    public void A_profile_in_numbers_is_its_smallest_largest_mean_and_integral()
    {
        var statistics = CurveStatistics.Of([1, 3, 2], [3, 1]);

        Assert.Equal(new CurveStatistics(1, 3, 2, ((2 * 3) + (2.5 * 1)) / 4), statistics);
        var bent = new ParameterCurve(CurveKind.Chain, [new double[Network.Layout.Count], Unit(0, 3), Unit(1, 4)]);
        using var evaluator = SmallProblem.Evaluator(Network, SmallProblem.Clusters(new Draw(2), 10));
        Assert.Equal(3 + 5, CurveProfile.Of(bent, evaluator).Length, 1e-12);
    }

    [Fact]
    public void Cancelling_ends_it()
    {
        var (evaluator, a, b) = TwoSolutions();
        using var owned = evaluator;
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => ModeConnection.Train(a, b, evaluator, cancellation: source.Token));
        Assert.Throws<OperationCanceledException>(() => NudgedElasticBand.Relax(a, b, evaluator, cancellation: source.Token));
        Assert.Throws<ArgumentException>(() => ModeConnection.Train(a[1..], b, evaluator));
        Assert.Throws<ArgumentException>(() => NudgedElasticBand.Relax(a, a, evaluator));
    }

    [Fact]
    public void An_elastic_band_keeps_its_ends_lies_lower_than_the_line_and_grows_where_it_must()
    {
        var (evaluator, a, b) = TwoSolutions();
        using var owned = evaluator;
        var options = new ElasticBandOptions { Pivots = 2, Tolerance = 0.01, MaximumPivots = 6 };

        var band = NudgedElasticBand.Relax(a, b, evaluator, options);

        var line = CurveProfile.Of(ParameterCurve.Straight(CurveKind.Chain, a, b), evaluator);
        var profile = CurveProfile.Of(band, evaluator);
        Assert.Equal(a, band.Points[0]);
        Assert.Equal(b, band.Points[^1]);
        Assert.InRange(band.Points.Count, 5, 8);
        Assert.True(profile.Barrier.Height < 0.5 * line.Barrier.Height, $"{profile.Barrier.Height} is not well below {line.Barrier.Height}.");
    }

    [Fact]
    public void Springs_space_the_pivots()
    {
        var (evaluator, a, b) = TwoSolutions();
        using var owned = evaluator;

        double Unevenness(double stiffness)
        {
            var points = NudgedElasticBand.Relax(a, b, evaluator, new ElasticBandOptions { Pivots = 4, Cycles = 1, Steps = 200, Stiffness = stiffness }).Points;
            double[] lengths = [.. points.Skip(1).Zip(points, (to, from) => Vectors.Distance(from, to))];
            return lengths.Max() / lengths.Min();
        }

        Assert.True(Unevenness(0.25) < 1.05, $"{Unevenness(0.25)}");
        Assert.True(Unevenness(0) > 1.5, $"{Unevenness(0)}");
    }

    private static ModeConnectionOptions Training(CurveKind kind, int bends)
        => new() { Kind = kind, Bends = bends, BatchSize = 20, Epochs = 200, LearningRate = 0.1, WeightDecay = 0 };

    private static double[] Unit(int index, double length)
    {
        var vector = new double[Network.Layout.Count];
        vector[index] = length;
        return vector;
    }

    private static (LossEvaluator Evaluator, double[] A, double[] B) TwoSolutions()
    {
        var draw = new Draw(7);
        var evaluator = SmallProblem.Evaluator(Network, SmallProblem.Clusters(draw, 60));
        return (evaluator, SmallProblem.Trained(draw, evaluator), SmallProblem.Trained(draw, evaluator));
    }
}
