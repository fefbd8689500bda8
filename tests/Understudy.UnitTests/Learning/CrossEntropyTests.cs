using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning;

public class CrossEntropyTests
{
    private const int Rows = 6;
    private const int Inputs = 4;
    private const int Classes = 5;

    [Fact]
    public void A_step_moves_a_linear_network_by_the_residuals_of_its_softmax()
    {
        using var team = new Team(1);
        var network = Mlp.Relu(Inputs, Classes);
        var (x, flat) = (Normals("test/inputs", Rows * Inputs), Normals("test/init", network.Layout.Count));
        double[] classes = [0, 3, 4, 1, 1, 2];
        using var plan = TrainPlan.Compile(new TrainOptions
        {
            Student = network,
            Loss = TrainingLoss.CrossEntropy,
            Batch = Rows,
            Source = BatchSource.Shuffled,
            Precision = DType.F64,
        });
        plan.SetParameters(0, flat);
        plan.SetSamples(0, plan.AddTable(x, Inputs), plan.AddTable(classes, 1));
        plan.SetBatches(0, new RandomSequence(1, "test/batch"));
        plan.SetLearningRate(0, 0.3);

        plan.Run(0, 1, team);

        var trained = new double[flat.Length];
        plan.GetParameters(0, trained);
        double[] expected = [.. flat];
        for (var row = 0; row < Rows; row++)
        {
            double[] odds = [.. Enumerable.Range(0, Classes).Select(c => Math.Exp(
                flat[(Inputs * Classes) + c] + Enumerable.Range(0, Inputs).Sum(i => x[(row * Inputs) + i] * flat[(i * Classes) + c])))];
            for (var c = 0; c < Classes; c++)
            {
                var residual = (odds[c] / odds.Sum()) - (classes[row] == c ? 1 : 0);
                expected[(Inputs * Classes) + c] -= 0.3 / Rows * residual;
                for (var i = 0; i < Inputs; i++)
                    expected[(i * Classes) + c] -= 0.3 / Rows * residual * x[(row * Inputs) + i];
            }
        }

        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], trained[i], 1e-12);
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void A_student_learns_the_classes_of_its_teacher(DType precision)
    {
        using var team = new Team(1);
        var network = Mlp.Relu(Inputs, 12, Classes);
        var teacher = Normals("test/teacher", network.Layout.Count);
        using var plan = TrainPlan.Compile(new TrainOptions
        {
            Student = network,
            Teacher = network,
            Loss = TrainingLoss.CrossEntropy,
            Source = BatchSource.FreshNormal,
            Precision = precision,
        });
        plan.SetParameters(0, [.. Normals("test/init", network.Layout.Count).Select(value => 0.3 * value)]);
        plan.SetTeacher(0, teacher);
        plan.SetBatches(0, new RandomSequence(1, "test/batch"));
        plan.SetLearningRate(0, 0.1);
        var before = Agreement(plan, network, teacher);

        plan.Run(0, 2000, team);

        Assert.True(Agreement(plan, network, teacher) > Math.Max(0.8, before));
    }

    [Fact]
    public void Batch_averages_do_not_descend_a_cross_entropy()
        => Assert.Throws<ArgumentException>(() => TrainPlan.Compile(new TrainOptions
        {
            Student = Mlp.Relu(2, 3, 2),
            Teacher = Mlp.Relu(2, 3, 2),
            Source = BatchSource.FreshNormal,
            Rule = StepRule.BatchAverages,
            Loss = TrainingLoss.CrossEntropy,
        }));

    private static double Agreement(TrainPlan plan, Mlp network, double[] teacher)
    {
        var student = new double[plan.ParameterCount];
        plan.GetParameters(0, student);
        float[] x = [.. Normals("test/evaluation", 400 * Inputs).Select(value => (float)value)];
        var (right, left) = (Classify(network, teacher, x), Classify(network, student, x));
        return left.Zip(right).Count(pair => pair.First == pair.Second) / 400.0;
    }

    private static int[] Classify(Mlp network, double[] flat, float[] x)
    {
        using var forward = ForwardPass.Compile(network, 400);
        forward.SetParameters(flat);
        forward.Run(x);
        var output = forward.Output.ToArray();
        return [.. Enumerable.Range(0, 400).Select(row => Enumerable.Range(0, Classes).MaxBy(c => output[(row * Classes) + c]))];
    }

    private static double[] Normals(string purpose, int count)
    {
        var values = new double[count];
        new RandomSequence(1, purpose).FillNormal(0, values);
        return values;
    }
}
