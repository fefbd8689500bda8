using Understudy.Learning.Geometry;
using Understudy.Learning.Probing;

namespace Understudy.UnitTests.Learning.Geometry;

public class CertificateTests
{
    private static readonly double[] Slopes = [0, 0.1, 0.5];

    [Fact]
    public void The_second_difference_of_the_residual_is_the_creases_on_the_segment() => Property.Holds(60, draw =>
    {
        var (d, slope, studentSlope) = (draw.Extent(8), Slopes[draw.Index(3)], Slopes[draw.Index(3)]);
        var teacher = DrawnNetworks.Any(draw, d, draw.Extent(6), 3, slope);
        var student = DrawnNetworks.Any(draw, d, draw.Extent(8), 3, studentSlope);
        double[] x = draw.Normal(d), h = draw.Normal(d);
        for (var k = 0; k < student.Nodes; k++)
            Assert.Equal(ProbeIdentity.OfCreases(teacher, student, k, x, h), ProbeIdentity.SecondDifference(teacher, student, k, x, h), 1e-12);
    });

    [Theory]
    [InlineData(0.0, new[] { 0.1173, -0.003555, -0.010795 })]
    [InlineData(0.2, new[] { 0.09384, -0.002844, -0.008636 })]
    public void The_probe_of_the_fixture_has_its_numbers(double slope, double[] expected)
    {
        // fixture F1
        var teacher = new TwoLayerNodes(2, slope, [0.6, 0.8, -0.8, 0.6], [-0.1, -0.1], [1, 0.25, -0.5, 0.75], [-0.1, -0.1]);
        var student = new TwoLayerNodes(2, slope, [0.5, 0.5, -0.4, 0.9, 0.3, -0.7], [0, 0.05, 0.1], [0.8, 0.2, -0.3, 0.6, 0.1, -0.4], [0, 0]);
        double[] x = [0, 0.125], h = [0.12, 0.16], kappa = [0.0775, 0, 0.0635];

        Assert.Equal(0.2, ProbeIdentity.Kappa(teacher, 0, x, h), 1e-12);
        Assert.Equal(0, ProbeIdentity.Kappa(teacher, 1, x, h));
        for (var k = 0; k < 3; k++)
        {
            Assert.Equal(kappa[k], ProbeIdentity.Kappa(student, k, x, h), 1e-12);
            Assert.Equal(expected[k], ProbeIdentity.SecondDifference(teacher, student, k, x, h), 1e-12);
            Assert.Equal(expected[k], ProbeIdentity.OfCreases(teacher, student, k, x, h), 1e-12);
        }
    }

    [Fact]
    public void A_certificate_is_never_violated()
    {
        var (certified, probes) = (0.0, 0);
        Property.Holds(60, draw =>
        {
            var d = 2 + draw.Index(8);
            var teacher = DrawnNetworks.Any(draw, d, draw.Extent(5), 4, Slopes[draw.Case % 3]);
            var student = draw.Coin()
                ? DrawnNetworks.Any(draw, d, draw.Extent(8), 4, teacher.Slope)
                : DrawnNetworks.NearCopy(draw, teacher, Math.Pow(10, draw.Uniform(-6, 0)), idle: draw.Index(4));
            var pair = new BoundaryProbes(teacher, student, DrawnNetworks.Inputs(draw, 100, d));
            for (var j = 0; j < teacher.Nodes; j++)
            {
                var found = NodeCertificate.Of(pair, j, draw.Uniform(0.01, 0.5));
                Assert.Equal(0, found.Violations);
                Assert.InRange(found.Certified, 0, found.Observed);
                (certified, probes) = (certified + (found.Certified * found.Probes), probes + found.Probes);
            }
        });

        // the law says something: a good part of the probes is certified
        Assert.InRange(certified / probes, 0.1, 0.9);
    }

    [Fact]
    public void The_sine_of_a_certified_winner_is_below_its_bound()
    {
        var informative = 0;
        Property.Holds(40, draw =>
        {
            var d = 3 + draw.Index(8);
            var teacher = DrawnNetworks.Any(draw, d, 1 + draw.Index(4), 5, Slopes[draw.Case % 3]);
            var student = DrawnNetworks.NearCopy(draw, teacher, Math.Pow(10, draw.Uniform(-5, -2)), idle: 2);
            var pair = new BoundaryProbes(teacher, student, DrawnNetworks.Inputs(draw, 200, d));
            for (var j = 0; j < teacher.Nodes; j++)
            {
                var found = NodeCertificate.Of(pair, j, 0.05);
                if (found.Winner < 0)
                    continue;
                var sine = NodeAlignment.Of(teacher.Weight(j), teacher.Bias(j), student.Weight(found.Winner), student.Bias(found.Winner)).UnorientedSine;
                Assert.InRange(sine, 0, found.SineBound);
                informative += found.SineBound < 0.2 ? 1 : 0;
            }
        });

        Assert.InRange(informative, 20, int.MaxValue);
    }

    [Fact]
    public void A_copy_certifies_every_node_wherever_a_student_sees_it_and_no_other_boundary_is_near() => Property.Holds(10, draw =>
    {
        var teacher = DrawnNetworks.Any(draw, 6, 3, 5, slope: 0.2);
        var student = DrawnNetworks.NearCopy(draw, teacher, noise: 0);
        var pair = new BoundaryProbes(teacher, student, DrawnNetworks.Inputs(draw, 100, 6));
        for (var j = 0; j < 3; j++)
        {
            var found = NodeCertificate.Of(pair, j, 1e-4);
            Assert.Equal(1, found.Observed);
            Assert.InRange(found.Certified, 0.95, 1);
            Assert.Equal((j, 1.0), (found.Winner, found.WinnerShare));
            Assert.InRange(found.SineBound, 0, 1e-3);
        }
    });

