using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

public class LossEvaluatorTests
{
    private readonly Mlp _network = Mlp.Of(NodeActivation.Tanh, 4, 5, 3);

    [Fact]
    public void Losses_and_gradients_are_those_of_the_curvature_and_accuracies_those_of_the_outputs()
    {
        var draw = new Draw(1);
        var examples = SmallProblem.Clusters(draw, 50);
        double[][] points = [SmallProblem.Drawn(draw, _network), SmallProblem.Drawn(draw, _network), SmallProblem.Drawn(draw, _network)];
        using var evaluator = SmallProblem.Evaluator(_network, examples, batchRows: 16);
        var (gradients, losses) = (new double[3 * evaluator.Size], new double[3]);

        var values = evaluator.At(points);
        evaluator.Gradients(points, gradients, losses);

        for (var i = 0; i < points.Length; i++)
        {
            using var curvature = new NetworkCurvature(_network, OutputLoss.CrossEntropy, examples, points[i]);
            var gradient = curvature.Gradient(out var loss);
            Assert.Equal(loss, values[i].Loss, 1e-13 * loss);
            Assert.Equal(loss, losses[i], 1e-13 * loss);
            SmallProblem.AssertClose(gradient, gradients[(i * evaluator.Size)..((i + 1) * evaluator.Size)]);
            var outputs = SmallProblem.Outputs(_network, points[i], examples);
            var right = Enumerable.Range(0, 50).Count(row => outputs.AsSpan(row * 3, 3).IndexOf(outputs.AsSpan(row * 3, 3).ToArray().Max()) == (int)examples.Targets[row]);
            Assert.Equal(right / 50.0, values[i].Accuracy);
        }

        Assert.True(values.Select(value => value.Accuracy).Distinct().Count() > 1);
    }

    [Fact]
    public void Teams_and_the_company_of_other_points_do_not_change_a_bit()
    {
        var draw = new Draw(2);
        var examples = SmallProblem.Clusters(draw, 70);
        double[][] points = [.. Enumerable.Range(0, 9).Select(_ => SmallProblem.Drawn(draw, _network))];
        using var two = new Team(2);
        using var alone = SmallProblem.Evaluator(_network, examples, batchRows: 32);
        using var shared = SmallProblem.Evaluator(_network, examples, two, batchRows: 32);
        double[] first = new double[9 * alone.Size], second = new double[9 * alone.Size], losses = new double[9];

        alone.Gradients(points, first, losses);
        shared.Gradients(points, second, losses);

        Assert.Equal(alone.At(points), shared.At(points));
        Assert.Equal(alone.At(points), points.Select(alone.At));
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public void Groups_of_points_do_not_change_a_bit(int mostKept)
    {
        var draw = new Draw(6);
        var examples = SmallProblem.Clusters(draw, 70);
        double[][] points = [.. Enumerable.Range(0, 9).Select(_ => SmallProblem.Drawn(draw, _network))];
        using var two = new Team(2);
        double[] Gradients(Team? team, int most, Heard heard)
        {
            using var sums = new PointSums(_network, OutputLoss.CrossEntropy, examples, Sums.Gradient, 32, team, most);
            var result = new double[9 * sums.Width];
            sums.Evaluate(9, (index, into) => points[index].CopyTo(into), result, heard, default);
            return result;
        }

        var (whole, grouped, shared) = (new Heard(), new Heard(), new Heard());
        var expected = Gradients(null, int.MaxValue, whole);

        Assert.Equal(expected, Gradients(null, mostKept, grouped));
        Assert.Equal(expected, Gradients(two, mostKept, shared));
        Assert.Equal(whole.Shares, grouped.Shares);
        Assert.Equal(whole.Shares, shared.Shares.Order());
    }

    [Fact]
    public void Probabilities_and_signs_have_classes_and_squares_have_none()
    {
        var draw = new Draw(3);
        var network = Mlp.Of(NodeActivation.Tanh, 4, 2);
        var inputs = draw.Normal(6 * 4);
        var theta = SmallProblem.Drawn(draw, network);
        var outputs = SmallProblem.Outputs(network, theta, new ExampleSet(inputs, new double[6], 6));
        double[] soft = [.. Enumerable.Range(0, 6).SelectMany(i => outputs[2 * i] > outputs[(2 * i) + 1] ? new[] { 0.9, 0.1 } : [0.2, 0.8])];
        double[] wrong = [.. soft[..2].Reverse(), .. soft[2..]];
        var (one, oneTheta) = (Mlp.Of(NodeActivation.Tanh, 4, 1), theta[..5]);
        double[] signs = [.. SmallProblem.Outputs(one, oneTheta, new ExampleSet(inputs, new double[6], 6)).Select(value => value > 0 ? 1.0 : 0)];

        double Accuracy(Mlp of, OutputLoss loss, double[] targets, double[] at)
        {
            using var evaluator = new LossEvaluator(of, loss, new ExampleSet(inputs, targets, 6));
            return evaluator.At(at).Accuracy;
        }

        Assert.Equal(1, Accuracy(network, OutputLoss.SoftCrossEntropy, soft, theta));
        Assert.Equal(5 / 6.0, Accuracy(network, OutputLoss.SoftCrossEntropy, wrong, theta));
        Assert.Equal(1, Accuracy(one, OutputLoss.Logistic, signs, oneTheta));
        Assert.Equal(0, Accuracy(one, OutputLoss.Logistic, [.. signs.Select(sign => 1 - sign)], oneTheta));
        Assert.Equal(double.NaN, Accuracy(network, OutputLoss.HalfSquared, soft, theta));
    }

    [Fact]
    public void Cancelling_ends_it_and_progress_comes_to_the_end()
    {
        var draw = new Draw(4);
        using var evaluator = SmallProblem.Evaluator(_network, SmallProblem.Clusters(draw, 30), batchRows: 10);
        var theta = SmallProblem.Drawn(draw, _network);
        using var source = new CancellationTokenSource();
        var heard = new Heard();

        evaluator.At(4, (_, into) => theta.CopyTo(into), heard, source.Token);
        source.Cancel();

        Assert.Equal(12, heard.Shares.Count);
        Assert.Equal(1, heard.Shares[^1]);
        Assert.Throws<OperationCanceledException>(() => evaluator.At(4, (_, into) => theta.CopyTo(into), null, source.Token));
        Assert.Throws<OperationCanceledException>(() => evaluator.Gradient(theta, new double[theta.Length], source.Token));
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var examples = SmallProblem.Clusters(new Draw(5), 12);
        using var evaluator = SmallProblem.Evaluator(_network, examples);

        Assert.Contains("was given 3", Assert.Throws<ArgumentException>(() => evaluator.At(new double[3])).Message, StringComparison.Ordinal);
        Assert.Contains("are not 1 gradients of 43", Assert.Throws<ArgumentException>(() => evaluator.Gradient(new double[43], new double[3])).Message, StringComparison.Ordinal);
        Assert.Contains("the examples have", Assert.Throws<ArgumentException>(() => SmallProblem.Evaluator(Mlp.Relu(2, 3), examples)).Message, StringComparison.Ordinal);
    }

    private sealed class Heard : IProgress<double>
    {
        internal List<double> Shares { get; } = [];

        public void Report(double value)
        {
            lock (Shares)
                Shares.Add(value);
        }
    }
}
