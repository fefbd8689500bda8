using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class BlockDiagonalOperatorTests
{
    private static readonly Func<ParameterSlot, string>?[] Groupings = [null, slot => slot.Name.Split('.')[1], slot => slot.Name.Split('.')[2], _ => ""];

    [Fact]
    public void Products_are_those_of_the_matrix_without_what_lies_between_the_blocks() => Property.Holds(20, draw =>
    {
        var point = DrawnPoints.Any(draw);
        using var curvature = point.Products();
        var (grouping, size) = (Groupings[draw.Case % Groupings.Length], point.Size);
        var blocks = new BlockDiagonalOperator(curvature.Hessian, curvature.Block, grouping);
        var group = new string[size];
        foreach (var slot in curvature.Block.Slots)
            Array.Fill(group, grouping?.Invoke(slot) ?? slot.Name, slot.Offset, slot.Shape.Count);
        var whole = ExactHessian.Of(point);
        double[] expected = [.. whole.Select((value, at) => group[at / size] == group[at % size] ? value : 0)];

        var entries = Whole(blocks);
        blocks.Restrict(whole);

        Assert.Equal(group.Distinct().Count(), blocks.Blocks);
        Assert.Equal(expected, whole);
        // what is dropped is zero, not small
        Assert.All(entries.Index().Where(entry => group[entry.Index / size] != group[entry.Index % size]), entry => Assert.Equal(0, entry.Item));
        AssertClose(expected, entries);
    });

    [Fact]
    public void Eigenvalues_of_the_Gauss_Newton_blocks_add_up_to_its_trace_and_stay_below_its_largest() => Property.Holds(10, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var whole = ExactHessian.Of(point, new ExactOptions { Matrix = CurvatureMatrix.GaussNewton });
        using var curvature = point.Products();
        var largest = SymmetricEigen.Of(whole, point.Size).Values[^1];

        new BlockDiagonalOperator(curvature.GaussNewton, curvature.Block).Restrict(whole);

        var values = SymmetricEigen.Of(whole, point.Size).Values.ToArray();
        Assert.Equal(ExactTraces.Of(point).GaussNewton, values.Sum(), 1e-12 * (1 + values.Sum()));
        Assert.InRange(values[^1], 0, largest * (1 + 1e-12));
        Assert.InRange(values[0], -1e-12 * largest, largest);
    });

    [Fact]
    public void Matrices_of_another_size_are_told()
    {
        var (network, other) = (Mlp.Relu(2, 3, 2), Mlp.Relu(2, 2));
        using var curvature = DrawnPoints.Of(new Draw(1), network, OutputLoss.CrossEntropy, 3).Products();

        Assert.StartsWith("The layout has 6 parameters, but the matrix 17 rows.", Assert.Throws<ArgumentException>(() => new BlockDiagonalOperator(curvature.Hessian, other.Layout)).Message, StringComparison.Ordinal);
        var blocks = new BlockDiagonalOperator(curvature.Hessian, network.Layout);
        Assert.StartsWith("36 entries are not a matrix of 17 rows.", Assert.Throws<ArgumentException>(() => blocks.Restrict(new double[36])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Vectors of 34 and products of 17 numbers are not rows of 17.", Assert.Throws<ArgumentException>(() => blocks.Apply(new double[34], new double[17])).Message, StringComparison.Ordinal);
    }
}
