using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>A network of layers on its examples.</summary>
internal sealed record ImagePoint(LayeredNetwork Network, OutputLoss Loss, ExampleSet Examples, double[] Parameters)
{
    internal int Size => Parameters.Length;

    /// <summary>Any convolutions, pools and fully connected layers, each turn of the case's number others.</summary>
    internal static ImagePoint Any(Draw draw)
    {
        OutputLoss[] losses = [OutputLoss.CrossEntropy, OutputLoss.HalfSquared, OutputLoss.SoftCrossEntropy];
        var activation = new ActivationLayer(DrawnPoints.Activations[draw.Case % DrawnPoints.Activations.Length]);
        var layers = new List<ILayer> { new ConvolutionLayer(1 + draw.Index(3), 1 + draw.Index(3), 1 + draw.Index(2), draw.Index(2), draw.Coin()), activation };
        if (draw.Case % 2 == 0)
            layers.Add(draw.Coin() ? PoolLayer.Largest() : PoolLayer.Average());
        if (draw.Case % 3 > 0)
            layers.Add(new SequenceLayer(new ConvolutionLayer(1 + draw.Index(3), 1 + draw.Index(2), padding: 1), activation));
        if (draw.Case % 4 > 1)
            layers.AddRange([draw.Coin() ? new FlattenLayer() : new AdaptiveAverageLayer(1), new DenseLayer(1 + draw.Index(4), draw.Coin()), activation]);
        layers.Add(new DenseLayer(2 + draw.Index(2), draw.Coin()));
        return Of(draw, new LayeredNetwork(new Shape(5 + draw.Index(2), 5 + draw.Index(2), 1 + draw.Index(2)), [.. layers]), losses[draw.Case % losses.Length], draw.Extent(6));
    }

    internal static ImagePoint Of(Draw draw, LayeredNetwork network, OutputLoss loss, int count)
        => new(network, loss, DrawnPoints.Examples(draw, network, loss, count), [.. draw.Normal(network.Layout.Count).Select(value => 0.7 * value)]);

    internal ImagePoint On(ExampleSet examples) => this with { Examples = examples };

    internal KroneckerFactors Factors(KroneckerSetting setting = KroneckerSetting.Expand, KroneckerMatrix matrix = KroneckerMatrix.GaussNewton, Team? team = null)
        => KroneckerFactors.Of(Network, Loss, Examples, Parameters, new KroneckerOptions { Setting = setting, Matrix = matrix, Team = team });

    /// <summary>G or S without what couples layers, by exact products.</summary>
    internal double[] Blocks(KroneckerMatrix matrix = KroneckerMatrix.GaussNewton)
    {
        using var curvature = new NetworkCurvature(Network, Loss, Examples, Parameters);
        var whole = matrix == KroneckerMatrix.GaussNewton ? curvature.GaussNewton : curvature.SecondMoment;
        var entries = ExactHessian.ByProducts(whole, out _);
        new BlockDiagonalOperator(whole, Network.Layout, slot => slot.Name[..slot.Name.LastIndexOf('.')]).Restrict(entries);
        return entries;
    }
}
