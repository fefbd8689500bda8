using Understudy.Learning.Geometry;

namespace Understudy.UnitTests.Learning.Geometry;

public class CreaseTests
{
    private static readonly double[] Steps = [0.02, 0.05, 0.1, 0.2];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(-1, 1)]
    [InlineData(3, 1)]
    [InlineData(-0.2, 1)]
    public void Copies_have_the_crease_whatever_their_scale_and_orientation(double scale, double share)
        => Same(teacher => DrawnNetworks.Copies(teacher, (0, scale, share), (1, 1, 1)));

    [Fact]
    public void Duplicates_share_the_crease()
        => Same(teacher => DrawnNetworks.Copies(teacher, (1, 1, 1), (0, 2, 0.7), (0, -0.5, 0.2), (0, 1, 0.1)));

    [Fact]
    public void Permuted_students_give_the_same() => Property.Holds(10, draw =>
    {
        var teacher = DrawnNetworks.Any(draw, 5, 3, 4, slope: 0.1);
        var inputs = DrawnNetworks.Inputs(draw, 60, 5);
        var (once, again) = (DrawnNetworks.Copies(teacher, (0, 1, 0.6), (1, 1, 0.8), (2, 1, 1)), DrawnNetworks.Copies(teacher, (2, 1, 1), (0, 1, 0.6), (1, 1, 0.8)));

        for (var j = 0; j < 3; j++)
            Near(Of(teacher, once, inputs, j).Recovery.ToArray(), Of(teacher, again, inputs, j).Recovery);
    });

    [Fact]
    public void A_student_with_a_share_of_the_fan_out_has_that_share_of_the_crease() => Property.Holds(10, draw =>
    {
        var teacher = DrawnNetworks.Any(draw, 5, 2, 4, slope: 0);
        var profile = Of(teacher, DrawnNetworks.Copies(teacher, (0, 1, 0.4)), DrawnNetworks.Inputs(draw, 60, 5), 0);

        Near([0.4, 0.4, 0.4, 0.4], profile.Recovery);
        Near([0.36, 0.36, 0.36, 0.36], profile.Error);
        Assert.Equal(double.NaN, profile.LocalizationRadius);
    });

    [Fact]
    public void A_student_without_a_boundary_there_has_none() => Property.Holds(10, draw =>
    {
        var teacher = DrawnNetworks.Any(draw, 5, 2, 4, slope: 0.2);
        var profile = Of(teacher, DrawnNetworks.Copies(teacher, (1, 1, 1)), DrawnNetworks.Inputs(draw, 60, 5), 0);

        Near([0, 0, 0, 0], profile.Recovery);
        Near([1, 1, 1, 1], profile.Error);
    });

    [Fact]
    public void A_parallel_boundary_is_found_from_its_distance_on() => Property.Holds(10, draw =>
    {
        // κ of a boundary at distance a is (h − a) over h: a half at h = 2a
        var weight = draw.Normal(4);
        var norm = Math.Sqrt(weight.Sum(value => value * value));
        var fanOut = draw.Normal(3);
        var teacher = new TwoLayerNodes(4, 0, weight, [0.3], fanOut, [0, 0, 0]);
        var student = new TwoLayerNodes(4, 0, weight, [0.3 + (0.04 * norm)], fanOut, [0, 0, 0]);
        var profile = Of(teacher, student, DrawnNetworks.Inputs(draw, 30, 4), 0);

        Near([0, 0.2, 0.6, 0.8], profile.Recovery);
        Assert.Equal(0.1, profile.LocalizationRadius);
    });

    private static void Same(Func<TwoLayerNodes, TwoLayerNodes> student) => Property.Holds(10, draw =>
    {
        var teacher = DrawnNetworks.Any(draw, 5, 2, 4, slope: draw.Case % 2 * 0.2);
        var profile = Of(teacher, student(teacher), DrawnNetworks.Inputs(draw, 60, 5), 0);

        Near([1, 1, 1, 1], profile.Recovery);
        Near([0, 0, 0, 0], profile.Error);
        Assert.Equal(0.02, profile.LocalizationRadius);
    });

    private static CreaseProfile Of(TwoLayerNodes teacher, TwoLayerNodes student, float[] inputs, int node)
        => CreaseProfile.Of(new BoundaryProbes(teacher, student, inputs), node, Steps);

    private static void Near(double[] expected, ReadOnlySpan<double> found)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-9);
    }
}
