using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using Understudy.Learning.Training;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning;

/// <summary>Training of a network of convolutions, batch statistics and pools.</summary>
public sealed class LayeredTrainPlanTests
{
    private const int Rows = 30;
    private const int Batch = 6;
    private const int Classes = 3;
    private const double Rate = 0.05;

    private static LayeredNetwork Student { get; } = new(
        new Shape(9, 7, 2),
        new ConvolutionLayer(5, stride: 2, padding: 2, hasBias: false),
        new BatchNormLayer { Epsilon = 0.1 },
        new ActivationLayer(NodeActivation.Tanh),
        PoolLayer.Largest(),
        new ConvolutionLayer(3),
        new ActivationLayer(NodeActivation.Relu),
        new DenseLayer(Classes));

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void A_replica_in_lanes_equals_the_same_replica_alone_to_the_last_bit(DType precision)
    {
        using var team = new Team(2);
        int[] replicas = [.. Enumerable.Range(0, 19)];
        var lanes = Train(replicas, precision, ReplicaLayout.Lanes, 20, team);

        foreach (var replica in new[] { 0, 7, 18 })
            Assert.Equal(Train([replica], precision, ReplicaLayout.Alone, 20, team)[0], lanes[replica]);
    }

    [Theory]
    [InlineData(ReplicaLayout.Lanes)]
    [InlineData(ReplicaLayout.Alone)]
    public void A_step_descends_the_gradient_of_the_curvature_on_the_drawn_rows(ReplicaLayout layout)
    {
        using var team = new Team(1);
        const int replica = 4;
        var (inputs, targets) = Samples(replica);
        var picks = new int[Batch];
        Batches(replica).FillIndices(0, Rows, picks);
        var examples = new ExampleSet([.. picks.SelectMany(pick => Row(inputs, pick))], [.. picks.SelectMany(pick => Row(targets, pick))], Batch);
        var start = Start(replica);
        using var curvature = new NetworkCurvature(Student, OutputLoss.CrossEntropy, examples, start);

        var trained = Train([replica], DType.F64, layout, 1, team)[0];

        AssertClose(curvature.Gradient(), [.. start.Zip(trained, (before, after) => (before - after) / Rate)]);
    }

    private static double[][] Train(int[] replicas, DType precision, ReplicaLayout layout, int steps, Team team)
    {
        using var plan = TrainPlan.Compile(new TrainOptions
        {
            Student = Student,
            Loss = TrainingLoss.CrossEntropy,
            Batch = Batch,
            Replicas = replicas.Length,
            Precision = precision,
            Layout = layout,
        });
        for (var place = 0; place < replicas.Length; place++)
        {
            var (inputs, targets) = Samples(replicas[place]);
            plan.SetParameters(place, Start(replicas[place]));
            plan.SetLearningRate(place, Rate);
            plan.SetSamples(place, plan.AddTable(inputs, Student.Inputs), plan.AddTable(targets, 1));
            plan.SetBatches(place, Batches(replicas[place]));
        }

        plan.Run(0, steps, team);
        return [.. Enumerable.Range(0, replicas.Length).Select(place =>
        {
            var trained = new double[plan.ParameterCount];
            plan.GetParameters(place, trained);
            return trained;
        })];
    }

    private static RandomSequence Batches(int replica) => new(1, "batch", replica);

    private static double[] Start(int replica) => [.. new Draw(replica).Normal(Student.Layout.Count).Select(value => 0.5 * value)];

    private static (double[] Inputs, double[] Targets) Samples(int replica)
    {
        var draw = new Draw(100 + replica);
        return (draw.Normal(Rows * Student.Inputs), [.. Enumerable.Range(0, Rows).Select(_ => (double)draw.Index(Classes))]);
    }

    private static double[] Row(double[] rows, int row)
    {
        var width = rows.Length / Rows;
        return rows[(row * width)..((row + 1) * width)];
    }
}
