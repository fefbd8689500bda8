using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

public class PlaneTests
{
    [Fact]
    public void The_plane_through_three_points_holds_them_at_right_angles()
    {
        var draw = new Draw(1);
        double[] a = draw.Normal(20), b = draw.Normal(20), c = draw.Normal(20);

        var plane = ParameterPlane.Through(a, b, c);

        Assert.Equal(0, plane.Axes[0].Zip(plane.Axes[1], (u, v) => u * v).Sum(), 1e-14);
        Assert.Equal([0, 0], plane.Coordinates(a));
        Assert.Equal(0, plane.Coordinates(c)[1], 1e-14);
        foreach (var point in new[] { a, b, c })
        {
            var back = new double[20];
            plane.Point(plane.Coordinates(point), back);
            SmallProblem.AssertClose(point, back, 1e-14);
        }

        Assert.Throws<ArgumentException>(() => ParameterPlane.Through(a, b, [.. a.Zip(b, (from, to) => (from + to) / 2)]));
        Assert.Throws<ArgumentException>(() => ParameterPlane.Through(a, b, a));
        Assert.False(ParameterPlane.AreOnALine(a, b, c));
        Assert.All(new[] { a, b, [.. a.Zip(b, (from, to) => (from + to) / 2)] }, third => Assert.True(ParameterPlane.AreOnALine(a, b, third)));
    }

    [Fact]
    public void Coordinates_along_slanted_axes_are_those_of_least_squares()
    {
        var draw = new Draw(2);
        double[] origin = draw.Normal(15), u = draw.Normal(15), off = draw.Normal(15);
        double[] v = [.. u.Zip(draw.Normal(15), (along, across) => along + (0.1 * across))];
        var plane = new ParameterPlane(origin, u, v);
        var point = new double[15];
        plane.Point([0.7, -1.3], point);
        // what is orthogonal to both axes does not count
        var flat = new ParameterPlane(new double[15], u, v);
        var nearest = new double[15];
        flat.Point(flat.Coordinates(off), nearest);
        for (var i = 0; i < 15; i++)
            point[i] += off[i] - nearest[i];

        // the condition of the axes' products is some thousands
        SmallProblem.AssertClose([0.7, -1.3], plane.Coordinates(point), 1e-10);
        SmallProblem.AssertClose([0.5, 0.5], new ParameterPlane(origin, u, u).Coordinates([.. origin.Zip(u, (at, along) => at + along)]));
    }

    [Fact]
    public void A_trajectory_in_a_plane_is_explained_by_it()
    {
        var draw = new Draw(3);
        double[] origin = draw.Normal(200), u = draw.Normal(200), v = draw.Normal(200);
        double[][] snapshots = [.. Enumerable.Range(0, 7).Select(i => origin.Select((at, j) => at + (0.3 * i * i * u[j]) - (i * v[j])).ToArray())];

        var plane = TrajectoryPlane.Of(snapshots);

        Assert.Equal(1, plane.ExplainedVariance.Sum(), 1e-12);
        Assert.True(plane.ExplainedVariance[0] > plane.ExplainedVariance[1]);
        Assert.Equal([0, 0], plane.Path[6]);
        var back = new double[200];
        for (var i = 0; i < snapshots.Length; i++)
        {
            plane.Plane.Point(plane.Path[i], back);
            SmallProblem.AssertClose(snapshots[i], back);
        }

        Assert.Throws<ArgumentException>(() => TrajectoryPlane.Of(snapshots, 3));
    }

    [Fact]
    public void Explained_variances_are_those_of_the_coordinates()
    {
        var draw = new Draw(4);
        double[][] snapshots = [.. Enumerable.Range(0, 6).Select(_ => draw.Normal(40))];

        var plane = TrajectoryPlane.Of(snapshots, 5);

        Assert.Equal(1, plane.ExplainedVariance.Sum(), 1e-12);
        double[] variances = [.. Enumerable.Range(0, 5).Select(k => Variance(plane.Path.Select(at => at[k])))];
        SmallProblem.AssertClose([.. variances.Select(value => value / variances.Sum())], plane.ExplainedVariance);
    }

