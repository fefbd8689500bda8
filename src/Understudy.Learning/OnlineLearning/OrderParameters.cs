namespace Understudy.Learning.OnlineLearning;

/// <summary>The overlaps that decide what a student does on normal inputs, whatever their number.</summary>
/// <remarks>Q = W Wᵀ/N, R = W W*ᵀ/N, T = W* W*ᵀ/N for K student and M teacher nodes, and the output weights v and v*. Saad and Solla 1995.</remarks>
public sealed class OrderParameters
{
    private readonly double[] _state;
    private readonly double[] _covariance;

    /// <summary>All overlaps 0, all output weights 1.</summary>
    public OrderParameters(int studentNodes, int teacherNodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(studentNodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(teacherNodes, 1);
        (StudentNodes, TeacherNodes) = (studentNodes, teacherNodes);
        _state = new double[checked((studentNodes * (studentNodes + teacherNodes)) + studentNodes)];
        T = new double[checked(teacherNodes * teacherNodes)];
        TeacherFanOut = new double[teacherNodes];
        FanOut.Fill(1);
        TeacherFanOut.AsSpan().Fill(1);
        var fields = studentNodes + teacherNodes;
        _covariance = new double[checked(fields * fields)];
    }

    /// <summary>K.</summary>
    public int StudentNodes { get; }

    /// <summary>M.</summary>
    public int TeacherNodes { get; }

    /// <summary>Overlaps of student nodes, [K, K], symmetric.</summary>
    public Span<double> Q => _state.AsSpan(0, StudentNodes * StudentNodes);

    /// <summary>Overlaps of student with teacher nodes, [K, M].</summary>
    public Span<double> R => _state.AsSpan(StudentNodes * StudentNodes, StudentNodes * TeacherNodes);

    /// <summary>Output weights v of the student.</summary>
    public Span<double> FanOut => _state.AsSpan(StudentNodes * (StudentNodes + TeacherNodes), StudentNodes);

    /// <summary>Overlaps of teacher nodes, [M, M], symmetric; they never change.</summary>
    public double[] T { get; }

    /// <summary>Output weights v* of the teacher.</summary>
    public double[] TeacherFanOut { get; }

    /// <summary>Q, R and v one after the other: what changes in time.</summary>
    internal double[] State => _state;

    /// <summary>The order parameters of two networks.</summary>
    /// <exception cref="ArgumentException">Their inputs differ.</exception>
    public static OrderParameters Of(Committee student, Committee teacher)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        if (student.Inputs != teacher.Inputs)
            throw new ArgumentException($"A student of {student.Inputs} inputs cannot learn from a teacher of {teacher.Inputs}.", nameof(student));
        var overlaps = new OrderParameters(student.Nodes, teacher.Nodes);
        Overlaps(student, student, overlaps.Q);
        Overlaps(student, teacher, overlaps.R);
        Overlaps(teacher, teacher, overlaps.T);
        student.FanOut.CopyTo(overlaps.FanOut);
        teacher.FanOut.CopyTo(overlaps.TeacherFanOut, 0);
        return overlaps;
    }

    /// <summary>Another with the same values.</summary>
    public OrderParameters Copy()
    {
        var copy = new OrderParameters(StudentNodes, TeacherNodes);
        _state.CopyTo(copy._state, 0);
        T.CopyTo(copy.T, 0);
        TeacherFanOut.CopyTo(copy.TeacherFanOut, 0);
        return copy;
    }

    /// <summary>ε_g = ½ E (φ − φ*)² over normal inputs: exact, and nothing is allocated. Not for several threads at once.</summary>
    public double GeneralizationError(FieldActivation activation)
    {
        FillCovariance(_state, _covariance);
        var fields = StudentNodes + TeacherNodes;
        var c = new FieldCovariance(_covariance, fields);
        var error = 0.0;
        for (var a = 0; a < fields; a++)
        {
            error += 0.5 * Sign(_state, a) * Sign(_state, a) * GaussianIntegrals.I2(activation, c, a, a);
            for (var b = a + 1; b < fields; b++)
                error += Sign(_state, a) * Sign(_state, b) * GaussianIntegrals.I2(activation, c, a, b);
        }

        return error;
    }

    /// <summary>The output weight of a field in φ* − φ: −v for student nodes, then v* for teacher nodes.</summary>
    internal double Sign(ReadOnlySpan<double> state, int field)
        => field < StudentNodes ? -state[(StudentNodes * (StudentNodes + TeacherNodes)) + field] : TeacherFanOut[field - StudentNodes];

    /// <summary>The covariance of all fields, student nodes first: [[Q, R], [Rᵀ, T]].</summary>
    internal void FillCovariance(ReadOnlySpan<double> state, Span<double> covariance)
    {
        var (k, m) = (StudentNodes, TeacherNodes);
        var fields = k + m;
        for (var a = 0; a < k; a++)
        {
            for (var b = 0; b < k; b++)
                covariance[(a * fields) + b] = state[(a * k) + b];
            for (var n = 0; n < m; n++)
                covariance[(a * fields) + k + n] = covariance[((k + n) * fields) + a] = state[(k * k) + (a * m) + n];
        }

        for (var a = 0; a < m; a++)
        {
            for (var b = 0; b < m; b++)
                covariance[((k + a) * fields) + k + b] = T[(a * m) + b];
        }
    }

    private static void Overlaps(Committee left, Committee right, Span<double> into)
    {
        for (var a = 0; a < left.Nodes; a++)
        {
            for (var b = 0; b < right.Nodes; b++)
            {
                var x = left.Weight(a);
                var y = right.Weight(b);
                var sum = 0.0;
                for (var i = 0; i < x.Length; i++)
                    sum += (double)x[i] * y[i];
                into[(a * right.Nodes) + b] = sum / left.Inputs;
            }
        }
    }
}
