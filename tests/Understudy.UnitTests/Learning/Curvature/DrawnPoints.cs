using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Random networks with random examples.</summary>
internal static class DrawnPoints
{
    internal static readonly NodeActivation[] Activations = [NodeActivation.Relu, NodeActivation.LeakyRelu(0.3), NodeActivation.Tanh, NodeActivation.Gelu, NodeActivation.Erf];

    private static readonly Func<Draw, OutputLoss>[] Losses =
    [
        _ => OutputLoss.CrossEntropy, _ => OutputLoss.SoftCrossEntropy, draw => OutputLoss.Distillation(draw.Uniform(0.5, 3)), _ => OutputLoss.HalfSquared, _ => OutputLoss.MeanSquared, _ => OutputLoss.Logistic,
    ];

    /// <summary>Any activation, any loss, up to three hidden layers, each turn of the case's number another.</summary>
    internal static MlpPoint Any(Draw draw)
    {
        var loss = Losses[draw.Case % Losses.Length](draw);
        var outputs = loss == OutputLoss.Logistic ? 1 : 2 + draw.Index(3);
        int[] widths = [draw.Extent(6), .. Enumerable.Range(0, (draw.Case / 2) % 4).Select(_ => draw.Extent(6)), outputs];
        return Of(draw, Mlp.Of(Activations[draw.Case % Activations.Length], widths), loss, draw.Extent(20));
    }

    internal static MlpPoint Of(Draw draw, Mlp network, OutputLoss loss, int count)
    {
        var examples = Examples(draw, network, loss, count);
        return new MlpPoint(network, loss, examples, [.. draw.Normal(network.Layout.Count).Select(value => 0.7 * value)]);
    }

    internal static ExampleSet Examples(Draw draw, INetwork network, OutputLoss loss, int count)
    {
        var targets = new List<double>();
        for (var i = 0; i < count; i++)
            targets.AddRange(Target(draw, loss, network.Outputs));
        return new ExampleSet(draw.Normal(count * network.Inputs), [.. targets], count);
    }

    internal static NetworkCurvature Products(this MlpPoint point) => new(point.Network, point.Loss, point.Examples, point.Parameters);

    private static double[] Target(Draw draw, OutputLoss loss, int outputs)
    {
        if (loss == OutputLoss.CrossEntropy)
            return [draw.Index(outputs)];
        if (loss == OutputLoss.Logistic)
            return [draw.Index(2)];
        if (loss != OutputLoss.SoftCrossEntropy)
            return draw.Normal(outputs);
        double[] weights = [.. draw.Normal(outputs).Select(Math.Exp)];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
