using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
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
    public void A_step_along_averages_is_taken_as_they_say()
    {
        var (student, teacher) = (Mlp.Relu(4, 5, 3), Mlp.Relu(4, 2, 3));
        using var team = new Team(1);
        using var plan = TrainPlan.Compile(new TrainOptions
        {
            Student = student,
            Teacher = teacher,
            Source = BatchSource.FreshNormal,
            Rule = StepRule.BatchAverages,
            Batch = Batch,
            Precision = DType.F64,
        });
        var draws = new RandomSequence(9, "test");
        var (flat, fixedFlat, inputs) = (new double[student.Layout.Count], new double[teacher.Layout.Count], new double[Batch * 4]);
        draws.FillNormal(0, flat);
        draws.FillNormal(1, fixedFlat);
        new RandomSequence(1, "batch").FillNormal(0, inputs);
        plan.SetParameters(0, flat);
        plan.SetTeacher(0, fixedFlat);
        plan.SetLearningRate(0, 0.1);
        plan.SetBatches(0, new RandomSequence(1, "batch"));

        plan.Run(0, 1, team);

        var x = Ops.Input(Batch, 4);
        var (own, other) = (student.Parameters(), teacher.Parameters());
        var values = new Dictionary<Sym, double[]> { [x] = inputs };
        for (var i = 0; i < own.Length; i++)
        {
            values[own[i]] = student.Layout.Slots[i].Of<double>(flat).ToArray();
            values[other[i]] = teacher.Layout.Slots[i].Of<double>(fixedFlat).ToArray();
        }

        var directions = Reference.Evaluate(values, BatchAverages.Gradients(student, own, teacher, other, x)).SelectMany(direction => direction);
        double[] expected = [.. flat.Zip(directions, (value, direction) => value - (0.1 * direction))];
        plan.GetParameters(0, flat);
        Close(expected, flat);
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
