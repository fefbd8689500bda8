using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;
using Understudy.UnitTests.Learning.Distillation;

namespace Understudy.UnitTests.Learning.SelfDistillation;

/// <summary>Loss and gradient of one step with views, centre and temperatures, in double precision.</summary>
public sealed class ViewDistillationGradientTests
{
    private const double TeacherTemperature = 0.3;

    private const double StudentTemperature = 0.6;

    private static readonly ProjectedEncoder Network = new(MlpEncoder.Of(new Shape(2, 2, 1), 4, 1), new HeadOptions { Hidden = [4], Bottleneck = 3, Outputs = 5 });

    private static readonly RandomView Views = new() { Image = new Shape(2, 2, 1), SmallestCrop = 0.3, IsMirrored = true };

    private static readonly ViewDistillationOptions Options = new()
    {
        Student = Network,
        Steps = 2,
        Batch = 4,
        Views = 2,
        View = Views,
        CenterMomentum = 0.6,
        TeacherTemperature = Schedule.Constant(TeacherTemperature),
        StudentTemperature = Schedule.Constant(StudentTemperature),
        LearningRate = Schedule.Constant(1),
        Optimizer = Optimizer.Descent,
        Precision = DType.F64,
    };

    [Theory]
    [InlineData(ViewPairing.Same, 2)]
    [InlineData(ViewPairing.All, 2)]
    [InlineData(ViewPairing.Opposite, 2)]
    [InlineData(ViewPairing.All, 3)]
    [InlineData(ViewPairing.Opposite, 3)]
    public void The_loss_is_the_mean_over_pairs_and_its_gradient_that_of_differences(ViewPairing pairing, int views)
    {
        var drawn = new DistilledCase(Network, 1, images: 4);
        using var training = drawn.Begin(Options with { Pairing = pairing, Views = views });
        var center = new DistilledCase(Network, 2).Start[..Network.Outputs];
        var carried = new double[training.CarriedCount];
        training.GetCarried(0, carried);
        // the centre stands before loss and norm
        center.CopyTo(carried, carried.Length - 2 - center.Length);
        training.SetCarried(0, carried);
        Assert.Equal(center, training.Center(0));

        training.Do(1);

        var after = new double[drawn.Start.Length];
        training.GetStudent(0, after);
        Assert.Equal(Loss(drawn.Start), training.LastStep(0).Loss, 1e-13);
        const double move = 1e-5;
        foreach (var slot in Network.Layout.Slots)
        {
            double[] along = new double[after.Length], own = new Draw(slot.Offset).Normal(slot.Shape.Count);
            own.CopyTo(slot.Of(along.AsSpan()));
            double At(double by) => Loss([.. drawn.Start.Zip(along, (at, direction) => at + (by * direction))]);

            // differences err by move² times third derivatives and 1e-16 / move
            Assert.Equal((At(move) - At(-move)) / (2 * move), drawn.Start.Zip(after, (before, then) => before - then).Zip(along, (slope, direction) => slope * direction).Sum(), 1e-8);
        }

        double Loss(double[] theta)
        {
            var (own, other) = (new double[views][], new double[views][]);
            for (var view = 0; view < views; view++)
            {
                var seen = new float[4 * 4];
                for (var row = 0; row < 4; row++)
                    Views.Write(drawn.Images.AsSpan(4 * row, 4), seen.AsSpan(4 * row, 4), drawn.Batches.For($"/view/{view}"), 0, row);
                own[view] = NetworkOutputs.Of(Network, seen, theta);
                other[view] = NetworkOutputs.Of(Network, seen, drawn.Teacher);
            }

            var (sum, pairs) = (0.0, 0);
            for (var s = 0; s < views; s++)
            {
                for (var t = 0; t < views; t++)
                {
                    if (pairing == ViewPairing.Same ? s != t : pairing == ViewPairing.Opposite && s == t)
                        continue;
                    pairs++;
                    for (var row = 0; row < 4; row++)
                    {
                        var p = PlainStudent.Softmax([.. Enumerable.Range(0, 5).Select(j => other[t][(5 * row) + j] - center[j])], TeacherTemperature);
                        var q = PlainStudent.Softmax(own[s][(5 * row)..((5 * row) + 5)], StudentTemperature);
                        for (var j = 0; j < 5; j++)
                            sum -= p[j] * Math.Log(q[j]) / 4;
                    }
                }
            }

            return sum / pairs;
        }
    }

    [Fact]
    public void Views_that_do_not_differ_are_paired_alike()
    {
        var drawn = new DistilledCase(Network, 3, images: 4);
        double[] Trained(ViewPairing pairing, int views)
        {
            using var training = drawn.Begin(Options with { View = null, Pairing = pairing, Views = views });
            training.Do(2);
            var student = new double[drawn.Start.Length];
            training.GetStudent(0, student);
            return student;
        }

        var one = Trained(ViewPairing.Same, 1);

        foreach (var pairing in Enum.GetValues<ViewPairing>())
            Assert.All(one.Zip(Trained(pairing, 2)), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }

    [Fact]
    public void Sharpened_outputs_of_a_teacher_without_centre_are_a_softmax_of_one()
    {
        var drawn = new DistilledCase(Network, 4, images: 4);
        using var training = drawn.Begin(Options with { CenterMomentum = null, View = null, Views = 1, TeacherTemperature = Schedule.Constant(1e-6) });

        training.Do(1);

        // the largest output is the class of a cross-entropy
        var (teacher, student) = (NetworkOutputs.Of(Network, drawn.Images, drawn.Teacher), NetworkOutputs.Of(Network, drawn.Images, drawn.Start));
        var expected = Enumerable.Range(0, 4).Average(row =>
        {
            var own = teacher[(5 * row)..((5 * row) + 5)];
            return -Math.Log(PlainStudent.Softmax(student[(5 * row)..((5 * row) + 5)], StudentTemperature)[Array.IndexOf(own, own.Max())]);
        });
        Assert.Equal(expected, training.LastStep(0).Loss, 1e-12);
    }
}
