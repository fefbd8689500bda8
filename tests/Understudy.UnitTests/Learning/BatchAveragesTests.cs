using Understudy.Engine.Graphs;
using Understudy.Engine.Random;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning;

public class BatchAveragesTests
{
    private const int Batch = 6;

    [Fact]
    public void The_last_layer_moves_along_the_gradient()
    {
        var (averages, gradient) = Both(Mlp.Relu(4, 5, 3), Mlp.Relu(4, 2, 3), Batch);

        foreach (var parameter in new[] { 2, 3 })
            Close(gradient[parameter], averages[parameter]);
    }

    [Fact]
    public void Of_a_single_sample_the_averages_are_the_gradient()
    {
        var (averages, gradient) = Both(Mlp.LeakyRelu(0.2, 4, 5, 6, 3), Mlp.LeakyRelu(0.2, 4, 2, 3, 3), batch: 1);

        for (var parameter = 0; parameter < gradient.Length; parameter++)
            Close(gradient[parameter], averages[parameter]);
    }

    [Fact]
    public void Of_several_samples_they_are_not()
    {
        var (averages, gradient) = Both(Mlp.Relu(4, 5, 3), Mlp.Relu(4, 2, 3), Batch);

        Assert.True(averages[0].Zip(gradient[0], (a, b) => Math.Abs(a - b)).Max() > 1e-3);
    }

    [Fact]
    public void Networks_of_different_depth_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Both(Mlp.Relu(4, 5, 3), Mlp.Relu(4, 5, 5, 3), Batch));

        Assert.Equal("Batch averages pair layers, but the student has 2 and the teacher 3.", error.Message);
    }

    private static (double[][] Averages, double[][] Gradient) Both(Mlp student, Mlp teacher, int batch)
    {
        var x = Ops.Input(batch, student.Widths[0]);
        var (own, other) = (student.Parameters(), teacher.Parameters());
        var error = student.Output(x, own) - teacher.Output(x, other);
        var gradient = Transforms.Grad(0.5 / batch * Ops.Sum(Ops.Square(error)), own);
        var averages = BatchAverages.Gradients(student, own, teacher, other, x);
        var values = new Dictionary<Sym, double[]>();
        foreach (var (i, input) in new[] { x }.Concat(own).Concat(other).Index())
        {
            values[input] = new double[input.Shape.Count];
            new RandomSequence(3, "test").FillNormal(i, values[input]);
        }

        var results = Reference.Evaluate(values, [.. averages, .. gradient]);
        return (results[..own.Length], results[own.Length..]);
    }

    private static void Close(double[] expected, double[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-10 * (1 + Math.Abs(expected[i])));
    }
}
