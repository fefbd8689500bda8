using Understudy.Engine;
using Understudy.Learning.Geometry;
using Understudy.Learning.Losses;

namespace Understudy.Learning.Landscape;

/// <summary>Several networks of one kind on some examples: each alone, their predictions together, and the mean of their weights.</summary>
/// <remarks>
/// A softmax predicts probabilities, of distillation those at its temperature, the logistic loss one probability, squared errors the outputs themselves; predictions are averaged, and the loss is taken of the mean. As every loss is
/// convex in predictions, the loss of the mean is at most the mean of losses; of the mean of weights nothing is known before. Costs two passes per network and the outputs of all examples in memory.
/// Source: Garipov et al. 2018, section 4; Izmailov et al. 2018; hessian specification, section 4.3.
/// </remarks>
public sealed class EnsembleComparison
{
    // of doubles with all digits
    private const double SmallestProbability = 2.2250738585072014e-308;

    private EnsembleComparison(LossAndAccuracy[] members, LossAndAccuracy ofMeanPrediction, LossAndAccuracy ofMeanWeights, double[] meanWeights)
        => (Members, OfMeanPrediction, OfMeanWeights, MeanWeights) = (members, ofMeanPrediction, ofMeanWeights, meanWeights);

    /// <summary>Each network alone.</summary>
    public IReadOnlyList<LossAndAccuracy> Members { get; }

    /// <summary>The mean of their losses.</summary>
    public double MeanLoss => Members.Average(member => member.Loss);

    /// <summary>The mean of their accuracies; NaN where the loss has no classes.</summary>
    public double MeanAccuracy => Members.Average(member => member.Accuracy);

    /// <summary>The mean of their predictions as one.</summary>
    public LossAndAccuracy OfMeanPrediction { get; }

    /// <summary>The network with the mean of their weights.</summary>
    public LossAndAccuracy OfMeanWeights { get; }

    /// <summary>The mean of their weights, [P].</summary>
    public IReadOnlyList<double> MeanWeights { get; }

    /// <summary>Compares networks.</summary>
    /// <param name="members">Their parameters, at least one, such as <see cref="FastEnsemble.Collect"/> gives.</param>
    /// <param name="evaluator">The examples; with <see cref="LossEvaluator.Calibration"/> every network, and the mean of weights, has batch statistics of its own.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">There is none, or one is not as long as the network's parameters.</exception>
    public static EnsembleComparison Of(IReadOnlyList<double[]> members, LossEvaluator evaluator, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(evaluator);
        if (members.Count == 0)
            throw new ArgumentException("An ensemble needs a network.", nameof(members));
        var mean = new RunningMean(evaluator.Size);
        foreach (var member in members)
        {
            evaluator.Require(member);
            mean.Add(member);
        }

        var values = evaluator.At(members.Count + 1, (index, into) => (index < members.Count ? members[index] : mean.Mean).CopyTo(into), null, cancellation);
        return new EnsembleComparison(values[..^1], evaluator.Judge(Together(members, evaluator, cancellation)), values[^1], mean.Mean.ToArray());
    }

    /// <summary>Outputs whose prediction is the mean of the members' predictions, [N, C].</summary>
    private static double[] Together(IReadOnlyList<double[]> members, LossEvaluator evaluator, CancellationToken cancellation)
    {
        var (loss, count, classes) = (evaluator.Loss, evaluator.Examples.Count, evaluator.Network.Outputs);
        var width = loss is LogisticLoss ? 2 : classes;
        var (sum, own) = (new double[count * width], new double[width]);
        foreach (var member in members)
        {
            var outputs = evaluator.Outputs(member, cancellation);
            for (var i = 0; i < count; i++)
            {
                Predict(loss, outputs.AsSpan(i * classes, classes), own);
                Dense.Add(1.0 / members.Count, own, sum.AsSpan(i * width, width));
            }
        }

        if (loss is LogisticLoss)
            return [.. Enumerable.Range(0, count).Select(i => Log(sum[2 * i]) - Log(sum[(2 * i) + 1]))];
        return loss.HasClasses ? [.. sum.Select(probability => Temperature(loss) * Log(probability))] : sum;
    }

    /// <summary>What is averaged: probabilities, of the logistic loss both, or outputs.</summary>
    private static void Predict(OutputLoss loss, ReadOnlySpan<double> output, Span<double> prediction)
    {
        if (loss.HasClasses)
            OutputLoss.Softmax(output, 1 / Temperature(loss), prediction);
        else if (loss is LogisticLoss)
            (prediction[0], prediction[1]) = (1 / (1 + ScalarFunctions.Exp(-output[0])), 1 / (1 + ScalarFunctions.Exp(output[0])));
        else
            output.CopyTo(prediction);
    }

    // a probability that no double holds would make losses that are no numbers
    private static double Log(double probability) => ScalarFunctions.Log(Math.Max(probability, SmallestProbability));

    private static double Temperature(OutputLoss loss) => loss is DistillationLoss distillation ? distillation.Temperature : 1;
}
