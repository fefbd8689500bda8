using Understudy.Engine.Random;
using Understudy.Studies.Specialization;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.UnitTests.Studies.Specialization;

public class ConstructionTests
{
    private const double Deviation = 1.5;

    [Theory]
    [InlineData(5, 100, 50, 1.0)]
    [InlineData(20, 6, 40, 0.5)]
    [InlineData(2, 2, 50, 2.0)]
    public void Teacher_rows_are_distinct_directions_of_the_grid(int nodes, int inputs, int outputs, double decay)
    {
        var teacher = Teacher(nodes, inputs, outputs, decay);

        Assert.All(Enumerable.Range(0, nodes), j => Assert.Equal(1, teacher.WeightNorm(j), 1e-12));
        Assert.All(teacher.Biases.Concat(teacher.OutputBiases), bias => Assert.Equal(-0.1, bias));
        foreach (var j in Enumerable.Range(0, nodes))
        {
            // undoing the norm gives multiples of a quarter again: the smallest step between entries of a row is one
            var weights = teacher.Weight(j).ToArray();
            var scale = Enumerable.Range(1, 4).Select(step => 0.25 * step / weights.Max(Math.Abs))
                .FirstOrDefault(factor => weights.All(weight => Math.Abs((4 * weight * factor) - Math.Round(4 * weight * factor)) < 1e-9));
            Assert.NotEqual(0, scale);
        }
    }

    [Fact]
    public void Output_rows_are_distinct_and_their_columns_fall_with_the_index()
    {
        var (flat, steep) = (Teacher(5, 30, 50, 0), Teacher(5, 30, 50, 2));
        var rows = Enumerable.Range(0, 50).Select(c => string.Join(",", Enumerable.Range(0, 5).Select(j => flat.FanOut(j)[c]))).ToArray();

        Assert.Equal(50, rows.Distinct().Count());
        Assert.DoesNotContain("0,0,0,0,0", rows);
        for (var j = 0; j < 5; j++)
        {
            for (var c = 0; c < 50; c++)
                Assert.Equal(flat.FanOut(j)[c] / ((j + 1) * (j + 1)), steep.FanOut(j)[c], 1e-15);
        }
    }

    [Fact]
    public void Teachers_of_all_decays_share_their_directions()
        => Assert.Equal(Teacher(5, 30, 50, 0).Weights, Teacher(5, 30, 50, 2).Weights);

    [Fact]
    public void Every_grid_value_is_drawn_equally_often()
    {
        var rows = RandomTeacher.DistinctRows(new RandomSequence(1, "test/grid"), 200, 90);

        var counts = rows.GroupBy(value => value).ToDictionary(group => group.Key, group => group.Count());

        Assert.Equal([-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1], counts.Keys.Order());
        // 2,000 expected of each; five standard deviations are 211
        Assert.All(counts.Values, count => Assert.InRange(count, 1789, 2211));
    }

    [Fact]
    public void Wider_students_begin_with_the_nodes_of_narrower_ones()
    {
        var random = new RandomSequence(1, "student/init", 3);
        var narrow = InitialStudent.Draw(new TwoLayerNetwork(20, 5, 8, 0), new StudentConfig(), default, random);
        var wide = InitialStudent.Draw(new TwoLayerNetwork(20, 50, 8, 0), new StudentConfig(), default, random);

        Assert.Equal(narrow.Weights, wide.Weights[..100]);
        Assert.Equal(narrow.FanOuts, wide.FanOuts[..40]);
        Assert.All(wide.Biases.Concat(wide.OutputBiases), bias => Assert.Equal(0, bias));
        Assert.Equal(0.005, Math.Sqrt(wide.Weights.Average(weight => weight * weight)), 0.0005);
    }

    [Theory]
    [InlineData(1.0, 10, 10)]
    [InlineData(1.25, 10, 13)]
    [InlineData(2.0, 5, 10)]
    public void Over_realization_is_rounded_half_up(double overRealization, int teacher, int expected)
        => Assert.Equal(expected, InitialStudent.Nodes(overRealization, teacher));

    [Fact]
    public void Flat_parameters_survive_a_round_trip()
    {
        var teacher = Teacher(4, 7, 9, 1);

        var back = teacher.WithFlat(teacher.ToFlat());

        Assert.Equal(teacher.Weights, back.Weights);
        Assert.Equal(teacher.Biases, back.Biases);
        Assert.Equal(teacher.FanOuts, back.FanOuts);
        Assert.Equal(teacher.OutputBiases, back.OutputBiases);
    }

    [Fact]
    public void Projected_points_lie_on_the_boundary()
    {
        var teacher = Teacher(5, 40, 20, 1);
        var samples = new BoundarySamples(teacher, Deviation, 2, 2);
        var (random, x, z) = (new RandomSequence(4, "test/points"), new double[40], new double[5]);
        for (var i = 0; i < 50; i++)
        {
            random.FillNormal(i, x);
            samples.Project(i % 5, x);
            teacher.PreActivations(x, z);
            Assert.Equal(0, z[i % 5], 1e-12);
        }
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(31, 45)]
    [InlineData(105, 105)]
    public void A_boundary_set_holds_whole_triples_of_the_norm_of_the_data(int samples, int expected)
    {
        var teacher = Teacher(5, 40, 20, 1);
        var random = new RandomSequence(4, "test/points");

        var rows = new BoundarySamples(teacher, Deviation, 2, 2).Draw(samples, (address, point) => random.FillNormal(address, point), new RandomSequence(4, "test/distance"));

        Assert.Equal(expected * 40, rows.Length);
        Assert.All(rows.Chunk(40), row => Assert.Equal(Deviation * Math.Sqrt(40), Math.Sqrt(row.Sum(value => (double)value * value)), 1e-5));
    }

