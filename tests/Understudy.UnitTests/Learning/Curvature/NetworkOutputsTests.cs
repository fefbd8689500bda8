using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Representations;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Inputs in single precision, for which double precision has the same numbers.</summary>
public sealed class NetworkOutputsTests
{
    private const int Images = 11;

    private static readonly Shape Image = new(6, 6, 2);

    private static LayeredNetwork Network { get; } = Vgg.Of(Image, "3 M 4 M", Normalization.Batch);

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void Inputs_in_single_precision_give_the_bits_of_the_same_numbers_in_double(DType precision)
    {
        var draw = new Draw(1);
        var theta = draw.Normal(Network.Layout.Count);
        var single = draw.NormalSingle(Images * Image.Count);
        double[] exact = [.. single.Select(value => (double)value)];
        int[] labels = [.. Enumerable.Range(0, Images).Select(i => i % 3)];
        var evaluated = Network.InEvaluationMode();
        // several batches, of which the last is not whole
        var passes = new OutputOptions { Precision = precision, BatchRows = 4 };
        var measuring = new RecalibrationOptions { Precision = precision, BatchRows = 4 };
        var token = TestContext.Current.CancellationToken;

        Assert.Equal(NetworkOutputs.Of(evaluated, exact, theta, passes, token), NetworkOutputs.Of(evaluated, single, theta, passes, token));
        EmbeddingSet fromExact = EmbeddingSet.Of(evaluated, exact, labels, 3, theta, passes, token), fromSingle = EmbeddingSet.Of(evaluated, single, labels, 3, theta, passes, token);
        Assert.Equal(fromExact.Features.ToArray(), fromSingle.Features.ToArray());
        Assert.Equal(fromExact.Labels.ToArray(), fromSingle.Labels.ToArray());
        foreach (var (expected, actual) in Recalibration.Measure(Network, exact, theta, measuring).Zip(Recalibration.Measure(Network, single, theta, measuring)))
        {
            Assert.Equal(expected.Mean.ToArray(), actual.Mean.ToArray());
            Assert.Equal(expected.Variance.ToArray(), actual.Variance.ToArray());
        }
    }

    [Fact]
    public void Inputs_in_single_precision_that_do_not_fit_are_told_as_those_in_double()
    {
        var (theta, evaluated) = (new double[Network.Layout.Count], Network.InEvaluationMode());

        foreach (var count in new[] { 0, 71, 73 })
        {
            Same(() => NetworkOutputs.Of(evaluated, new double[count], theta), () => NetworkOutputs.Of(evaluated, new float[count], theta));
            Same(() => EmbeddingSet.Of(evaluated, new double[count], [0], 1, theta), () => EmbeddingSet.Of(evaluated, new float[count], [0], 1, theta));
            Same(() => Recalibration.Measure(Network, new double[count], theta), () => Recalibration.Measure(Network, new float[count], theta));
        }

        Same(() => EmbeddingSet.Of(Network, new double[72], [0], 1, theta), () => EmbeddingSet.Of(Network, new float[72], [0], 1, theta));
    }

    private static void Same(Func<object> exact, Func<object> single) => Assert.Equal(Assert.Throws<ArgumentException>(exact).Message, Assert.Throws<ArgumentException>(single).Message);
}
