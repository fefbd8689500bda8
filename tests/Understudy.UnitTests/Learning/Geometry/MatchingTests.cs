using Understudy.Learning.Geometry;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;

namespace Understudy.UnitTests.Learning.Geometry;

public class MatchingTests
{
    [Fact]
    public void No_assignment_has_a_larger_sum_of_correlations() => Property.Holds(80, draw =>
    {
        var (m, n) = (1 + draw.Index(5), 1 + draw.Index(5));
        var rho = new CorrelationMatrix(m, n, draw.Normal(m * n));

        var students = OneToOneMatching.Of(rho);

        Assert.Equal(Math.Min(m, n), students.Count(k => k >= 0));
        Assert.Equal(students.Count(k => k >= 0), students.Where(k => k >= 0).Distinct().Count());
        Assert.Equal(Best(rho, 0, 0, Math.Max(0, m - n)), students.Select((k, j) => k < 0 ? 0 : rho[j, k]).Sum(), 1e-12);
    });

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void Correlations_that_are_not_numbers_are_the_last_to_be_taken(int m, int n)
    {
        double[] values = [.. Enumerable.Repeat(double.NaN, m * n)];
        values[0] = 0.5;

        Assert.Equal(0, OneToOneMatching.Of(new CorrelationMatrix(m, n, values))[0]);
        Assert.Equal(Math.Min(m, n), OneToOneMatching.Of(new CorrelationMatrix(m, n, [.. Enumerable.Repeat(double.NaN, m * n)])).Count(k => k >= 0));
    }

    [Fact]
    public void Merging_students_of_one_boundary_and_taking_out_idle_ones_changes_nothing() => Property.Holds(10, draw =>
    {
        var teacher = DrawnNetworks.Any(draw, 4, 2, 3, slope: draw.Case % 2 * 0.2);
        var student = DrawnNetworks.Copies(teacher, (0, 2, 0.3), (1, 1, 0), (1, 0.5, 1), (0, 0.1, 0.7));
        var inputs = DrawnNetworks.Inputs(draw, 20, 4);
        float[] targets = [.. Enumerable.Range(0, 20).SelectMany(i => Output(teacher, inputs, i))];

        var pruned = StudentPruning.Of(student, [0, -1, 2, 0]);

        Assert.Equal(2, pruned.Nodes);
        Assert.InRange(StudentPruning.Loss(pruned, inputs, targets), 0, 1e-10);
        Assert.Equal(teacher.FanOutNorm(0), pruned.FanOutNorm(0) * 2, 1e-12);
    });

    [Fact]
    public void A_student_without_nodes_is_its_output_bias()
    {
        var student = StudentPruning.Of(new TwoLayerNodes(1, 0, [1], [0], [1], [0.5]), [-1]);

        Assert.Equal(0, student.Nodes);
        Assert.Equal(0.25, StudentPruning.Loss(student, [1f], [1f]), 1e-12);
    }

    [Fact]
    public void A_node_is_merged_only_into_one_that_stays()
    {
        var student = new TwoLayerNodes(1, 0, [1, 1], [0, 0], [1, 1], [0]);

        Assert.Throws<ArgumentException>(() => StudentPruning.Of(student, [1, -1]));
        Assert.Throws<ArgumentException>(() => StudentPruning.Of(student, [0]));
    }

    [Fact]
    public void A_network_is_taken_apart_into_its_nodes()
    {
        // z = (x0 + 3·x1 + 5, 2·x0 + 4·x1 + 6), one output of fan-outs 7 and 8 and bias 9
        var nodes = TwoLayerNodes.Of(Mlp.LeakyRelu(0.5, 2, 2, 1), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        var output = new double[1];
        nodes.Output([1, -2], output);

        Assert.Equal((0.0, 0.0), (nodes.PreActivation(0, [1, -2]), nodes.PreActivation(1, [1, -2])));
        Assert.Equal(9, output[0]);
        nodes.Output([-5, -1], output);
        Assert.Equal(9 + (0.5 * ((7 * -3) + (8 * -8))), output[0]);
    }

    private static IEnumerable<float> Output(TwoLayerNodes network, float[] inputs, int sample)
    {
        var output = new double[network.Outputs];
        network.Output([.. inputs.AsSpan(sample * network.Inputs, network.Inputs).ToArray().Select(value => (double)value)], output);
        return output.Select(value => (float)value);
    }

    /// <summary>The largest sum from a teacher node on, given used students and how many teacher nodes may go without.</summary>
    private static double Best(CorrelationMatrix rho, int teacher, int used, int spare)
    {
        if (teacher == rho.TeacherNodes)
            return spare == 0 ? 0 : double.NegativeInfinity;
        var best = spare > 0 ? Best(rho, teacher + 1, used, spare - 1) : double.NegativeInfinity;
        for (var k = 0; k < rho.StudentNodes; k++)
        {
            if ((used & (1 << k)) == 0)
                best = Math.Max(best, rho[teacher, k] + Best(rho, teacher + 1, used | (1 << k), spare));
        }

        return best;
    }
}
