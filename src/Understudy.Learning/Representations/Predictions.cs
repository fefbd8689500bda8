namespace Understudy.Learning.Representations;

/// <summary>From outputs to classes to accuracies.</summary>
internal static class Predictions
{
    /// <summary>The place of the largest output, the first of equally large ones.</summary>
    internal static int Largest(ReadOnlySpan<double> outputs)
    {
        var largest = 0;
        for (var k = 1; k < outputs.Length; k++)
        {
            if (outputs[k] > outputs[largest])
                largest = k;
        }

        return largest;
    }

    /// <summary>The class of every row of outputs [rows, K].</summary>
    internal static void Largest(ReadOnlySpan<double> outputs, int classes, Span<int> predictions)
    {
        for (var row = 0; row < predictions.Length; row++)
            predictions[row] = Largest(outputs.Slice(row * classes, classes));
    }

    /// <summary>The share of predictions that are the label.</summary>
    internal static double Accuracy(ReadOnlySpan<int> predictions, ReadOnlySpan<int> labels)
    {
        var right = 0;
        for (var i = 0; i < labels.Length; i++)
            right += predictions[i] == labels[i] ? 1 : 0;
        return (double)right / labels.Length;
    }
}
