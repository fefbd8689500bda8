using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.UnitTests.Learning.Landscape;

namespace Understudy.UnitTests.Learning.Curvature;

public class TopSpaceTrackTests
{
    [Fact]
    public void Angles_and_shares_that_were_built_in_are_found()
    {
        var network = Mlp.Relu(2, 3, 2);
        var point = DrawnPoints.Of(new Draw(1), network, OutputLoss.CrossEntropy, 6);
        using var curvature = point.Products();
        using var team = new Team(2);
        var track = new TopSpaceTrack(curvature, team);
        var size = point.Size;
        double[] Axes(params (int Axis, double Cosine, int Other)[] rows)
        {
            var vectors = new double[rows.Length * size];
            foreach (var (i, (axis, cosine, other)) in rows.Index())
                (vectors[(i * size) + axis], vectors[(i * size) + other]) = (cosine, Math.Sqrt(1 - (cosine * cosine)));
            return vectors;
        }

        var first = track.Add(Axes((0, 1, 5), (1, 1, 6)));
        var moved = point.Parameters.ToArray();
        // of the update (3, 0, …, 4 at place 5, 12 at place 7) the first space holds 3 of 13
        (moved[0], moved[5], moved[7]) = (moved[0] + 3, moved[5] + 4, moved[7] + 12);
        curvature.MoveTo(moved);
        var second = track.Add(Axes((0, 0.6, 5), (1, 1, 6)));

        Assert.Null(first.SinceLast);
        var gradient = curvature.Gradient();
        Assert.Equal(Math.Pow((0.6 * gradient[0]) + (0.8 * gradient[5]), 2) + (gradient[1] * gradient[1]), second.GradientShare * gradient.Sum(value => value * value), 1e-14);
        var drift = second.SinceLast!;
        Assert.Equal((1 + 0.36) / 2, drift.Overlap, 1e-14);
        Assert.Equal(0, drift.Angles[0], 1e-14);
        Assert.Equal(Math.Acos(0.6), drift.Angles[1], 1e-14);
        Assert.Equal(9.0 / 169, drift.UpdateShareBefore, 1e-13);
        Assert.Equal(Math.Pow((0.6 * 3) + (0.8 * 4), 2) / 169, drift.UpdateShareAfter, 1e-13);
        Assert.Equal(13, drift.UpdateLength, 1e-13);
        // nothing moves
        var third = track.Add(Axes((0, 0.6, 5), (1, 1, 6)));
        Assert.Equal((1.0, 0.0), (Math.Round(third.SinceLast!.Overlap, 14), third.SinceLast.UpdateLength));
        Assert.True(double.IsNaN(third.SinceLast.UpdateShareBefore));
    }

    [Fact]
    public void The_whole_space_holds_every_update_and_a_step_of_the_gradient_the_share_of_the_gradient()
    {
        var draw = new Draw(2);
        var network = Mlp.Of(NodeActivation.Tanh, 4, 6, 3);
        var examples = SmallProblem.Clusters(draw, 40);
        var theta = SmallProblem.Drawn(draw, network);
        using var curvature = new NetworkCurvature(network, OutputLoss.CrossEntropy, examples, theta);
        var track = new TopSpaceTrack(curvature);
        double[] Top(int count) => ExtremeEigenpairs.Of(curvature.Hessian, new EigenpairOptions { Top = count, Tolerance = 1e-10 }).Top.Vectors.ToArray();

        var start = track.Add(Top(3));
        var gradient = curvature.Gradient();
        curvature.MoveTo([.. theta.Zip(gradient, (value, slope) => value - (0.002 * slope))]);
        var step = track.Add(Top(3));
        var whole = SymmetricEigen.Of(ExactHessian.ByProducts(curvature.Hessian, out _), curvature.Size);
        double[] all = [.. Enumerable.Range(0, curvature.Size).SelectMany(i => whole.Vector(i).ToArray())];
        curvature.MoveTo(theta);
        var back = track.Add(all);

        Assert.Equal(start.GradientShare, step.SinceLast!.UpdateShareBefore, 1e-9);
        Assert.InRange(step.SinceLast.Overlap, 0.99, 1);
        Assert.Equal(1, back.GradientShare, 1e-12);
        Assert.Equal(1, back.SinceLast!.UpdateShareAfter, 1e-12);
        // the smaller space lies in the whole one
        Assert.Equal(1, back.SinceLast.Overlap, 1e-9);
        Assert.Equal(3, back.SinceLast.Angles.Count);
    }

    [Fact]
    public void Of_a_block_updates_are_those_of_its_parameters()
    {
        var point = DrawnPoints.Of(new Draw(3), Mlp.Relu(2, 3, 2), OutputLoss.CrossEntropy, 6);
        using var curvature = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters, new CurvatureOptions { Block = slot => slot.Name == "layer.1.bias" });
        var track = new TopSpaceTrack(curvature);
        track.Add([1, 0]);
        var moved = point.Parameters.ToArray();
        (moved[0], moved[^2], moved[^1]) = (100, moved[^2] + 3, moved[^1] - 4);
        curvature.MoveTo(moved);

        var drift = track.Add([0, 1]).SinceLast!;

        Assert.Equal((0.0, 9.0 / 25, 16.0 / 25), (drift.Overlap, Math.Round(drift.UpdateShareBefore, 12), Math.Round(drift.UpdateShareAfter, 12)));
        Assert.Equal(5, drift.UpdateLength, 1e-12);
        Assert.Equal(Math.PI / 2, Assert.Single(drift.Angles), 1e-12);
        Assert.Throws<ArgumentException>(() => track.Add([1, 0, 0]));
        Assert.Throws<ArgumentException>(() => track.Add([]));
    }
}
