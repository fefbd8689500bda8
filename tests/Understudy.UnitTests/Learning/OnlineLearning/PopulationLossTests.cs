using Understudy.Learning.OnlineLearning;

namespace Understudy.UnitTests.Learning.OnlineLearning;

public class PopulationLossTests
{
    [Fact]
    public void The_loss_of_a_student_is_what_samples_give()
        => Property.Holds(4, draw =>
        {
            const int Samples = 100_000;
            double[] w = draw.Normal(3 * 4), v = draw.Normal(3 * 2), u = draw.Normal(2 * 4), t = draw.Normal(2 * 2);
            var exact = PopulationLoss.Rectified(new RectifiedNetwork(4, 2, w, v), new RectifiedNetwork(4, 2, u, t), deviation: 1.5);

            var (sum, squares) = (0.0, 0.0);
            for (var s = 0; s < Samples; s++)
            {
                var x = draw.Normal(4);
                var loss = 2.25 * Enumerable.Range(0, 2).Sum(c => Math.Pow(Output(w, v, x, c) - Output(u, t, x, c), 2));
                (sum, squares) = (sum + loss, squares + (loss * loss));
            }

            var mean = sum / Samples;
            Assert.Equal(exact, mean, 5 * Math.Sqrt(((squares / Samples) - (mean * mean)) / Samples));
        });

    [Fact]
    public void A_student_that_splits_teacher_nodes_has_no_loss()
    {
        // each teacher node twice, with half of its fan-out and with any positive scale
        double[] u = [0.6, 0.8, -0.3, 1.2], t = [1, -2];
        double[] w = [0.6, 0.8, 1.2, 1.6, -0.3, 1.2, -0.15, 0.6], v = [0.5, 0.25, -1, -2];

        Assert.Equal(0, PopulationLoss.Rectified(new RectifiedNetwork(2, 1, w, v), new RectifiedNetwork(2, 1, u, t)), 5e-15);
    }

    [Fact]
    public void Losses_far_below_single_precision_are_told_apart()
    {
        double[] u = [1, 0], t = [1];

        Assert.Equal(0.5e-14, PopulationLoss.Rectified(new RectifiedNetwork(2, 1, u, [1 + 1e-7]), new RectifiedNetwork(2, 1, u, t)), 1e-15);
    }

    [Fact]
    public void Spans_of_different_nodes_are_refused()
        => Assert.Throws<ArgumentException>(() => new RectifiedNetwork(2, 1, [1, 0, 0, 1], [1]).Nodes);

    private static double Output(double[] w, double[] v, double[] x, int output)
    {
        var (inputs, sum) = (x.Length, 0.0);
        for (var k = 0; k < w.Length / inputs; k++)
        {
            var z = 0.0;
            for (var i = 0; i < inputs; i++)
                z += w[(k * inputs) + i] * x[i];
            sum += v[(k * 2) + output] * Math.Max(z, 0);
        }

        return sum;
    }
}
