using Understudy.Learning.Landscape;

namespace Understudy.UnitTests.Learning.Landscape;

/// <summary>Laws of planes through three points; random-teacher specification, sections 5.6 and 13.</summary>
public class PlaneProjectionTests
{
    private const int Size = 60;

    private readonly double[][] _points;

    public PlaneProjectionTests()
    {
        var draw = new Draw(11);
        _points = [draw.Normal(Size), draw.Normal(Size), draw.Normal(Size)];
    }

    public static TheoryData<PlaneScale, PlaneCenter> All
        => [.. from scale in Enum.GetValues<PlaneScale>() from center in Enum.GetValues<PlaneCenter>() select new TheoryDataRow<PlaneScale, PlaneCenter>(scale, center)];

    [Fact]
    public void Three_points_are_the_corners_of_the_unit_triangle_of_an_affine_plane()
    {
        var projection = Through(PlaneScale.Affine, PlaneCenter.First);

        double[][] corners = [[0, 0], [1, 0], [0, 1]];
        foreach (var (place, corner) in projection.Places.Zip(corners))
            AssertNear(corner, place);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Points_lie_in_their_plane_and_its_origin_is_the_nearest_to_zero(PlaneScale scale, PlaneCenter center)
    {
        var projection = Through(scale, center);

        // the specification's bar is 1e-4; rounding of a sum over the parameters is far below
        Assert.InRange(projection.OutOfPlane, 0, 1e-13);
        var nearest = new double[Size];
        projection.Plane.Point(projection.Origin, nearest);
        Assert.Equal(projection.OriginDistance, Norm(nearest), 1e-12);
        Assert.All(projection.Plane.Axes, axis => Assert.Equal(0, axis.Zip(nearest, (a, b) => a * b).Sum() / Norm(axis), 1e-12));
        var middle = projection.Places.Select(place => place[0]).Sum() / 3;
        Assert.Equal(center == PlaneCenter.Mean ? 0 : middle, middle, 1e-12);
        if (center == PlaneCenter.MinNorm)
            AssertNear([0, 0], projection.Origin);
    }

    [Theory]
    [InlineData(PlaneScale.L2Ortho, PlaneCenter.First, 1)]
    [InlineData(PlaneScale.L2Ortho, PlaneCenter.Mean, 1)]
    [InlineData(PlaneScale.L2Ortho, PlaneCenter.MinNorm, 1)]
    [InlineData(PlaneScale.RmsOrtho, PlaneCenter.Mean, Size / 2.0)]
    public void Distances_are_those_of_the_space_of_parameters(PlaneScale scale, PlaneCenter center, double squared)
    {
        var projection = Through(scale, center);

        for (var i = 0; i < 3; i++)
        {
            var (a, b) = (projection.Places[i], projection.Places[(i + 1) % 3]);
            var apart = Math.Sqrt(squared * (((a[0] - b[0]) * (a[0] - b[0])) + ((a[1] - b[1]) * (a[1] - b[1]))));
            Assert.Equal(Norm([.. _points[i].Zip(_points[(i + 1) % 3], (x, y) => x - y)]), apart, 1e-12);
        }
    }

    [Theory]
    [InlineData(PlaneCenter.Mean)]
    [InlineData(PlaneCenter.MinNorm)]
    public void The_first_point_lies_to_the_lower_left_of_the_centre(PlaneCenter center)
        => Assert.All(Through(PlaneScale.L2Ortho, center).Places[0], coordinate => Assert.InRange(coordinate, double.NegativeInfinity, 0));

    [Fact]
    public void Points_on_a_line_have_no_plane()
    {
        Assert.Throws<ArgumentException>(() => PlaneProjection.Through(_points[0], _points[1], [.. _points[0].Zip(_points[1], (a, b) => (0.3 * a) + (0.7 * b))]));
        Assert.Throws<ArgumentException>(() => PlaneProjection.Through(_points[0], _points[1], _points[2][1..]));
    }

    private PlaneProjection Through(PlaneScale scale, PlaneCenter center) => PlaneProjection.Through(_points[0], _points[1], _points[2], scale, center);

    private static void AssertNear(double[] expected, double[] actual) => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));

    private static double Norm(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));
}