    [Fact]
    public void A_student_without_the_boundary_certifies_nothing() => Property.Holds(10, draw =>
    {
        var teacher = DrawnNetworks.Any(draw, 6, 3, 5, slope: 0.2);
        var student = DrawnNetworks.Copies(teacher, (0, 1, 1), (1, 1, 1));
        var pair = new BoundaryProbes(teacher, student, DrawnNetworks.Inputs(draw, 100, 6));

        Assert.Equal((0.0, -1, 1.0), NodeCertificate.Of(pair, 2, 1e-3) is var found ? (found.Certified, found.Winner, found.SineBound) : default);
    });

    [Fact]
    public void The_fan_out_of_a_student_alone_on_its_boundary_is_below_its_bound()
    {
        var tight = 0;
        Property.Holds(40, draw =>
        {
            var d = 2 + draw.Index(8);
            var outputs = 1 + draw.Index(3);
            var teacher = DrawnNetworks.Any(draw, d, 1 + draw.Index(4), outputs, Slopes[draw.Case % 3]);
            var student = DrawnNetworks.NearCopy(draw, teacher, Math.Pow(10, draw.Uniform(-6, -1)), idle: 3);
            var pair = new BoundaryProbes(teacher, student, DrawnNetworks.Inputs(draw, 100, d));
            for (var k = 0; k < student.Nodes; k++)
            {
                var bound = PrunableBound.Of(pair, k, longest: draw.Uniform(0.05, 2), most: 4);
                Assert.True(!(bound < student.FanOutNorm(k)), $"{bound} {student.FanOutNorm(k)}");
                tight += k >= teacher.Nodes && bound < 1 ? 1 : 0;
            }
        });

        Assert.InRange(tight, 20, int.MaxValue);
    }

    [Fact]
    public void Students_on_a_boundary_with_another_student_or_a_teacher_node_have_no_bound() => Property.Holds(20, draw =>
    {
        var teacher = DrawnNetworks.Any(draw, 2 + draw.Index(20), 2, 3, Slopes[draw.Case % 3]);
        // scales that round, so that the boundaries coincide but for the last digits
        var student = DrawnNetworks.Copies(teacher, (0, 1, 0.5), (0, 0.3, 0.5), (1, -0.7, 1));
        var pair = new BoundaryProbes(teacher, student, DrawnNetworks.Inputs(draw, 100, teacher.Inputs));

        Assert.All([0, 1, 2], k => Assert.Null(PrunableBound.Of(pair, k, longest: 1, most: 4)));
    });

    [Fact]
    public void Eigenvalues_are_bounded_from_below_and_closely()
    {
        // A = Q diag(λ) Qᵀ with the reflection Q = 1 − 2qqᵀ
        Property.Holds(20, draw =>
        {
            var size = 2 + draw.Index(6);
            double[] q = draw.Normal(size), values = [.. draw.Normal(size).Select(value => Math.Abs(value) + 0.1)];
            var norm = Math.Sqrt(q.Sum(value => value * value));
            double Reflection(int i, int j) => (i == j ? 1 : 0) - (2 * q[i] * q[j] / (norm * norm));
            double[] matrix = [.. from i in Enumerable.Range(0, size) from j in Enumerable.Range(0, size)
                               select Enumerable.Range(0, size).Sum(l => Reflection(i, l) * values[l] * Reflection(j, l))];

            var found = Localization.SmallestEigenvalue(matrix, size);

            Assert.InRange(found, values.Min() - (1e-3 * matrix.Max()), values.Min());
        });
    }

    [Fact]
    public void Sample_counts_are_those_of_the_specification()
    {
        // d = 100, m = 5, r = 2, ε = 0.1
        Assert.Equal(8.7e9, SampleCounts.Order(5, 10, 100, 0.1), 1e8);
        Assert.Equal(1.7e-4, SampleCounts.GradientOrder(5, 10, 100, 0.1), 5e-6);
        Assert.Equal(60_000, SampleCounts.TeacherAware(5, 10, 100));
        Assert.Equal(4e8, SampleCounts.TeacherAgnostic(10, 100, 0.1), 1e-3);
    }

    [Fact]
    public void The_gradient_that_certifies_is_that_of_the_sample_count() => Property.Holds(10, draw =>
    {
        // with c = εσ/2 the certificate asks for δ < (1 − slope)|α|‖w*‖εσ/8
        var teacher = DrawnNetworks.Any(draw, 4, 1, 1, slope: 0.3);
        var student = DrawnNetworks.NearCopy(draw, teacher, 0.01);
        var found = NodeCertificate.Of(new BoundaryProbes(teacher, student, DrawnNetworks.Inputs(draw, 1, 4)), 0, 0.1 * 1.5 / 2);

        var asked = SampleCounts.AwareGradient(teacher.FanOut(0)[0] * student.FanOut(0)[0], teacher.WeightNorm(0), 0.3, sine: 0.1, deviation: 1.5);

        Assert.Equal(asked, found.Ratio * found.Gradient, 1e-9);
    });
}
