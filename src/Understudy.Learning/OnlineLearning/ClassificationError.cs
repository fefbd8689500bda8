using Understudy.Engine.Random;

namespace Understudy.Learning.OnlineLearning;

/// <summary>How often student and teacher differ in the sign of their output.</summary>
public static class ClassificationError
{
    /// <summary>The share of normal inputs on which the signs differ, estimated from local fields drawn from their covariance: the standard error is at most 1/(2√samples), whatever the number of inputs.</summary>
    /// <remarks>For linear networks the expectation is arccos(ρ)/π with ρ the correlation of the outputs.</remarks>
    /// <param name="overlaps">The order parameters of student and teacher.</param>
    /// <param name="activation">g.</param>
    /// <param name="random">Normal numbers by sample.</param>
    /// <param name="samples">How many.</param>
    /// <returns>NaN where an order parameter is not finite.</returns>
    public static double Of(OrderParameters overlaps, FieldActivation activation, RandomSequence random, int samples)
    {
        ArgumentNullException.ThrowIfNull(overlaps);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var fields = overlaps.StudentNodes + overlaps.TeacherNodes;
        var root = new double[fields * fields];
        overlaps.FillCovariance(overlaps.State, root);
        foreach (var entry in root)
        {
            if (!double.IsFinite(entry))
                return double.NaN;
        }

        Factor(root, fields);
        var (normal, differing) = (new double[fields], 0);
        for (var sample = 0; sample < samples; sample++)
        {
            random.FillNormal(sample, normal);
            var (student, teacher) = (0.0, 0.0);
            for (var a = 0; a < fields; a++)
            {
                var field = 0.0;
                for (var b = 0; b <= a; b++)
                    field += root[(a * fields) + b] * normal[b];
                var output = OnlineSimulation.Value(activation, field);
                if (a < overlaps.StudentNodes)
                    student += overlaps.FanOut[a] * output;
                else
                    teacher += overlaps.TeacherFanOut[a - overlaps.StudentNodes] * output;
            }

            differing += student > 0 != teacher > 0 ? 1 : 0;
        }

        return (double)differing / samples;
    }

    /// <summary>The lower triangle L with L Lᵀ the given matrix, in its place; a field that others decide adds nothing of its own.</summary>
    private static void Factor(double[] matrix, int size)
    {
        const double Negligible = 1e-14;
        for (var j = 0; j < size; j++)
        {
            var (own, pivot) = (matrix[(j * size) + j], matrix[(j * size) + j]);
            for (var b = 0; b < j; b++)
                pivot -= matrix[(j * size) + b] * matrix[(j * size) + b];
            var length = pivot > Negligible * own ? Math.Sqrt(pivot) : 0;
            matrix[(j * size) + j] = length;
            for (var i = j + 1; i < size; i++)
            {
                var sum = matrix[(i * size) + j];
                for (var b = 0; b < j; b++)
                    sum -= matrix[(i * size) + b] * matrix[(j * size) + b];
                matrix[(i * size) + j] = length > 0 ? sum / length : 0;
            }
        }
    }
}
