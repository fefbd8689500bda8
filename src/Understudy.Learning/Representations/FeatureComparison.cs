namespace Understudy.Learning.Representations;

/// <summary>How far features of one network are from those of another on the same images.</summary>
/// <param name="Distance">Mean over the images of ‖a − b‖.</param>
/// <param name="RootMeanSquare">√ of the mean of (a_j − b_j)² over images and features.</param>
/// <param name="Cosine">Mean over the images of the cosine of the angle between a and b; 0 of an image where one of them is 0.</param>
/// <remarks>Random-teacher specification, section 4.</remarks>
public readonly record struct FeatureComparison(double Distance, double RootMeanSquare, double Cosine)
{
    /// <summary>Compares row by row; costs O(N·d).</summary>
    /// <param name="first">a, [N, d].</param>
    /// <param name="second">b, [N, d].</param>
    /// <param name="width">d.</param>
    /// <exception cref="ArgumentException">They are not equally many rows of this width, or there are none.</exception>
    public static FeatureComparison Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (first.Length != second.Length || first.Length == 0 || first.Length % width != 0)
            throw new ArgumentException($"{first.Length} and {second.Length} numbers are not equally many rows of {width}.", nameof(second));
        var rows = first.Length / width;
        var (distances, squares, cosines) = (0.0, 0.0, 0.0);
        for (var at = 0; at < first.Length; at += width)
        {
            var (apart, product, ofFirst, ofSecond) = (0.0, 0.0, 0.0, 0.0);
            for (var j = at; j < at + width; j++)
            {
                apart += (first[j] - second[j]) * (first[j] - second[j]);
                product += first[j] * second[j];
                ofFirst += first[j] * first[j];
                ofSecond += second[j] * second[j];
            }

            distances += Math.Sqrt(apart);
            squares += apart;
            cosines += ofFirst > 0 && ofSecond > 0 ? product / (Math.Sqrt(ofFirst) * Math.Sqrt(ofSecond)) : 0;
        }

        return new FeatureComparison(distances / rows, Math.Sqrt(squares / first.Length), cosines / rows);
    }
}
