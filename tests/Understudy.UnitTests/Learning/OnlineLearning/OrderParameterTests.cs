using Understudy.Engine.Random;
using Understudy.Learning.OnlineLearning;

namespace Understudy.UnitTests.Learning.OnlineLearning;

public class OrderParameterTests
{
    private static readonly OnlineLearningOptions FirstLayer = new();
    private static readonly OnlineLearningOptions BothLayers = new() { OutputLearningRate = 0.5 };

    [Fact]
    public void Euler_steps_give_the_recorded_errors_of_the_first_layer()
    {
        // fixture F4 of the specification
        var flow = new OrderParameterFlow(FirstLayer, Start());

        Assert.Equal(0.545719, flow.Now.GeneralizationError(FieldActivation.Erf), 5.1e-7);
        Assert.Equal([0.246288, 0.023800, 0.022010], Errors(flow), Close(5.1e-7));
    }

    [Fact]
    public void Euler_steps_give_the_recorded_errors_and_output_weights_of_both_layers()
    {
        var flow = new OrderParameterFlow(BothLayers, Start());

        Assert.Equal([0.239703, 0.021045, 0.018159], Errors(flow), Close(5.1e-7));
        Assert.Equal([0.8437, 0.8913, 0.8582], flow.Now.FanOut.ToArray(), Close(5.1e-5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_adaptive_method_agrees_with_small_steps_of_Euler(bool bothLayers)
    {
        var options = bothLayers ? BothLayers : FirstLayer;
        var (adaptive, euler) = (new OrderParameterFlow(options, Start()), new OrderParameterFlow(options, Start()));
        var finer = new OrderParameterFlow(options, Start(), relativeTolerance: 1e-9);

        adaptive.AdvanceTo(10);
        finer.AdvanceTo(10);
        euler.AdvanceByEuler(0.001, 10_000);

        // Euler's error is of the order of its step, that of the adaptive method of its tolerance times the number of steps
        Assert.Equal(finer.Now.State, euler.Now.State, Close(1e-3));
        Assert.Equal(finer.Now.State, adaptive.Now.State, Close(1e-5));
        Assert.Equal(10, adaptive.Time);
    }

    [Fact]
    public void A_time_on_the_way_changes_nothing_beyond_the_tolerance()
    {
        var (straight, stopping) = (new OrderParameterFlow(FirstLayer, Start()), new OrderParameterFlow(FirstLayer, Start()));

        straight.AdvanceTo(12);
        for (var time = 0.5; time <= 12; time += 0.5)
            stopping.AdvanceTo(time);

        Assert.Equal(straight.Now.State, stopping.Now.State, Close(1e-5));
    }

    [Theory]
    [InlineData(FieldActivation.Erf)]
    [InlineData(FieldActivation.Relu)]
    [InlineData(FieldActivation.Linear)]
    public void A_student_that_is_its_teacher_has_no_error_and_stays(FieldActivation activation)
    {
        var overlaps = new OrderParameters(2, 2);
        double[] t = [1.1, 0.2, 0.2, 0.9];
        t.CopyTo(overlaps.T, 0);
        t.CopyTo(overlaps.Q);
        t.CopyTo(overlaps.R);
        var flow = new OrderParameterFlow(new OnlineLearningOptions { Activation = activation, OutputLearningRate = 0.3 }, overlaps);

        Assert.Equal(0, overlaps.GeneralizationError(activation), 1e-14);
        // the square root of a correlation's distance from 1 is what rounding leaves
        Assert.Equal(0, flow.Speed(), 1e-7);
    }

    [Theory]
    [InlineData(FieldActivation.Erf)]
    [InlineData(FieldActivation.Relu)]
    [InlineData(FieldActivation.Linear)]
    public void Student_nodes_may_be_named_in_any_order(FieldActivation activation)
    {
        var options = new OnlineLearningOptions { Activation = activation, LearningRate = 0.2, OutputLearningRate = 0.1, Noise = 0.3, WeightDecay = 0.05 };
        int[] order = [2, 0, 1];
        var (start, permuted) = (Start(), Start());
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                permuted.Q[(i * 3) + j] = start.Q[(order[i] * 3) + order[j]];
            for (var n = 0; n < 2; n++)
                permuted.R[(i * 2) + n] = start.R[(order[i] * 2) + n];
        }

        var (left, right) = (new OrderParameterFlow(options, start), new OrderParameterFlow(options, permuted));
        left.AdvanceTo(3);
        right.AdvanceTo(3);

        Assert.Equal(left.Now.GeneralizationError(activation), right.Now.GeneralizationError(activation), 1e-5);
        Assert.Equal(Enumerable.Range(0, 6).Select(at => left.Now.R[(order[at / 2] * 2) + (at % 2)]), right.Now.R.ToArray(), Close(1e-5));
    }

    [Theory]
    [InlineData(FieldActivation.Erf)]
    [InlineData(FieldActivation.Relu)]
    [InlineData(FieldActivation.Linear)]
    public void Equations_are_the_mean_change_of_one_step(FieldActivation activation)
    {
        // the fields of a large network are normal with covariance [[Q, R], [R', T]]: draw them and average what one sample changes
        var options = new OnlineLearningOptions { Activation = activation, LearningRate = 0.4, OutputLearningRate = 0.3, Noise = 0.5, WeightDecay = 0.1 };
        var start = Start();
        var derivative = new double[start.State.Length];
        new OrderParameterEquations(options, start).Derivative(start.State, derivative);

        var (mean, error) = OneStep(options, start);

        for (var at = 0; at < mean.Length; at++)
        {
            // five standard errors, and the rounding of the same sum
            Assert.True(Math.Abs(derivative[at] - mean[at]) < (5 * error[at]) + 1e-12, $"entry {at}: {derivative[at]} instead of {mean[at]} ± {error[at]}");
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.7)]
    public void One_linear_node_follows_its_exponentials_to_its_noise_floor(double noise)
    {
        // dR/dt = η(T − R), and where R = T the excess e = Q − T obeys de/dt = −2ηe + η²(e + σ²)
        const double Rate = 0.4;
        var start = new OrderParameters(1, 1);
        (start.Q[0], start.R[0], start.T[0]) = (0.5, 0.1, 1.2);
        var flow = new OrderParameterFlow(new OnlineLearningOptions { Activation = FieldActivation.Linear, LearningRate = Rate, Noise = noise }, start);

        flow.AdvanceTo(3);
        Assert.Equal(1.2 - (1.1 * Math.Exp(-Rate * 3)), flow.Now.R[0], 1e-6);

        flow.AdvanceTo(200);
        Assert.Equal(Rate * noise * noise / (2 - Rate) / 2, flow.Now.GeneralizationError(FieldActivation.Linear), 1e-6);
    }

    [Fact]
    public void Order_parameters_that_explode_stop_the_flow()
    {
        var flow = new OrderParameterFlow(new OnlineLearningOptions { Activation = FieldActivation.Linear, LearningRate = 50 }, Start());

        flow.AdvanceTo(100);

        Assert.False(flow.IsFinite);
        Assert.True(flow.Time < 100);
    }

    [Fact]
    public void Overlaps_are_those_of_the_networks()
    {
        var (teacher, student) = (new Committee(3, 1), new Committee(3, 2));
        new float[] { 1, 2, 2 }.CopyTo(teacher.Weights, 0);
        new float[] { 3, 0, 0, 0, 1, -1 }.CopyTo(student.Weights, 0);
        student.FanOut[1] = -2;

        var overlaps = OrderParameters.Of(student, teacher);

        Assert.Equal([3, 0, 0, 2 / 3.0], overlaps.Q.ToArray());
        Assert.Equal([1.0, 0], overlaps.R.ToArray());
        Assert.Equal([3.0], overlaps.T);
        Assert.Equal([1.0, -2], overlaps.FanOut.ToArray());
        Assert.Throws<ArgumentException>(() => OrderParameters.Of(new Committee(4, 1), teacher));
    }

    /// <summary>Fixture F4: M = 2, K = 3.</summary>
    internal static OrderParameters Start()
    {
        var start = new OrderParameters(3, 2);
        new[] { 0.5, 0.05, 0.02, 0.05, 0.4, 0.01, 0.02, 0.01, 0.45 }.CopyTo(start.Q);
        new[] { 0.10, 0.02, 0.01, 0.12, 0.05, 0.03 }.CopyTo(start.R);
        (start.T[0], start.T[3]) = (1, 1);
        return start;
    }

    private static double[] Errors(OrderParameterFlow flow)
    {
        var errors = new List<double>();
        foreach (var steps in new[] { 100, 900, 2000 })
        {
            flow.AdvanceByEuler(0.01, steps);
            errors.Add(flow.Now.GeneralizationError(FieldActivation.Erf));
        }

        return [.. errors];
    }

    private static EqualityComparer<double> Close(double tolerance)
        => EqualityComparer<double>.Create((x, y) => Math.Abs(x - y) <= tolerance, _ => 0);

    private static (double[] Mean, double[] Error) OneStep(OnlineLearningOptions options, OrderParameters start)
    {
        const int Samples = 200_000;
        var (k, m) = (start.StudentNodes, start.TeacherNodes);
        var fields = k + m;
        var covariance = new double[fields * fields];
        start.FillCovariance(start.State, covariance);
        var root = Cholesky(covariance, fields);
        var (normal, z) = (new double[fields + 1], new double[fields]);
        var (sum, squares, change) = (new double[start.State.Length], new double[start.State.Length], new double[start.State.Length]);
        var random = new RandomSequence(5, "test/step");
        for (var s = 0; s < Samples; s++)
        {
            random.FillNormal(s, normal);
            for (var a = 0; a < fields; a++)
            {
                z[a] = 0;
                for (var b = 0; b <= a; b++)
                    z[a] += root[(a * fields) + b] * normal[b];
            }

            Change(options, start, z, normal[fields], change);
            for (var at = 0; at < change.Length; at++)
            {
                sum[at] += change[at];
                squares[at] += change[at] * change[at];
            }
        }

        return (
            [.. sum.Select(value => value / Samples)],
            [.. sum.Select((value, at) => Math.Sqrt(Math.Max((squares[at] / Samples) - (value / Samples * (value / Samples)), 0) / Samples))]);
    }

    /// <summary>N times the change of Q, R and v by one sample, to leading order in 1/N: |x|²/N is 1.</summary>
    private static void Change(OnlineLearningOptions options, OrderParameters start, double[] z, double noise, double[] change)
    {
        var (k, m, g) = (start.StudentNodes, start.TeacherNodes, options.Activation);
        var error = options.Noise * noise;
        for (var n = 0; n < m; n++)
            error += start.TeacherFanOut[n] * GaussianIntegralsTests.Value(g, z[k + n]);
        for (var i = 0; i < k; i++)
            error -= start.FanOut[i] * GaussianIntegralsTests.Value(g, z[i]);
        double[] pull = [.. Enumerable.Range(0, k).Select(i => options.LearningRate * start.FanOut[i] * GaussianIntegralsTests.Slope(g, z[i]) * error)];
        // for ReLU the equations keep the noise of second order only
        var second = GaussianIntegrals.HasI4(g) ? 1 : Math.Pow(options.Noise * noise / error, 2);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
                change[(i * k) + j] = (pull[i] * z[j]) + (pull[j] * z[i]) + (second * pull[i] * pull[j]) - (2 * options.WeightDecay * start.Q[(i * k) + j]);
            for (var n = 0; n < m; n++)
                change[(k * k) + (i * m) + n] = (pull[i] * z[k + n]) - (options.WeightDecay * start.R[(i * m) + n]);
            change[(k * (k + m)) + i] = (options.OutputLearningRate * GaussianIntegralsTests.Value(g, z[i]) * error) - (options.WeightDecay * start.FanOut[i]);
        }
    }

    private static double[] Cholesky(double[] c, int n)
    {
        var root = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = c[(i * n) + j];
                for (var l = 0; l < j; l++)
                    rest -= root[(i * n) + l] * root[(j * n) + l];
                root[(i * n) + j] = i == j ? Math.Sqrt(rest) : rest / root[(j * n) + j];
            }
        }

        return root;
    }
}