    [Fact]
    public void Outer_points_of_a_triple_lie_on_opposite_sides()
    {
        var teacher = Teacher(5, 40, 20, 1);
        var random = new RandomSequence(4, "test/points");

        var rows = new BoundarySamples(teacher, Deviation, 2, 2).Draw(150, (address, point) => random.FillNormal(address, point), new RandomSequence(4, "test/distance"));

        var z = new double[5];
        foreach (var (index, row) in rows.Chunk(40).Index())
        {
            teacher.PreActivations([.. row.Select(value => (double)value)], z);
            if (index % 3 > 0)
                Assert.Equal(index % 3 == 1, z[index / 30] > 0);
        }
    }

    [Fact]
    public void Lucky_networks_have_columns_of_norm_one_and_begin_near_the_teacher()
    {
        var teacher = LuckyStudents.Teacher(new TwoLayerNetwork(10, 20, 30, 0), new RandomSequence(1, "test/teacher"));
        var student = LuckyStudents.Student(new TwoLayerNetwork(10, 40, 30, 0), teacher, 0.1, new RandomSequence(1, "test/student"), new RandomSequence(1, "test/noise"));

        foreach (var network in (TwoLayerNetwork[])[teacher, student])
        {
            for (var k = 0; k < network.Nodes; k++)
                Assert.Equal(1, (network.WeightNorm(k) * network.WeightNorm(k)) + (network.Biases[k] * network.Biases[k]), 1e-12);
            for (var c = 0; c < 30; c++)
                Assert.Equal(1, Enumerable.Range(0, network.Nodes).Sum(k => network.FanOut(k)[c] * network.FanOut(k)[c]) + (network.OutputBiases[c] * network.OutputBiases[c]), 1e-12);
        }

        double Cosine(int j) => Enumerable.Range(0, 10).Sum(i => teacher.Weight(j)[i] * student.Weight(j)[i]) + (teacher.Biases[j] * student.Biases[j]);
        // eleven noises of variance 0.01 against a vector of norm 1: 1/√1.11 = 0.949 on average
        Assert.InRange(Enumerable.Range(0, 20).Average(Cosine), 0.93, 0.965);
    }

    [Fact]
    public void Labels_are_shared_and_variance_is_that_of_the_outputs()
    {
        var (flat, steep) = (Teacher(3, 6, 12, 0), Teacher(3, 6, 12, 2));
        var inputs = new float[6 * 80];
        new RandomSequence(1, "test/inputs").FillNormal(0, inputs);

        var first = LabelledSamples.Of(flat, inputs);
        var second = LabelledSamples.Of(steep, inputs, first);

        Assert.Same(first.TeacherHidden, second.TeacherHidden);
        Assert.Equal(LabelledSamples.Of(steep, inputs).TeacherHidden, second.TeacherHidden);
        var columns = Enumerable.Range(0, 12).Select(c => Enumerable.Range(0, 80).Select(i => (double)first.Targets[(i * 12) + c]).ToArray());
        Assert.Equal(columns.Average(column => column.Average(value => value * value) - (column.Average() * column.Average())), first.Variance, 1e-5);
        Assert.Equal([true, true, true], first.Crossed);
    }

    [Fact]
    public void A_reversed_boundary_is_told_from_a_held_one()
    {
        var teacher = new TwoLayerNetwork(2, 2, 1, 0);
        ((double[])[1, 0, 0, 1]).CopyTo(teacher.Weights, 0);
        ((double[])[-0.1, -0.1]).CopyTo(teacher.Biases, 0);
        ((double[])[1, 1]).CopyTo(teacher.FanOuts, 0);
        var student = new TwoLayerNetwork(2, 3, 1, 0);
        ((double[])[2, 0.01, 0, -1, 1, 1]).CopyTo(student.Weights, 0);
        ((double[])[-0.2, 0.1, 0]).CopyTo(student.Biases, 0);
        ((double[])[0.5, 1, 1]).CopyTo(student.FanOuts, 0);

        var alignments = new Alignments(teacher, student, radius: 2);

        Assert.Equal([false, true], alignments.IsReversed);
        Assert.Equal([false, true, false], alignments.IsReversedStudent);
        Assert.Equal(0, alignments.Closest(1).UnorientedSine, 1e-12);
    }

    private static TwoLayerNetwork Teacher(int nodes, int inputs, int outputs, double decay) => RandomTeacher.Draw(
        new TwoLayerNetwork(inputs, nodes, outputs, 0), decay, new RandomSequence(1, "teacher/hidden"), new RandomSequence(1, "teacher/output"));
}
