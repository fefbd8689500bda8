using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

public class OutputComparisonTests
{
    private const int Images = 41;

    private const int Outputs = 5;

    private readonly Mlp _network = Mlp.Of(NodeActivation.Tanh, 4, 6, Outputs);

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(2, 1)]
    [InlineData(3, 4)]
    public void Outputs_are_compared_as_naive_sums_over_them_compare_them(int seed, double scale)
    {
        var (examples, points) = Case(seed, scale);
        using var comparison = new OutputComparison(_network, examples, batchRows: 16);

        var found = comparison.At(points.Length, (i, into) => points[i].CopyTo(into));

        Assert.Equal(Mean(row => Entropy(Softmax(Row(examples.Targets, row)))), comparison.TeacherEntropy, 1e-13);
        for (var i = 0; i < points.Length; i++)
        {
            var outputs = SmallProblem.Outputs(_network, points[i], examples);
            double Over(Func<double[], double[], double> of) => Mean(row => of(Row(examples.Targets, row), Row(outputs, row)));
            Assert.Equal(Over((teacher, own) => Softmax(teacher).Zip(Softmax(own), (p, q) => p * Math.Log(p / q)).Sum()), found[i].Divergence, 1e-12 * scale);
            Assert.Equal(Over((teacher, own) => Softmax(teacher).Zip(Softmax(own), (p, q) => -p * Math.Log(q)).Sum()), found[i].CrossEntropy, 1e-12 * scale);
            Assert.Equal(Over((teacher, own) => teacher.Zip(own, (t, f) => (f - t) * (f - t)).Average()), found[i].SquaredError, 1e-12 * scale * scale);
            Assert.Equal(Over((_, own) => Entropy(Softmax(own))), found[i].Entropy, 1e-12 * scale);
            Assert.Equal(Over((teacher, own) => Array.IndexOf(teacher, teacher.Max()) == Array.IndexOf(own, own.Max()) ? 1 : 0), found[i].Agreement, 1e-15);
        }

        // not every number is one that any network gives
        Assert.True(found.Select(each => each.Agreement).Distinct().Count() > 1);
    }

    [Fact]
    public void Divergences_are_those_of_a_loss_evaluator_to_the_bit_and_no_number_depends_on_threads()
    {
        var (examples, points) = Case(4, 1);
        using var evaluator = new LossEvaluator(_network, OutputLoss.Distillation(1), examples, batchRows: 16);
        ComparedOutputs[] Of(int threads)
        {
            using var team = new Team(threads);
            using var comparison = new OutputComparison(_network, examples, team, 16);
            return comparison.At(points.Length, (i, into) => points[i].CopyTo(into), cancellation: TestContext.Current.CancellationToken);
        }

        var found = Of(1);

        Assert.Equal(evaluator.At(points).Select(point => point.Loss), found.Select(point => point.Divergence));
        Assert.Equal(evaluator.At(points).Select(point => point.Accuracy), found.Select(point => point.Agreement));
        Assert.Equal(found, Of(2));
        Assert.Equal(found, Of(3));
    }

    [Fact]
    public void A_teacher_is_its_own_student()
    {
        var (examples, points) = Case(5, 1);
        var own = examples.WithTargets(SmallProblem.Outputs(_network, points[0], examples));
        using var comparison = new OutputComparison(_network, own);

        var found = comparison.At(1, (_, into) => points[0].CopyTo(into))[0];

        Assert.Equal(0, found.Divergence, 1e-15);
        Assert.Equal(0, found.SquaredError, 1e-30);
        Assert.Equal(1, found.Agreement);
        Assert.Equal(comparison.TeacherEntropy, found.Entropy, 1e-14);
        Assert.Equal(comparison.TeacherEntropy, found.CrossEntropy, 1e-14);
    }

    [Fact]
    public void Targets_that_are_no_outputs_are_refused()
    {
        var (examples, _) = Case(6, 1);

        Assert.Throws<ArgumentException>(() => new OutputComparison(_network, examples.WithTargets(new double[Images])));
    }

    private (ExampleSet Examples, double[][] Points) Case(int seed, double scale)
    {
        var draw = new Draw(seed);
        var examples = new ExampleSet(draw.Normal(Images * 4), [.. draw.Normal(Images * Outputs).Select(value => scale * value)], Images);
        return (examples, [.. Enumerable.Range(0, 3).Select(_ => SmallProblem.Drawn(draw, _network, scale))]);
    }

    private static double Mean(Func<int, double> of) => Enumerable.Range(0, Images).Average(of);

    private static double[] Row(ReadOnlySpan<double> values, int row) => values.Slice(row * Outputs, Outputs).ToArray();

    private static double[] Softmax(double[] outputs)
    {
        double[] powers = [.. outputs.Select(value => Math.Exp(value - outputs.Max()))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static double Entropy(double[] probabilities) => -probabilities.Sum(probability => probability * Math.Log(probability));
}
