using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Encoders;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Distillation;

/// <summary>Loss and gradient of one step, in double precision.</summary>
public sealed class DistillationGradientTests
{
    private static readonly string[] Shapes =
    [
        "-/lb/fn/wn/l/-", "-/lb/fn/-/l/-", "-/lb/fnd/wn/l/-", "-/l/fnd/-/l/fn", "wn/l/fn/-/lb/fn", "wn/lb/-/wn/lb/fnd", "-/lb/fnd/-/-/-", "-/l/-/-/-/fn", "-/-/fnd/wn/l/-",
    ];

    public static TheoryData<string, DistillationObjective> Cases
    {
        get
        {
            var cases = new TheoryData<string, DistillationObjective>();
            foreach (var shape in Shapes)
            {
                foreach (var objective in Enum.GetValues<DistillationObjective>())
                    cases.Add(shape, objective);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_loss_is_the_plain_one_and_its_gradient_by_every_tensor_that_of_differences(string shape, DistillationObjective objective)
    {
        var head = new HeadOptions { Hidden = [4], Bottleneck = 3, Outputs = 5, Shape = BottleneckShape.Parse(shape) };
        var network = new ProjectedEncoder(MlpEncoder.Of(new Shape(3), 4, 1), head);
        var drawn = new DistilledCase(network, 10 + shape.Length, images: 3);
        var options = drawn.Plainly(objective) with { StudentTemperature = 0.7, TeacherTemperature = 1.6 };
        var plain = new PlainStudent(network, head, encoderLayers: 1);
        int[] rows = [0, 1, 2];

        var (loss, gradient) = drawn.Differentiated(options);

        Assert.Equal(plain.Loss(drawn.Start, drawn, drawn.Remembered(), options, rows), loss, 1e-13);
        var expected = plain.Gradient(drawn.Start, drawn, drawn.Remembered(), options, rows);
        foreach (var slot in network.Layout.Slots)
        {
            if (objective == DistillationObjective.Cosine && slot.Name.StartsWith("tail", StringComparison.Ordinal))
                Assert.All(slot.Of<double>(gradient).ToArray(), value => Assert.Equal(0, value));
            else
                AssertClose(slot.Of<double>(expected).ToArray(), slot.Of<double>(gradient).ToArray(), 1e-7);
        }
    }

    [Theory]
    [InlineData(DistillationObjective.CrossEntropy)]
    [InlineData(DistillationObjective.MeanSquared)]
    [InlineData(DistillationObjective.Cosine)]
    public void The_gradient_goes_through_the_statistics_of_the_batch(DistillationObjective objective)
    {
        var network = new ProjectedEncoder(Vgg.Of(new Shape(4, 4, 1), "2 M 3 M", Normalization.Batch), new HeadOptions { Hidden = [4], Bottleneck = 3, Outputs = 5 });
        var drawn = new DistilledCase(network, 3);
        using var plan = drawn.Compile(drawn.Plainly(objective));
        var (_, gradient) = drawn.Differentiated(drawn.Plainly(objective));

        drawn.AssertSlopes(plan, gradient, network.Layout.Slots.Where(slot => objective != DistillationObjective.Cosine || !slot.Name.StartsWith("tail", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.5, 2)]
    public void The_gradient_of_cross_entropy_by_the_outputs_is_the_difference_of_the_softmax(double student, double teacher)
    {
        // images that are unit vectors and one linear layer: row i of the weights are the outputs of image i, but for the bias
        const int images = 4, outputs = 3;
        var network = new ProjectedEncoder(MlpEncoder.Flatten(new Shape(images)), new HeadOptions { Bottleneck = 0, Outputs = outputs });
        var drawn = new DistilledCase(network, 5, images) { Images = [.. Enumerable.Range(0, images * images).Select(at => at % (images + 1) == 0 ? 1f : 0)] };
        double[] Outputs(double[] theta, int image) => [.. Enumerable.Range(0, outputs).Select(j => theta[(image * outputs) + j] + theta[(images * outputs) + j])];

        var (_, gradient) = drawn.Differentiated(drawn.Plainly() with { StudentTemperature = student, TeacherTemperature = teacher });

        var expected = new double[gradient.Length];
        for (var image = 0; image < images; image++)
        {
            double[] p = PlainStudent.Softmax(Outputs(drawn.Teacher, image), teacher), q = PlainStudent.Softmax(Outputs(drawn.Start, image), student);
            for (var j = 0; j < outputs; j++)
            {
                expected[(image * outputs) + j] = (q[j] - p[j]) / (student * images);
                expected[(images * outputs) + j] += (q[j] - p[j]) / (student * images);
            }
        }

        AssertClose(expected, gradient, 1e-14);
    }

    [Fact]
    public void A_remembered_teacher_gives_the_step_of_one_that_is_asked()
    {
        var network = new ProjectedEncoder(Vgg.Of(new Shape(4, 4, 1), "2 M 3 M", Normalization.Batch), new HeadOptions { Hidden = [4], Bottleneck = 3, Outputs = 5 });
        var drawn = new DistilledCase(network, 6);
        var (x, own, frozen) = (Ops.Input("x", new Shape(drawn.Count, network.Inputs)), network.Layout.ToInputs(), network.Layout.ToInputs());
        var asked = Ops.StopGradient(network.InEvaluationMode().Output(x, frozen));
        var loss = Ops.SoftmaxCrossEntropy(network.Output(x, own), Ops.Softmax(asked, 1));
        using var direct = Plan.Compile([loss, .. Transforms.Grad(loss, own)], new PlanOptions { Precision = DType.F64 });
        direct.Write(x, drawn.Images);
        foreach (var (i, slot) in network.Layout.Slots.Index())
        {
            direct.Write(own[i], slot.Of<double>(drawn.Start));
            direct.Write(frozen[i], slot.Of<double>(drawn.Teacher));
        }

        direct.Run();
        var (remembered, gradient) = drawn.Differentiated(drawn.Plainly());

        Assert.Equal(Read(0, 1)[0], remembered, 1e-13);
        foreach (var (i, slot) in network.Layout.Slots.Index())
        {
            var expected = Read(1 + i, slot.Shape.Count);
            for (var at = 0; at < expected.Length; at++)
                Assert.Equal(expected[at], slot.Of<double>(gradient)[at], 1e-14);
        }

        double[] Read(int output, int count)
        {
            var values = new double[count];
            direct.Read(output, values);
            return values;
        }
    }

    [Theory]
    [InlineData(DistillationObjective.CrossEntropy, DType.F32, ReplicaLayout.Alone)]
    [InlineData(DistillationObjective.CrossEntropy, DType.F64, ReplicaLayout.Lanes)]
    [InlineData(DistillationObjective.MeanSquared, DType.F32, ReplicaLayout.Lanes)]
    [InlineData(DistillationObjective.MeanSquared, DType.F64, ReplicaLayout.Alone)]
    public void A_student_that_is_its_teacher_stays_what_it_is(DistillationObjective objective, DType precision, ReplicaLayout layout)
    {
        // widths that products take in several blocks, and no whole ones
        var network = new ProjectedEncoder(Vgg.Of(new Shape(4, 4, 2), "5 M 9 M"), new HeadOptions { Hidden = [601], Bottleneck = 67, Outputs = 523 });
        var teacher = new DistilledCase(network, 7).Teacher;
        var drawn = new DistilledCase(network, 7, images: 23) { Teacher = teacher, Start = teacher };
        using var plan = drawn.Compile(new DistillationOptions { Student = network, Objective = objective, Batch = 8, Precision = precision, Layout = layout });

        plan.Run(0, 5);

        Assert.Equal(0, plan.LastStep(0).GradientNorm);
        Assert.Equal(teacher, plan.Student(0, teacher.Length));
    }
}
