using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;

namespace Understudy.UnitTests.Learning.Curvature;

public class SampledLabelsTests
{
    private const int Draws = 400;

    [Theory]
    [InlineData("tiny-tanh-ce")]
    [InlineData("tiny-tanh-mse")]
    public void The_mean_over_draws_is_the_Gauss_Newton_matrix(string name)
    {
        var reference = ReferenceCase.Load(name);
        var expected = reference.Matrix("G");
        var (sum, square) = (new double[expected.Length], new double[expected.Length]);
        for (var draw = 0; draw < Draws; draw++)
        {
            var sampled = SampledLabels.Draw(reference.Network, reference.Loss, reference.Examples, reference.Parameters, new RandomSequence((ulong)draw, "test/labels"));
            using var curvature = new NetworkCurvature(reference.Network, reference.Loss, sampled, reference.Parameters);
            var matrix = NetworkCurvatureTests.Whole(curvature.SecondMoment);
            for (var i = 0; i < matrix.Length; i++)
            {
                sum[i] += matrix[i];
                square[i] += matrix[i] * matrix[i];
            }
        }

        // five standard errors of the mean, of some thousand entries
        for (var i = 0; i < expected.Length; i++)
        {
            var mean = sum[i] / Draws;
            var error = Math.Sqrt(Math.Max(0, (square[i] / Draws) - (mean * mean)) / Draws);
            Assert.Equal(expected[i], mean, (5 * error) + 1e-12);
        }
    }

    [Fact]
    public void Classes_are_classes_and_other_losses_are_refused()
    {
        var reference = ReferenceCase.Load("mlp-relu-ce");
        var drawn = SampledLabels.Draw(reference.Network, reference.Loss, reference.Examples, reference.Parameters, new RandomSequence(1, "test/labels"));

        Assert.All(drawn.Targets.ToArray(), label => Assert.InRange(label, 0, 9));
        Assert.Equal(10, drawn.Targets.ToArray().Distinct().Count());
        Assert.Contains("Labels are drawn for", Assert.Throws<ArgumentException>(() => SampledLabels.Draw(reference.Network, OutputLoss.MeanSquared, reference.Examples, reference.Parameters, default)).Message, StringComparison.Ordinal);
    }
}
