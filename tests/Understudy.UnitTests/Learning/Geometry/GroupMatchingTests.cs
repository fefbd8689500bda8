using Understudy.Learning.Geometry;

namespace Understudy.UnitTests.Learning.Geometry;

public class GroupMatchingTests
{
    private const int Inputs = 4;
    private const int Samples = 300;

    [Fact]
    public void A_node_that_is_a_positive_sum_of_students_is_explained_by_them()
    {
        var draw = new Draw(1);
        var boundary = draw.Normal(Inputs);
        // two students on the teacher's boundary and one elsewhere
        var student = Nodes([.. boundary.Select(w => 2 * w), .. boundary.Select(w => 0.5 * w), .. draw.Normal(Inputs)], [0.6, 0.15, 0.1]);

        var group = Assert.Single(GroupMatching.Of(Nodes(boundary, [0.3]), student, Points(draw)));

        Assert.Equal(1, group.Explained, 9);
        Assert.InRange(group.Students, 1, 2);
    }

    [Fact]
    public void A_reversed_student_explains_nothing_alone()
    {
        var draw = new Draw(2);
        var boundary = draw.Normal(Inputs);

        var group = Assert.Single(GroupMatching.Of(Nodes(boundary, [0]), Nodes([.. boundary.Select(w => -w)], [0]), Points(draw)));

        Assert.Equal(new GroupMatching(0, 0), group);
    }

    [Fact]
    public void A_constant_teacher_node_has_no_answer()
        => Assert.True(double.IsNaN(GroupMatching.Of(Nodes(new double[Inputs], [1]), Nodes([1, 0, 0, 0], [0]), Points(new Draw(3)))[0].Explained));

    [Fact]
    public void At_a_minimum_no_coordinate_can_be_improved()
        => Property.Holds(50, draw =>
        {
            var (n, rows) = (6, 9);
            var factor = draw.Normal(rows * n);
            // two equal columns: G is singular
            for (var row = 0; row < rows; row++)
                factor[(row * n) + 1] = factor[row * n];
            var gram = new double[n * n];
            for (var i = 0; i < n; i++)
            {
                for (var k = 0; k < n; k++)
                    gram[(i * n) + k] = Enumerable.Range(0, rows).Sum(row => factor[(row * n) + i] * factor[(row * n) + k]);
            }

            var b = Enumerable.Range(0, n).Select(k => Enumerable.Range(0, rows).Sum(row => factor[(row * n) + k] * Math.Sin(row))).ToArray();

            var a = NonNegativeLeastSquares.Solve(gram, b);

            for (var k = 0; k < n; k++)
            {
                var slope = b[k] - Enumerable.Range(0, n).Sum(other => gram[(k * n) + other] * a[other]);
                Assert.True(a[k] >= 0);
                Assert.True(a[k] > 0 ? Math.Abs(slope) < 1e-5 : slope < 1e-5, $"slope {slope} at {a[k]}");
            }
        });

    private static TwoLayerNodes Nodes(double[] weights, double[] biases) => new(Inputs, 0, weights, biases, new double[biases.Length], [0]);

    private static float[] Points(Draw draw) => [.. draw.Normal(Samples * Inputs).Select(value => (float)value)];
}
