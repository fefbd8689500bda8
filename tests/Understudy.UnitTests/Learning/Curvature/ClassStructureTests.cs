using Understudy.Data.Datasets;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class ClassStructureTests
{
    [Theory]
    [InlineData("tiny-tanh-ce")]
    [InlineData("tiny-relu-ce")]
    [InlineData("softmax-regression")]
    [InlineData("mlp-relu-ce")]
    [InlineData("mlp-tanh-ce")]
    [InlineData("mlp-relu-ce-trained")]
    [InlineData("mlp-tanh-ce-trained")]
    [InlineData("conv-relu-ce")]
    [InlineData("conv-tanh-ce")]
    [InlineData("bn-tanh-ce", 1e-10, 1e-10)]
    public void Traces_and_eigenvalues_of_the_parts_are_those_of_the_reference(string name, double fine = 1e-12, double rough = 1e-11)
    {
        var reference = ReferenceCase.Load(name);
        var trace = reference.Number("ggn", "trace");

        using var curvature = reference.Curvature();

        var structure = ClassStructure.Of(curvature);

        // differences of traces are good to the rounding of what they are taken from
        Assert.Equal(reference.Number("class_structure", "G_class", "trace"), structure.ClassTrace, fine * trace);
        Assert.Equal(reference.Number("class_structure", "G_cross", "trace"), structure.CrossTrace, fine * trace);
        Assert.Equal(reference.Number("class_structure", "G_within", "trace"), structure.WithinTrace, fine * trace);
        Assert.Equal(reference.Number("class_structure", "G_same", "trace"), structure.SameTrace, fine * trace);
        var (ofClass, ofCross) = (reference.Numbers("class_structure", "G_class", "top"), reference.Numbers("class_structure", "G_cross", "top"));
        AssertClose(ofClass, structure.ClassEigenvalues[..ofClass.Length].ToArray(), rough);
        AssertClose(ofCross, structure.CrossEigenvalues[..ofCross.Length].ToArray(), rough);
    }

    [Fact]
    public void The_parts_add_up_and_their_directions_are_eigenvectors() => Property.Holds(12, draw =>
    {
        var network = Mlp.Of(DrawnPoints.Activations[draw.Case % 5], [3, .. draw.Coin() ? new[] { 4 } : [], 3]);
        var point = DrawnPoints.Of(draw, network, OutputLoss.CrossEntropy, 40);
        var gaussNewton = ExactHessian.Of(point, new ExactOptions { Matrix = CurvatureMatrix.GaussNewton });
        using var two = new Team(2);

        var structure = ClassStructure.Of(point, two);

        var trace = Enumerable.Range(0, point.Size).Sum(i => gaussNewton[(i * point.Size) + i]);
        Assert.Equal(trace, structure.ClassTrace + structure.CrossTrace + structure.WithinTrace + structure.SameTrace, 1e-12 * trace);
        Assert.Equal(structure.LeadingEigenvalues, ClassStructure.Of(point).LeadingEigenvalues);
        Assert.Equal(structure.ClassTrace + structure.CrossTrace, structure.LeadingEigenvalues.Sum(), 1e-12 * trace);
        var leading = Leading(point);
        var vectors = structure.LeadingEigenvectors(4);
        for (var row = 0; row < 4; row++)
        {
            var vector = vectors[(row * point.Size)..((row + 1) * point.Size)];
            var image = Enumerable.Range(0, point.Size).Select(i => Dot(leading[(i * point.Size)..((i + 1) * point.Size)], vector)).ToArray();
            AssertClose([.. vector.Select(value => structure.LeadingEigenvalues[row] * value)], image, 1e-9);
            Assert.Equal(1, Norm(vector), 1e-9);
        }
    });

    [Fact]
    public void Classes_without_examples_and_other_losses_are_met()
    {
        var point = DrawnPoints.Of(new Draw(3), Mlp.Relu(2, 3, 4), OutputLoss.CrossEntropy, 6);
        var single = new MlpPoint(point.Network, point.Loss, point.Examples.WithTargets([1, 1, 1, 1, 1, 1]), point.Parameters);

        var structure = ClassStructure.Of(single);

        Assert.True(structure.ClassEigenvalues[0] > 0);
        Assert.Equal(0, structure.ClassEigenvalues[1], 1e-15 * structure.ClassEigenvalues[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => structure.LeadingEigenvectors(4));
        Assert.Throws<ArgumentException>(() => ClassStructure.Of(DrawnPoints.Of(new Draw(3), Mlp.Relu(2, 3), OutputLoss.HalfSquared, 6)));
    }

    [Fact]
    public void Nothing_within_classes_is_not_below_zero()
    {
        // all parameters zero: gradients by examples are those of the biases behind, equal within a pair of classes; rounding left −3e-16 of these
        var digits = OpticalDigits.Load().First(300);
        var network = Mlp.Relu(64, 16, 10);
        var examples = new ExampleSet([.. digits.Images.ToArray().Select(grey => grey / (double)OpticalDigits.Largest)], [.. digits.Labels.ToArray().Select(label => (double)label)], digits.Count);

        var within = ClassStructure.Of(new MlpPoint(network, OutputLoss.CrossEntropy, examples, new double[network.Layout.Count])).WithinTrace;

        Assert.InRange(within, 0, 1e-14);
    }

    /// <summary>Σ w_c,c' g_c,c' g_c,c'ᵀ over c' ≠ c, by gradients towards virtual classes, one example after another.</summary>
    [Fact]
    public void Progress_ends_at_one_and_a_cancelled_token_ends_it()
    {
        var point = ReferenceCase.Load("mlp-relu-ce-trained").Point;
        var told = new Told<double>();

        _ = ClassStructure.Of(point, progress: told);

        Assert.Equal(1, told.Values[^1]);
        Assert.Equal(told.Values.Order(), told.Values);
        Assert.Throws<OperationCanceledException>(() => ClassStructure.Of(point, cancellation: new CancellationToken(canceled: true)));
    }

    private static double[] Leading(MlpPoint point)
    {
        var (size, classes) = (point.Size, point.Network.Outputs);
        var result = new double[size * size];
        var gradients = Enumerable.Range(0, classes)
            .Select(other => ExampleGradients.Rows(new MlpPoint(point.Network, point.Loss, point.Examples.WithTargets([.. Enumerable.Repeat((double)other, point.Examples.Count)]), point.Parameters), 0, point.Examples.Count))
            .ToArray();
        var pass = new MlpPass(point, 0, point.Examples.Count, null);
        var p = pass.Cotangents(1, (output, _, row) => OutputLoss.Softmax(output, 1, row));
        for (var label = 0; label < classes; label++)
        {
            for (var other = 0; other < classes; other++)
            {
                var (sum, weight) = (new double[size], 0.0);
                for (var i = 0; i < point.Examples.Count && other != label; i++)
                {
                    if ((int)point.Examples.Targets[i] != label)
                        continue;
                    var share = p[(other * point.Examples.Count) + i] / point.Examples.Count;
                    weight += share;
                    for (var at = 0; at < size; at++)
                        sum[at] += share * gradients[other][(i * size) + at];
                }

                for (var at = 0; at < result.Length && weight > 0; at++)
                    result[at] += sum[at / size] * sum[at % size] / weight;
            }
        }

        return result;
    }
}
