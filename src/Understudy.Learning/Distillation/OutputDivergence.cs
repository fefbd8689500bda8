using Understudy.Engine;

namespace Understudy.Learning.Distillation;

/// <summary>How far a student's outputs are from its teacher's, for one image, in double precision.</summary>
public static class OutputDivergence
{
    /// <summary>KL(p ‖ q) of the softmax p of the teacher's outputs and q of the student's, in nats.</summary>
    /// <remarks>
    /// Outputs of a projection head differ so little that KL is the difference of numbers near log m. With the differences d of the outputs, less their mean under p, it is
    /// log(1 + Σ p (exp(d) − 1 − d)), where nothing cancels. From 1 nat on it is log Σ p exp(d) by the logarithms of the two sums of powers, where nothing overflows.
    /// </remarks>
    /// <param name="teacher">The teacher's outputs [m].</param>
    /// <param name="student">The student's [m].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Of(ReadOnlySpan<double> teacher, ReadOnlySpan<double> student)
    {
        Check(teacher, student);
        var largest = Largest(teacher);
        var (total, mean) = (0.0, 0.0);
        for (var j = 0; j < teacher.Length; j++)
        {
            var weight = ScalarFunctions.Exp(teacher[j] - largest);
            total += weight;
            mean += weight * (student[j] - teacher[j]);
        }

        mean /= total;
        var sum = 0.0;
        for (var j = 0; j < teacher.Length; j++)
            sum += WeightedRemainder(teacher[j] - largest, student[j] - teacher[j] - mean) / total;
        // it is infinite for some large differences
        return sum < Math.E - 1 ? ScalarFunctions.Log1p(sum) : LogSum(student) - largest - ScalarFunctions.Log(total) - mean;
    }

    /// <summary>The entropy of the softmax of outputs [m], in nats; from 0 to log m.</summary>
    public static double Entropy(ReadOnlySpan<double> outputs)
    {
        var (largest, total, mean) = (Largest(outputs), 0.0, 0.0);
        foreach (var output in outputs)
        {
            var weight = ScalarFunctions.Exp(output - largest);
            total += weight;
            mean += weight * (output - largest);
        }

        return ScalarFunctions.Log(total) - (mean / total);
    }

    /// <summary>The cosine of the angle between the outputs; 0 where one of them is 0.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Cosine(ReadOnlySpan<double> teacher, ReadOnlySpan<double> student)
    {
        Check(teacher, student);
        var (product, first, second) = (0.0, 0.0, 0.0);
        for (var j = 0; j < teacher.Length; j++)
        {
            product += teacher[j] * student[j];
            first += teacher[j] * teacher[j];
            second += student[j] * student[j];
        }

        return first > 0 && second > 0 ? product / Math.Sqrt(first * second) : 0;
    }

    /// <summary>log Σ exp(output).</summary>
    private static double LogSum(ReadOnlySpan<double> outputs)
    {
        var (largest, total) = (Largest(outputs), 0.0);
        foreach (var output in outputs)
            total += ScalarFunctions.Exp(output - largest);
        return largest + ScalarFunctions.Log(total);
    }

    private static double Largest(ReadOnlySpan<double> outputs)
    {
        var largest = double.NegativeInfinity;
        foreach (var output in outputs)
            largest = Math.Max(largest, output);
        return largest;
    }

    /// <summary>exp(log) (exp(d) − 1 − d), also where the weight is too small for a number and its product is not.</summary>
    private static double WeightedRemainder(double log, double d)
    {
        var weight = ScalarFunctions.Exp(log);
        if (Math.Abs(d) > 0.1)
            return ScalarFunctions.Exp(log + d) - (weight * (1 + d));
        // the next term, d⁸/8!, is 1e-12 of the first
        return weight * d * d * (0.5 + (d * ((1.0 / 6) + (d * ((1.0 / 24) + (d * ((1.0 / 120) + (d * ((1.0 / 720) + (d / 5040))))))))));
    }

    private static void Check(ReadOnlySpan<double> teacher, ReadOnlySpan<double> student)
    {
        if (teacher.Length != student.Length)
            throw new ArgumentException($"The teacher has {teacher.Length} outputs, the student {student.Length}.", nameof(student));
    }
}
