namespace Understudy.Learning.Geometry;

/// <summary>How many samples suffice to certify that a student node lies within an angle of a teacher node.</summary>
/// <remarks>
/// <see cref="TeacherAware"/> and <see cref="TeacherAgnostic"/> have explicit constants, for Gaussian inputs N(0, σ²I); specification
/// section 2.4. The others give the order of the published theorem with constant 1 and are no bounds; Tian 2020, abstract.
/// </remarks>
public static class SampleCounts
{
    /// <summary>12·m·n·d: triples across every teacher boundary.</summary>
    public static double TeacherAware(int teacherNodes, int studentNodes, int inputs) => 12.0 * teacherNodes * studentNodes * inputs;

    /// <summary>40·n·d^2.5/ε: every base point with a step along each coordinate and back.</summary>
    public static double TeacherAgnostic(int studentNodes, int inputs, double sine) => 40 * studentNodes * TwoAndAHalf(inputs) / sine;

    /// <summary>K^2.5·d³/ε with K = m + n: the order of the theorem only.</summary>
    public static double Order(int teacherNodes, int studentNodes, int inputs, double sine)
        => TwoAndAHalf(teacherNodes + studentNodes) * inputs * inputs * inputs / sine;

    /// <summary>ε/(K^1.5·√d): the order of the residual gradient the theorem asks for.</summary>
    public static double GradientOrder(int teacherNodes, int studentNodes, int inputs, double sine)
        => sine * (teacherNodes + studentNodes) / (TwoAndAHalf(teacherNodes + studentNodes) * Math.Sqrt(inputs));

    /// <summary>The residual gradient below which teacher-aware samples certify: (1 − slope)·|α|·‖w*‖·ε·σ/8.</summary>
    /// <param name="coupling">α = v_k·v*_j of the observer and the teacher node.</param>
    /// <param name="weightNorm">‖w*_j‖.</param>
    /// <param name="slope">Slope of the activation.</param>
    /// <param name="sine">ε.</param>
    /// <param name="deviation">σ of the inputs.</param>
    public static double AwareGradient(double coupling, double weightNorm, double slope, double sine, double deviation)
        => (1 - slope) * Math.Abs(coupling) * weightNorm * sine * deviation / 8;

    /// <summary>x^2.5 by correctly rounded operations: powers differ in the last digit between systems, and these numbers are recorded.</summary>
    private static double TwoAndAHalf(double x) => x * x * Math.Sqrt(x);
}
