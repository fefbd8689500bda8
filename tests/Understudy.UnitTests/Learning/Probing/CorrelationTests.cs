using Understudy.Engine.Random;
using Understudy.Learning.Probing;

namespace Understudy.UnitTests.Learning.Probing;

public class CorrelationTests
{
    private const int Samples = 400;
    private const int Teachers = 5;
    private const int Students = 11;

    [Fact]
    public void Chunks_give_what_two_passes_give()
    {
        var (teacher, student) = Activations(offset: 0);

        var expected = CorrelationMatrix.OfActivations(Doubles(teacher), Doubles(student), Samples);

        // the exact form adds 1e-10 to sums of about 100
        Near(expected, Streamed(teacher, student, 400), 1e-11);
        Near(expected, Streamed(teacher, student, 64), 1e-11);
        Near(expected, Streamed(teacher, student, 1), 1e-11);
    }

    [Fact]
    public void A_large_common_offset_costs_no_digits()
    {
        var (teacher, student) = Activations(offset: 1000);

        var expected = CorrelationMatrix.OfActivations(Doubles(teacher), Doubles(student), Samples);

        Near(expected, Streamed(teacher, student, 50), 1e-11);
    }

    [Fact]
    public void Positive_rescaling_and_order_of_nodes_do_not_matter()
    {
        var (teacher, student) = Activations(offset: 0);
        var expected = CorrelationMatrix.OfActivations(Doubles(teacher), Doubles(student), Samples);
        var mirrored = new double[student.Length];
        for (var i = 0; i < student.Length; i++)
        {
            var (row, k) = (i / Students, i % Students);
            mirrored[(row * Students) + (Students - 1 - k)] = student[i] * (k + 0.5);
        }

        var actual = CorrelationMatrix.OfActivations(Doubles(teacher), mirrored, Samples);

        for (var j = 0; j < Teachers; j++)
        {
            for (var k = 0; k < Students; k++)
                Assert.Equal(expected[j, k], actual[j, Students - 1 - k], 1e-9);
        }
    }

    [Fact]
    public void A_constant_node_correlates_with_nothing_and_is_flagged()
    {
        var (teacher, student) = Activations(offset: 0);
        for (var row = 0; row < Samples; row++)
            student[row * Students] = 0;

        var rho = Streamed(teacher, student, 100);

        Assert.True(rho.IsConstantStudent(0));
        Assert.False(rho.IsConstantStudent(1));
        Assert.All(Enumerable.Range(0, Teachers), j => Assert.Equal(0, rho[j, 0]));
    }

    [Fact]
    public void Active_samples_are_counted()
    {
        var (teacher, student) = Activations(offset: 0);
        var accumulator = new CorrelationAccumulator(Teachers, Students);
        accumulator.Add(teacher, student);

        Assert.Equal(Enumerable.Range(0, Students).Select(k => Enumerable.Range(0, Samples).Count(i => student[(i * Students) + k] > 0)), accumulator.ActiveStudent.ToArray());
        Assert.Equal(Samples, accumulator.Samples);
    }

    [Fact]
    public void A_cleared_accumulator_starts_anew()
    {
        var (teacher, student) = Activations(offset: 0);
        var accumulator = new CorrelationAccumulator(Teachers, Students);
        accumulator.Add(student.AsSpan(0, Teachers * 40), student.AsSpan(0, Students * 40));
        accumulator.Clear();
        accumulator.Add(teacher, student);

        Assert.Equal(Streamed(teacher, student, Samples).Values.ToArray(), accumulator.Correlations().Values.ToArray());
    }

    [Fact]
    public void An_offset_is_added_to_both_variances_and_spares_no_constant_node()
    {
        const double Offset = 0.3;
        var (teacher, student) = Activations(offset: 0);
        for (var row = 0; row < Samples; row++)
            student[row * Students] = 0;
        var accumulator = new CorrelationAccumulator(Teachers, Students);
        accumulator.Add(teacher, student);

        var (plain, shrunk) = (accumulator.Correlations(), accumulator.Correlations(Offset));

        double Variance(float[] values, int width, int node)
        {
            double[] column = [.. Enumerable.Range(0, Samples).Select(row => (double)values[(row * width) + node])];
            return column.Average(value => value * value) - (column.Average() * column.Average());
        }

        for (var j = 0; j < Teachers; j++)
        {
            Assert.Equal(0, shrunk[j, 0]);
            for (var k = 1; k < Students; k++)
            {
                var (v, w) = (Variance(teacher, Teachers, j), Variance(student, Students, k));
                Assert.Equal(plain[j, k] * Math.Sqrt(v * w / ((v + Offset) * (w + Offset))), shrunk[j, k], 9);
            }
        }
    }

    [Fact]
    public void Observation_is_counted_on_both_sides()
    {
        var (teacher, student) = Activations(offset: 0);
        var counter = new ObservationCounter(Teachers, Students);
        counter.Add(teacher, student);

        for (var j = 0; j < Teachers; j++)
        {
            for (var k = 0; k < Students; k++)
            {
                var both = Enumerable.Range(0, Samples).Count(i => teacher[(i * Teachers) + j] > 0 && student[(i * Students) + k] > 0);
                var one = Enumerable.Range(0, Samples).Count(i => !(teacher[(i * Teachers) + j] > 0) && student[(i * Students) + k] > 0);
                Assert.Equal(Math.Min(both, one), counter.Count(j, k));
            }
        }
    }

    private static (float[] Teacher, float[] Student) Activations(float offset)
    {
        var (teacher, student) = (new float[Samples * Teachers], new float[Samples * Students]);
        new RandomSequence(3, "test/teacher").FillNormal(0, teacher);
        new RandomSequence(3, "test/student").FillNormal(0, student);
        for (var i = 0; i < Samples; i++)
        {
            for (var k = 0; k < Students; k++)
                student[(i * Students) + k] += teacher[(i * Teachers) + (k % Teachers)] * k / Students;
        }

        return ([.. teacher.Select(value => Math.Max(0, value) + offset)], [.. student.Select(value => Math.Max(0, value) + offset)]);
    }

    private static CorrelationMatrix Streamed(float[] teacher, float[] student, int rows)
    {
        var accumulator = new CorrelationAccumulator(Teachers, Students);
        for (var first = 0; first < Samples; first += rows)
        {
            var count = Math.Min(rows, Samples - first);
            accumulator.Add(teacher.AsSpan(first * Teachers, count * Teachers), student.AsSpan(first * Students, count * Students));
        }

        return accumulator.Correlations();
    }

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    private static void Near(CorrelationMatrix expected, CorrelationMatrix actual, double tolerance)
    {
        for (var i = 0; i < expected.Values.Length; i++)
            Assert.Equal(expected.Values[i], actual.Values[i], tolerance);
    }
}
