using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

/// <summary>Small networks and examples to look at landscapes of.</summary>
internal static class SmallProblem
{
    /// <summary>Classes of points around centers in a few dimensions.</summary>
    internal static ExampleSet Clusters(Draw draw, int count, int inputs = 4, int classes = 3, double spread = 0.7)
    {
        double[] centers = draw.Normal(classes * inputs), x = draw.Normal(count * inputs), y = new double[count];
        for (var i = 0; i < count; i++)
        {
            y[i] = i % classes;
            for (var j = 0; j < inputs; j++)
                x[(i * inputs) + j] = (spread * x[(i * inputs) + j]) + (1.5 * centers[((i % classes) * inputs) + j]);
        }

        return new ExampleSet(x, y, count);
    }

    internal static LossEvaluator Evaluator(Mlp network, ExampleSet examples, Team? team = null, int batchRows = 500)
        => new(network, OutputLoss.CrossEntropy, examples, team, batchRows);

    internal static double[] Drawn(Draw draw, Mlp network, double scale = 0.6) => [.. draw.Normal(network.Layout.Count).Select(value => scale * value)];

    /// <summary>A solution that gradient descent finds from a drawn start.</summary>
    internal static double[] Trained(Draw draw, LossEvaluator evaluator, int steps = 400, double rate = 0.2)
        => FullBatchDescent.Run(Drawn(draw, (Mlp)evaluator.Network), evaluator, new DescentOptions { LearningRate = rate, Momentum = 0.9, Steps = steps });

    /// <summary>All outputs of a network, [N, C].</summary>
    internal static double[] Outputs(Mlp network, double[] parameters, ExampleSet examples)
    {
        using var activity = new LayerActivity(network, examples.Inputs, examples.Count);
        activity.Run(parameters);
        return activity.PreActivations(network.Layers - 1);
    }

    internal static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double relative = 1e-12)
    {
        Assert.Equal(expected.Count, actual.Count);
        var tolerance = relative * expected.Max(Math.Abs);
        Assert.True(tolerance > 0);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