    [Fact]
    public void The_middle_of_a_grid_is_the_origin_and_every_value_stands_at_its_place()
    {
        var draw = new Draw(5);
        var network = Mlp.Of(NodeActivation.Tanh, 4, 3, 3);
        var theta = SmallProblem.Drawn(draw, network);
        var draws = new RandomSequence(2, "test/plane");
        var axes = new ParameterPlane(theta, Directions.Random(network.Layout, theta, draws, 0), Directions.Random(network.Layout, theta, draws, 1));
        using var evaluator = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 30));

        var (full, grid) = (PlaneGrid.Around(axes), PlaneGrid.Around(axes, points: 5, extent: 0.5));
        var values = LossPlane.Evaluate(grid, evaluator);

        Assert.Equal((51, 51, -1.0, 0.0, 1.0), (full.X.Count, full.Y.Count, full.X[0], full.X[25], full.Y[50]));
        Assert.Equal(evaluator.At(theta), values[12]);
        var corner = new double[theta.Length];
        axes.Point([0.5, -0.25], corner);
        Assert.Equal(evaluator.At(corner), values[(1 * 5) + 4]);
    }

    [Fact]
    public void The_grid_of_three_points_has_a_margin_of_a_fifth_of_its_side()
    {
        var draw = new Draw(6);
        double[] a = draw.Normal(20), b = draw.Normal(20), c = draw.Normal(20);
        var plane = ParameterPlane.Through(a, b, c);
        double[][] corners = [plane.Coordinates(a), plane.Coordinates(b), plane.Coordinates(c)];

        var grid = PlaneGrid.Enclosing(plane, corners);

        var (low, high) = (corners.Min(corner => corner[0]), corners.Max(corner => corner[0]));
        Assert.Equal((21, 21), (grid.X.Count, grid.Y.Count));
        Assert.Equal(low - (0.2 * (high - low)), grid.X[0], 1e-13);
        Assert.Equal(high + (0.2 * (high - low)), grid.X[20], 1e-13);
        Assert.Throws<ArgumentException>(() => PlaneGrid.Around(new ParameterPlane(a, b)));
    }

    [Fact]
    public void A_curvature_map_asks_at_every_point_and_can_be_cancelled()
    {
        var plane = new ParameterPlane([0, 0, 5], [1, 0, 0], [0, 1, 0]);
        var grid = PlaneGrid.Around(plane, points: 3);
        using var source = new CancellationTokenSource();

        var map = LossPlane.Curvature(grid, at => new SpectrumEnds(-at[0] - 2, at[1] + at[2]));

        Assert.Equal(new SpectrumEnds(-3, 4), map[2]);
        Assert.Equal(new SpectrumEnds(-1, 6), map[6]);
        Assert.Equal(0.75, map[2].Ratio);
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => LossPlane.Curvature(grid, _ => default, null, source.Token));
    }

    [Fact]
    public void The_Hessian_within_a_plane_is_the_second_difference_of_the_loss_on_it()
    {
        var draw = new Draw(7);
        var network = Mlp.Of(NodeActivation.Tanh, 4, 3, 3);
        using var evaluator = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 30));
        var theta = SmallProblem.Drawn(draw, network);
        var plane = new ParameterPlane(theta, draw.Normal(theta.Length), draw.Normal(theta.Length));
        using var curvature = new NetworkCurvature(network, evaluator.Loss, evaluator.Examples, theta);

        var within = LossPlane.Hessian(plane, curvature.Hessian);

        const double Step = 1e-4;
        double At(double x, double y)
        {
            var point = new double[theta.Length];
            plane.Point([Step * x, Step * y], point);
            return evaluator.At(point).Loss;
        }

        double Second(double x, double y) => (At(x, y) - (2 * At(0, 0)) + At(-x, -y)) / (Step * Step);
        double mixed = (At(1, 1) - At(1, -1) - At(-1, 1) + At(-1, -1)) / (4 * Step * Step);
        // rounding of the losses over the square of the step, some 1e-8, and the fourth derivative times it
        SmallProblem.AssertClose([Second(1, 0), mixed, mixed, Second(0, 1)], within, 1e-5);
        Assert.Throws<ArgumentException>(() => LossPlane.Hessian(new ParameterPlane([0, 0], [1, 0]), curvature.Hessian));
    }

    private static double Variance(IEnumerable<double> values)
    {
        var array = values.ToArray();
        return array.Sum(value => (value - array.Average()) * (value - array.Average()));
    }
}
