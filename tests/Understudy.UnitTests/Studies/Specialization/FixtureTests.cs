using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class FixtureTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Outputs_are_those_of_the_fixture()
    {
        double[] teacher = [0.4, 0.025, 0.35, 0.45, -0.6, 0.65, -0.1, -0.1, 1.8, 0.375, -0.1, -0.1];
        double[] student = [0.44, -0.06, 0.115, 0.67, -0.27, 0.54, 0.095, -0.38, 1.155, 0.39, 0.135, -0.54];

        Near(teacher, Fixture.X.SelectMany(x => Fixture.At(Fixture.Teacher(0), x).Output));
        Near(student, Fixture.X.SelectMany(x => Fixture.At(Fixture.Student(0), x).Output));
    }

    [Theory]
    [InlineData(0.0, 0.0845791666667)]
    [InlineData(0.2, 0.1118295833333)]
    public void Mean_squared_error_is_over_samples_and_outputs(double slope, double expected)
    {
        var error = Fixture.X.SelectMany(x => Errors(slope, x)).Average(value => value * value);

        Assert.Equal(expected, error, Tolerance);
    }

    [Fact]
    public void Residual_gradients_are_those_of_the_fixture()
    {
        double[] expected =
        [
            -0.015, 0, -0.038, 0.144, -0.2025, 0, 0, 0.165, 0, 0, 0, -0.1315, 0.513, -0.2025, 0.0705, 0, 0, -0.1995,
        ];

        Near(expected, Fixture.X.SelectMany(x => Gradient(0, x)));
    }

    [Fact]
    public void Fan_out_products_are_those_of_the_fixture()
    {
        var alpha = Fixture.Products(Fixture.Student(0), Fixture.Teacher(0));
        var beta = Fixture.Products(Fixture.Student(0), Fixture.Student(0));

        Near([0.85, -0.25, -0.15, 0.6, 0, -0.35], alpha.Cast<double>());
        Near([0.68, -0.12, 0, -0.12, 0.45, -0.27, 0, -0.27, 0.17], beta.Cast<double>());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    public void The_residual_gradient_is_the_gated_difference_of_teacher_and_student_nodes(double slope)
    {
        var (teacher, student) = (Fixture.Teacher(slope), Fixture.Student(slope));
        var (alpha, beta) = (Fixture.Products(student, teacher), Fixture.Products(student, student));
        foreach (var x in Fixture.X)
        {
            var (ht, (z, hs, _)) = (Fixture.At(teacher, x).Hidden, Fixture.At(student, x));
            var identity = Enumerable.Range(0, 3).Select(k => student.Activation.Derivative(z[k]) * (
                Enumerable.Range(0, 2).Sum(j => alpha[k, j] * ht[j]) - Enumerable.Range(0, 3).Sum(l => beta[k, l] * hs[l])
                + Enumerable.Range(0, 2).Sum(c => student.FanOut(k)[c] * (teacher.OutputBiases[c] - student.OutputBiases[c]))));

            Near(Gradient(slope, x), identity);
        }
    }

    [Theory]
    [InlineData(0.0, new[] { 0.9960875407, -0.0486329553, -0.5577954496, -0.3067191794, 0.9050042879, -0.5583949870 })]
    [InlineData(0.2, new[] { 0.9965993622, 0.1803208382, -0.6118705613, -0.2514148635, 0.9003068016, -0.6187310880 })]
    public void Correlations_are_teacher_by_student(double slope, double[] expected)
    {
        var rho = CorrelationMatrix.OfActivations(Fixture.Hidden(Fixture.Teacher(slope)), Fixture.Hidden(Fixture.Student(slope)), Fixture.X.Length);

        Assert.Equal((2, 3), (rho.TeacherNodes, rho.StudentNodes));
        Near(expected, rho.Values.ToArray());
    }

    [Fact]
    public void Observation_counts_are_the_smaller_of_both_sides()
    {
        var counter = new ObservationCounter(2, 3);
        counter.Add(Floats(Fixture.Hidden(Fixture.Teacher(0))), Floats(Fixture.Hidden(Fixture.Student(0))));

        Assert.Equal([0, 1, 2, 1, 1, 0], from j in Enumerable.Range(0, 2) from k in Enumerable.Range(0, 3) select counter.Count(j, k));
        Assert.Equal(2 / 6.0, counter.Best(0), 15);
    }

    [Theory]
    [InlineData(0.0, new[] { 0.51685, 0.51095, -0.4095, 0.894625, 0.3022833333, -0.6899833333 }, new[] { 0.0107, 0.046, 0.095025 }, new[] { 0.0013333333, 0.0113333333 })]
    [InlineData(0.2, new[] { 0.5203633333, 0.5136436667, -0.413825, 0.8883525, 0.306121, -0.6880058333 }, new[] { 0.0100286667, 0.04476, 0.097282 }, new[] { 0.0004333333, 0.00445 })]
    public void One_full_batch_step_descends_half_the_squared_error(double slope, double[] weights, double[] biases, double[] outputBiases)
    {
        var stepped = Step(slope, rate: 0.1);

        Near(weights, stepped.Weights, 1e-10);
        Near(biases, stepped.Biases, 1e-10);
        Near(outputBiases, stepped.OutputBiases, 1e-10);
        if (slope == 0)
            Near([0.81775, 0.1985, -0.2996166667, 0.5981291667, 0.0913583333, -0.3851], stepped.FanOuts, 1e-10);
    }

    [Theory]
    [InlineData(0.0, new[] { 0.1173, -0.003555, -0.010795 })]
    [InlineData(0.2, new[] { 0.09384, -0.002844, -0.008636 })]
    public void Second_differences_of_the_residual_see_creases_only(double slope, double[] expected)
    {
        double[] x = [0, 0.125], h = [0.12, 0.16];
        var (teacher, student) = (Fixture.Teacher(slope), Fixture.Student(slope));
        var (alpha, beta) = (Fixture.Products(student, teacher), Fixture.Products(student, student));
        var (kappaTeacher, kappaStudent) = (Kappa(teacher, x, h), Kappa(student, x, h));

        var difference = Enumerable.Range(0, 3).Select(k => Ungated(slope, Plus(x, h, 1))[k] + Ungated(slope, Plus(x, h, -1))[k] - (2 * Ungated(slope, x)[k]));
        var identity = Enumerable.Range(0, 3).Select(k => (1 - slope) * (
            Enumerable.Range(0, 2).Sum(j => alpha[k, j] * kappaTeacher[j]) - Enumerable.Range(0, 3).Sum(l => beta[k, l] * kappaStudent[l])));

        Near(expected, difference);
        Near(expected, identity);
        Near([0.2, 0], kappaTeacher);
        Near([0.0775, 0, 0.0635], kappaStudent);
    }

    /// <summary>max(0, |w·h| − |z(x)|): how far a boundary cuts into the segment from x − h to x + h.</summary>
    private static double[] Kappa(TwoLayerNetwork network, double[] x, double[] h)
    {
        var z = Fixture.At(network, x).PreActivations;
        return [.. Enumerable.Range(0, network.Nodes).Select(i => Math.Max(0, Math.Abs((network.Weight(i)[0] * h[0]) + (network.Weight(i)[1] * h[1])) - Math.Abs(z[i])))];
    }

    private static TwoLayerNetwork Step(double slope, double rate)
    {
        var (teacher, student) = (Fixture.Teacher(slope), Fixture.Student(slope));
        var network = student.Shape();
        var parameters = network.Parameters();
        var x = Ops.Input("x", new Shape(Fixture.X.Length, 2));
        var target = Ops.Input("target", new Shape(Fixture.X.Length, 2));
        var error = network.Output(x, parameters) - target;
        var gradient = Transforms.Grad(0.5 / Fixture.X.Length * Ops.Sum(error * error), parameters);
        var flat = student.ToFlat();
        var values = new Dictionary<Sym, double[]>
        {
            [x] = [.. Fixture.X.SelectMany(row => row)],
            [target] = [.. Fixture.X.SelectMany(row => Fixture.At(teacher, row).Output)],
        };
        for (var i = 0; i < parameters.Length; i++)
            values[parameters[i]] = network.Layout.Slots[i].Of<double>(flat).ToArray();

        var found = Reference.Evaluate(values, gradient);

        for (var i = 0; i < found.Length; i++)
        {
            for (var at = 0; at < found[i].Length; at++)
                flat[network.Layout.Slots[i].Offset + at] -= rate * found[i][at];
        }

        return student.WithFlat(flat);
    }

    private static double[] Errors(double slope, double[] x)
        => [.. Fixture.At(Fixture.Teacher(slope), x).Output.Zip(Fixture.At(Fixture.Student(slope), x).Output, (t, s) => t - s)];

    private static double[] Gradient(double slope, double[] x)
    {
        var gradient = new double[3];
        var student = Fixture.Student(slope);
        ResidualGradient.Of(Errors(slope, x), student.FanOuts, Fixture.At(student, x).PreActivations, NodeActivation.LeakyRelu(slope), gradient);
        return gradient;
    }

    private static double[] Ungated(double slope, double[] x)
    {
        var residual = new double[3];
        ResidualGradient.Ungated(Errors(slope, x), Fixture.Student(slope).FanOuts, residual);
        return residual;
    }

    private static double[] Plus(double[] x, double[] h, double sign) => [x[0] + (sign * h[0]), x[1] + (sign * h[1])];

    private static float[] Floats(double[] values) => [.. values.Select(value => (float)value)];

    private static void Near(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance = Tolerance)
    {
        var (left, right) = (expected.ToArray(), actual.ToArray());
        Assert.Equal(left.Length, right.Length);
        for (var i = 0; i < left.Length; i++)
            Assert.Equal(left[i], right[i], tolerance);
    }
}
