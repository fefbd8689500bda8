using Understudy.Engine;

namespace Understudy.Learning.Distillation;

/// <summary>How far a student's outputs are from its teacher's, for one image, in double precision.</summary>
public static class OutputDivergence
{
    /// <summary>KL(p ‖ q) of the softmax p of the teacher's outputs and q of the student's, in nats.</summary>
    /// <remarks>
    /// Outputs of a projection head differ so little that KL is the difference of numbers near log m. With the differences d of the outputs, less their mean under p, it is
    /// log(1 + Σ p (exp(d) − 1 − d)), where nothing cancels.
    /// </remarks>
    /// <param name="teacher">The teacher's outputs [m].</param>
    /// <param name="student">The student's [m].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Of(ReadOnlySpan<double> teacher, ReadOnlySpan<double> student)
    {
        Check(teacher, student);
        var largest = double.NegativeInfinity;
        foreach (var output in teacher)
            largest = Math.Max(largest, output);
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
            sum += ScalarFunctions.Exp(teacher[j] - largest) / total * Remainder(student[j] - teacher[j] - mean);
        return ScalarFunctions.Log1p(sum);
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

    /// <summary>exp(d) − 1 − d.</summary>
    private static double Remainder(double d)
    {
        if (Math.Abs(d) > 0.1)
            return ScalarFunctions.Exp(d) - 1 - d;
        // the next term, d⁸/8!, is 1e-12 of the first
        return d * d * (0.5 + (d * ((1.0 / 6) + (d * ((1.0 / 24) + (d * ((1.0 / 120) + (d * ((1.0 / 720) + (d / 5040))))))))));
    }

    private static void Check(ReadOnlySpan<double> teacher, ReadOnlySpan<double> student)
    {
        if (teacher.Length != student.Length)
            throw new ArgumentException($"The teacher has {teacher.Length} outputs, the student {student.Length}.", nameof(student));
    }
}
