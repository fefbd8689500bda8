namespace Understudy.Learning.Probing;

/// <summary>Correlations of the nodes of a teacher layer with those of a student layer: always [teacher × student].</summary>
/// <remarks>
/// The type names its axes so that a maximum over the wrong one cannot be taken by mistake: "the best student of each teacher
/// node" runs over the second index. Source: Tian 2020; specification section 1.3.
/// </remarks>
public sealed class CorrelationMatrix
{
    /// <summary>The share of the layer's largest variance below which a node counts as constant.</summary>
    public const double ConstantBelow = 1e-12;

    private const double RegularizationOfSums = 1e-10;

    private readonly double[] _values;
    private readonly bool[] _constantTeachers;
    private readonly bool[] _constantStudents;

    internal CorrelationMatrix(double[] values, bool[] constantTeachers, bool[] constantStudents)
    {
        _values = values;
        _constantTeachers = constantTeachers;
        _constantStudents = constantStudents;
    }

    /// <summary>A matrix of given correlations, row-major [teacher × student], without constant nodes.</summary>
    public CorrelationMatrix(int teacherNodes, int studentNodes, ReadOnlySpan<double> values)
        : this(values.ToArray(), new bool[teacherNodes], new bool[studentNodes])
    {
        if (values.Length != checked(teacherNodes * studentNodes))
            throw new ArgumentException($"{values.Length} values do not fill a matrix of {teacherNodes} teacher and {studentNodes} student nodes.", nameof(values));
    }

    /// <summary>The number of teacher nodes m.</summary>
    public int TeacherNodes => _constantTeachers.Length;

    /// <summary>The number of student nodes n.</summary>
    public int StudentNodes => _constantStudents.Length;

    /// <summary>All correlations, row-major [teacher × student].</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The correlation of a teacher node with a student node.</summary>
    public double this[int teacher, int student] => OfTeacher(teacher)[student];

    /// <summary>The correlations of one teacher node with every student node.</summary>
    public ReadOnlySpan<double> OfTeacher(int teacher) => _values.AsSpan(teacher * StudentNodes, StudentNodes);

    /// <summary>Whether a teacher node did not vary over the samples; its correlations are 0.</summary>
    public bool IsConstantTeacher(int teacher) => _constantTeachers[teacher];

    /// <summary>Whether a student node did not vary over the samples; its correlations are 0.</summary>
    public bool IsConstantStudent(int student) => _constantStudents[student];

    /// <summary>The exact form: two passes in double precision, 1e-10 added to each sum of squares.</summary>
    /// <remarks>O(N·m·n). Use <see cref="CorrelationAccumulator"/> for large sample sets.</remarks>
    /// <param name="teacher">Post-activations [N, m].</param>
    /// <param name="student">Post-activations [N, n].</param>
    /// <param name="samples">N.</param>
    public static CorrelationMatrix OfActivations(ReadOnlySpan<double> teacher, ReadOnlySpan<double> student, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        if (teacher.Length % samples != 0 || student.Length % samples != 0)
            throw new ArgumentException("Both layers need the same number of samples.", nameof(samples));
        var (h, g) = (Centered(teacher, samples), Centered(student, samples));
        var (m, n) = (h.Length / samples, g.Length / samples);
        var (hs, gs) = (SumsOfSquares(h, m), SumsOfSquares(g, n));
        var values = new double[m * n];
        for (var i = 0; i < samples; i++)
        {
            for (var j = 0; j < m; j++)
            {
                for (var k = 0; k < n; k++)
                    values[(j * n) + k] += h[(i * m) + j] * g[(i * n) + k];
            }
        }

        for (var j = 0; j < m; j++)
        {
            for (var k = 0; k < n; k++)
                values[(j * n) + k] /= Math.Sqrt(hs[j] + RegularizationOfSums) * Math.Sqrt(gs[k] + RegularizationOfSums);
        }

        return new CorrelationMatrix(values, Constant(hs), Constant(gs));
    }

    /// <summary>Which of the variances (or sums of squares) count as zero beside the largest.</summary>
    internal static bool[] Constant(ReadOnlySpan<double> variances)
    {
        var largest = 0.0;
        foreach (var variance in variances)
            largest = Math.Max(largest, variance);
        var constant = new bool[variances.Length];
        for (var i = 0; i < constant.Length; i++)
            constant[i] = variances[i] <= ConstantBelow * largest;
        return constant;
    }

    private static double[] Centered(ReadOnlySpan<double> rows, int samples)
    {
        var width = rows.Length / samples;
        var mean = new double[width];
        for (var i = 0; i < rows.Length; i++)
            mean[i % width] += rows[i] / samples;
        var centered = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            centered[i] = rows[i] - mean[i % width];
        return centered;
    }

    private static double[] SumsOfSquares(ReadOnlySpan<double> rows, int width)
    {
        var sums = new double[width];
        for (var i = 0; i < rows.Length; i++)
            sums[i % width] += rows[i] * rows[i];
        return sums;
    }
}
