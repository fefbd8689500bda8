namespace Understudy.Learning.OnlineLearning;

/// <summary>The loss of a network over its whole distribution of inputs, without samples.</summary>
public static class PopulationLoss
{
    /// <summary>E‖V* ψ(W* x) − V ψ(W x)‖² for rectified networks without biases and x ~ N(0, deviation² I), by the arc-cosine kernel (Cho and Saul 2009).</summary>
    /// <remarks>Summed over outputs. Rounding leaves about 1e-15 of E‖V* ψ(W* x)‖². O((n + m)²(d + C)) for n and m nodes.</remarks>
    /// <param name="student">The student.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="deviation">Standard deviation of every input.</param>
    /// <exception cref="ArgumentException">The networks have different inputs or outputs.</exception>
    public static double Rectified(RectifiedNetwork student, RectifiedNetwork teacher, double deviation = 1)
    {
        if (student.Inputs != teacher.Inputs || student.Outputs != teacher.Outputs)
            throw new ArgumentException($"A student of {student.Inputs} inputs and {student.Outputs} outputs cannot be compared with a teacher of {teacher.Inputs} and {teacher.Outputs}.", nameof(student));
        return deviation * deviation * (Product(teacher, teacher) - (2 * Product(student, teacher)) + Product(student, student));
    }

    /// <summary>E[f(x)·g(x)] for x ~ N(0, I).</summary>
    private static double Product(RectifiedNetwork f, RectifiedNetwork g)
    {
        var sum = 0.0;
        for (var a = 0; a < f.Nodes; a++)
        {
            var w = f.Weight(a);
            var square = Dot(w, w);
            for (var b = 0; b < g.Nodes; b++)
            {
                var u = g.Weight(b);
                sum += Dot(f.FanOut(a), g.FanOut(b)) * GaussianIntegrals.Rectified(square, Dot(w, u), Dot(u, u));
            }
        }

        return sum;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }
}
