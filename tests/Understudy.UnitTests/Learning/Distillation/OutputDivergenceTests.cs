using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Distillation;

public sealed class OutputDivergenceTests
{
    [Fact]
    public void Outputs_far_apart_have_the_divergence_of_the_direct_formula()
        => Property.Holds(40, draw =>
        {
            var (m, scale) = (2 + draw.Index(30), Math.Exp(draw.Uniform(-1, 3)));
            double[] teacher = [.. draw.Normal(m).Select(x => scale * x)], student = [.. draw.Normal(m).Select(x => scale * x)];

            // both sums of powers are right to some 1e-16 of logarithms of the size of an output
            Assert.Equal(Direct(teacher, student), OutputDivergence.Of(teacher, student), 1e-14 * (1 + teacher.Concat(student).Max(Math.Abs)));
        });

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-6)]
    [InlineData(1e-10)]
    public void Outputs_close_together_have_half_the_variance_of_their_difference(double distance)
        => Property.Holds(10, draw =>
        {
            double[] teacher = draw.Normal(50), change = draw.Normal(50);
            double[] student = [.. teacher.Zip(change, (a, b) => a + (distance * b))], p = PlainStudent.Softmax(teacher, 1);
            // of what is left after rounding
            double[] d = [.. student.Zip(teacher, (a, b) => a - b)];
            var mean = p.Zip(d, (a, b) => a * b).Sum();
            var variance = p.Zip(d, (a, b) => a * (b - mean) * (b - mean)).Sum();

            // the third cumulant over six, of skewed weights at most some deviations
            Assert.Equal(1, OutputDivergence.Of(teacher, student) / (0.5 * variance), 3 * distance + 1e-12);
        });

    [Fact]
    public void Entropy_is_that_of_the_softmax_between_0_and_the_logarithm_of_the_outputs()
        => Property.Holds(40, draw =>
        {
            var m = 1 + draw.Index(30);
            double[] outputs = [.. draw.Normal(m).Select(x => Math.Exp(draw.Uniform(-3, 3)) * x)], p = PlainStudent.Softmax(outputs, 1);

            Assert.Equal(-p.Sum(share => share > 0 ? share * Math.Log(share) : 0), OutputDivergence.Entropy(outputs), 1e-13);
            Assert.InRange(OutputDivergence.Entropy(outputs), -1e-15, Math.Log(m) + 1e-13);
            // a constant changes no softmax
            Assert.Equal(OutputDivergence.Entropy(outputs), OutputDivergence.Entropy([.. outputs.Select(value => value + 3)]), 1e-12);
            Assert.Equal(Math.Log(m), OutputDivergence.Entropy(Enumerable.Repeat(5.0, m).ToArray()), 1e-14);
            Assert.Equal(0, OutputDivergence.Entropy([1000, 0]), 1e-300);
        });

    [Fact]
    public void Divergence_is_never_negative_and_0_only_for_equal_distributions()
        => Property.Holds(60, draw =>
        {
            double[] teacher = draw.Normal(2 + draw.Index(20)), change = draw.Normal(teacher.Length);
            var distance = Math.Pow(10, draw.Uniform(-14, 4));

            Assert.True(OutputDivergence.Of(teacher, [.. teacher.Zip(change, (a, b) => a + (distance * b))]) > 0);
            Assert.Equal(0, OutputDivergence.Of(teacher, teacher));
            // a constant changes no softmax; its rounding does, by the square of 1e-16
            Assert.InRange(OutputDivergence.Of(teacher, [.. teacher.Select(value => value + 3)]), 0, 1e-30);
        });

    [Theory]
    [InlineData(1000, 0, 0, 1000, 1000)]
    [InlineData(0, -2000, 0, -2000, 0)]
    [InlineData(0, -2000, 0, 0, 0.69314718055994531)]
    [InlineData(0, -800, 0, 800, 800)]
    [InlineData(1e6, 0, -1e6, 0, 1e6)]
    public void Outputs_whose_powers_no_number_holds_have_a_divergence(double t0, double t1, double s0, double s1, double expected)
        => Assert.Equal(expected, OutputDivergence.Of([t0, t1], [s0, s1]), 1e-14 * (1 + expected));

    [Theory]
    [InlineData(-800, -50)]
    [InlineData(-1500, -20)]
    [InlineData(-700, -30)]
    public void An_output_that_is_too_rare_for_a_number_counts_by_what_the_student_makes_of_it(double rare, double common)
        // p = 1, 0 and q = 1, exp(common) over their sum; logarithms of weights are right to 1e-16 of themselves
        => Assert.Equal(1, OutputDivergence.Of([0, rare], [0, common]) / ScalarFunctions.Log1p(Math.Exp(common)), 1e-12);

    [Fact]
    public void The_two_formulas_meet_at_one_nat()
    {
        // p = ½, ½ and q = σ(a), σ(−a): the divergence is log cosh(a / 2), which is 1 at a = 2 arcosh e
        var border = 2 * Math.Acosh(Math.E);
        foreach (var a in new[] { border - 1e-9, border - 1e-12, border + 1e-12, border + 1e-9 })
            Assert.Equal(Math.Log(Math.Cosh(a / 2)), OutputDivergence.Of([0, 0], [a, 0]), 1e-14);
    }

    [Fact]
    public void The_cosine_is_that_of_the_angle()
    {
        double[] a = [3, 4, 0], b = [0, 5, 12];

        Assert.Equal(20.0 / 65, OutputDivergence.Cosine(a, b), 1e-15);
        Assert.Equal(1, OutputDivergence.Cosine(a, a), 1e-15);
        Assert.Equal(-1, OutputDivergence.Cosine(a, [-6, -8, 0]), 1e-15);
        Assert.Equal(0, OutputDivergence.Cosine(a, new double[3]));
    }

    [Fact]
    public void Lengths_that_differ_are_told()
    {
        Assert.Contains("The teacher has 2 outputs, the student 3", Assert.Throws<ArgumentException>(() => OutputDivergence.Of(new double[2], new double[3])).Message, StringComparison.Ordinal);
        Assert.Contains("The teacher has 1 outputs, the student 0", Assert.Throws<ArgumentException>(() => OutputDivergence.Cosine(new double[1], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_head_of_the_paper_turns_an_angle_into_a_divergence()
    {
        const int k = 256, m = 65_536, part = 4_096;
        var (draw, cosine) = (new Draw(1), 0.8);
        var bottlenecks = Pair(draw, k, cosine);
        (LayeredNetwork Tail, double Variance)[] heads = [(Tail(k, part, "-/lb/fn/-/l/-"), 4e-4), (Tail(k, part, "-/lb/fn/wn/l/-"), 1.0 / k)];
        var outputs = heads.Select(_ => new double[2 * m]).ToArray();
        // a part of the outputs at a time
        for (var first = 0; first < m; first += part)
        {
            var weights = Weights(draw, k * part);
            for (var head = 0; head < heads.Length; head++)
            {
                var some = NetworkOutputs.Of(heads[head].Tail, bottlenecks, weights);
                some.AsSpan(0, part).CopyTo(outputs[head].AsSpan(first));
                some.AsSpan(part).CopyTo(outputs[head].AsSpan(m + first));
            }
        }

        // section 2.10; one pair scatters by √(2 / m), 0.6 %
        foreach (var (head, own) in heads.Zip(outputs))
            Assert.Equal(head.Variance * (1 - cosine), OutputDivergence.Of(own.AsSpan(0, m), own.AsSpan(m)), 0.04 * head.Variance * (1 - cosine));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Heads_that_differ_diverge_by_what_they_do_not_share(double alpha)
    {
        const int k = 64, m = 1024, pairs = 256;
        var draw = new Draw(2);
        var tail = Tail(k, m, "-/lb/fn/wn/l/-");
        double[] own = Weights(draw, k * m), other = StudentStart.Interpolated(own, Weights(draw, k * m), alpha);
        double[] angles = [.. Enumerable.Range(0, pairs).Select(_ => draw.Uniform(-1, 1))];
        double[] bottlenecks = [.. angles.SelectMany(cosine => Pair(draw, k, cosine))];
        double[] teacher = NetworkOutputs.Of(tail, bottlenecks, own), student = NetworkOutputs.Of(tail, bottlenecks, other);

        var (measured, expected) = (0.0, 0.0);
        var shared = (1 - alpha) / Math.Sqrt((alpha * alpha) + ((1 - alpha) * (1 - alpha)));
        for (var pair = 0; pair < pairs; pair++)
        {
            measured += OutputDivergence.Of(teacher.AsSpan(2 * pair * m, m), student.AsSpan(((2 * pair) + 1) * m, m)) / pairs;
            expected += (1 - (shared * angles[pair])) / k / pairs;
        }

        // section 2.10
        Assert.Equal(expected, measured, 0.04 * expected);
    }

    private static LayeredNetwork Tail(int bottleneck, int outputs, string shape)
        => ProjectionHead.Parts(1, new HeadOptions { Hidden = [], Bottleneck = bottleneck, Outputs = outputs, Shape = BottleneckShape.Parse(shape) }).Tail!;

    private static double[] Weights(Draw draw, int count) => Array.ConvertAll(draw.NormalSingle(count), value => 0.02 * value);

    /// <summary>Two unit vectors of a given cosine, one behind the other.</summary>
    private static double[] Pair(Draw draw, int k, double cosine)
    {
        double[] first = Unit(draw.Normal(k)), other = draw.Normal(k);
        var along = first.Zip(other, (a, b) => a * b).Sum();
        var across = Unit([.. other.Zip(first, (a, b) => a - (along * b))]);
        return [.. first, .. first.Zip(across, (a, b) => (cosine * a) + (Math.Sqrt(1 - (cosine * cosine)) * b))];
    }

    private static double[] Unit(double[] values)
    {
        var length = Math.Sqrt(values.Sum(value => value * value));
        return [.. values.Select(value => value / length)];
    }

    private static double Direct(double[] teacher, double[] student)
    {
        double[] p = PlainStudent.Softmax([.. teacher.Select(value => value - teacher.Max())], 1);
        return p.Zip(teacher.Zip(student, (a, b) => a - b), (a, b) => a * b).Sum() + LogSum(student) - LogSum(teacher);
    }

    private static double LogSum(double[] values) => values.Max() + Math.Log(values.Sum(value => ScalarFunctions.Exp(value - values.Max())));
}
