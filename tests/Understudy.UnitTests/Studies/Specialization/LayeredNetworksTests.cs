using Understudy.Engine.Random;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class LayeredNetworksTests
{
    private const int Rows = 501;

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void Every_teacher_node_is_active_on_half_of_the_data_and_outputs_are_standardised(double slope)
    {
        var network = Mlp.LeakyRelu(slope, 5, 6, 7, 9);
        var inputs = Inputs(5, 0);
        var jacobian = new OutputJacobian(network, Teacher(network, inputs, 0));
        var active = new int[2][];
        (active[0], active[1]) = (new int[6], new int[7]);
        var (sum, square) = (new double[9], new double[9]);
        for (var row = 0; row < Rows; row++)
        {
            jacobian.At([.. inputs[(row * 5)..((row + 1) * 5)].Select(value => (double)value)]);
            for (var layer = 0; layer < 2; layer++)
            {
                for (var k = 0; k < active[layer].Length; k++)
                    active[layer][k] += jacobian.PreActivation(layer)[k] > 1e-9 ? 1 : 0;
            }

            for (var c = 0; c < 9; c++)
            {
                sum[c] += jacobian.Output[c];
                square[c] += jacobian.Output[c] * jacobian.Output[c];
            }
        }

        // of an odd number of rows the median itself lies on the boundary
        Assert.All(active.SelectMany(layer => layer), count => Assert.Equal(Rows / 2, count));
        Assert.All(sum, value => Assert.Equal(0, value / Rows, 1e-9));
        Assert.All(square, value => Assert.Equal(1, value / Rows, 1e-9));
    }

    [Fact]
    public void Teacher_weights_are_distinct_grid_directions()
    {
        var network = Mlp.Relu(5, 6, 7, 9);
        var teacher = Teacher(network, Inputs(5, 1), 1);
        for (var layer = 0; layer < 2; layer++)
        {
            var (inputs, width) = (network.Widths[layer], network.Widths[layer + 1]);
            var weight = network.Layout.Slots[2 * layer].Of<double>(teacher).ToArray();
            double[][] rows = [.. Enumerable.Range(0, width).Select(k => Enumerable.Range(0, inputs).Select(i => weight[(i * width) + k]).ToArray())];

            // 1e-5 is added to the norm that divides
            Assert.All(rows, row => Assert.InRange(Math.Sqrt(row.Sum(value => value * value)), 1 - 2e-5, 1));
            Assert.Equal(width, rows.DistinctBy(row => string.Join(",", row)).Count());
            Assert.All(rows, row =>
            {
                var unit = row.Where(value => value != 0).Min(Math.Abs);
                Assert.Contains(new[] { 4.0, 2.0, 4.0 / 3, 1.0 }, scale => row.All(value => Math.Abs((value / unit * 4 / scale) - Math.Round(value / unit * 4 / scale)) < 1e-9));
            });
        }
    }

    [Fact]
    public void Students_fill_the_interval_that_their_fan_in_gives()
    {
        var network = Mlp.Relu(16, 100, 400, 2);
        var student = FanInUniform.Of(network, 0.5, layer => new RandomSequence(1, $"test/student/{layer}"));
        for (var slot = 0; slot < 4; slot++)
        {
            var bound = 0.5 / Math.Sqrt(network.Widths[slot / 2]);
            var values = network.Layout.Slots[slot].Of<double>(student).ToArray();
            Assert.InRange(values.Max(), 0.9 * bound, bound);
            Assert.InRange(values.Min(), -bound, -0.9 * bound);
            Assert.Equal(0, values.Average() / bound, 0.2);
        }
    }

    [Theory]
    [InlineData(DistillationLoss.Mse)]
    [InlineData(DistillationLoss.CrossEntropy)]
    public void A_student_that_is_its_teacher_correlates_to_one_in_every_layer(DistillationLoss objective)
    {
        var network = Mlp.Relu(5, 6, 7, 9);
        var inputs = Inputs(5, 2);
        var teacher = Teacher(network, inputs, 2);
        using var probe = new LayerProbe(network, network, objective);

        var measured = probe.Measure(teacher, teacher, inputs);

        Assert.All(measured.Correlations, rho => Assert.All(Enumerable.Range(0, rho.TeacherNodes), j => Assert.Equal(1, rho[j, j], 1e-9)));
        Assert.Equal(1, measured.Agreement);
        Assert.Equal(measured.Loss, probe.LossOn(teacher, inputs, LayeredNetworks.Outputs(network, teacher, inputs)), 1e-6);
        if (objective == DistillationLoss.Mse)
            Assert.Equal(0, measured.Loss);
        else
            Assert.InRange(measured.Loss, 0.01, Math.Log(9));
    }

    private static double[] Teacher(Mlp network, float[] inputs, int seed) => LayeredNetworks.Teacher(
        network, new MultiLayerNetworksConfig(), inputs, layer => new RandomSequence(1, $"test/teacher/{layer}", seed), layer => new RandomSequence(1, $"test/bias/{layer}", seed));

    private static float[] Inputs(int d, int seed)
    {
        var values = new double[Rows * d];
        new RandomSequence(1, "test/inputs", seed).FillNormal(0, values);
        return [.. values.Select(value => (float)(10 * value))];
    }
}
