namespace Understudy.Learning.Probing;

/// <summary>Which student nodes see both sides of which teacher boundaries; specification section 1.5.</summary>
/// <remarks>
/// For each pair the smaller of #{i: h*_ij &gt; 0, h_ik &gt; 0} and #{i: h*_ij ≤ 0, h_ik &gt; 0}: a student node can learn a
/// boundary only if it is active on both of its sides. The sign of a post-activation is that of its pre-activation, so
/// (leaky) rectified activations may be given.
/// </remarks>
public sealed class ObservationCounter
{
    private readonly int _teacherNodes;
    private readonly int _studentNodes;
    private readonly long[] _both;
    private readonly long[] _active;

    /// <summary>An empty counter for m teacher and n student nodes.</summary>
    public ObservationCounter(int teacherNodes, int studentNodes)
    {
        (_teacherNodes, _studentNodes) = (teacherNodes, studentNodes);
        _both = new long[checked(teacherNodes * studentNodes)];
        _active = new long[studentNodes];
    }

    /// <summary>The number of samples so far.</summary>
    public int Samples { get; private set; }

    /// <summary>Takes one chunk of activations, teacher [rows, m] and student [rows, n].</summary>
    public void Add(ReadOnlySpan<float> teacher, ReadOnlySpan<float> student)
    {
        var rows = teacher.Length / _teacherNodes;
        if (teacher.Length != rows * _teacherNodes || student.Length != rows * _studentNodes)
            throw new ArgumentException($"Chunks of {teacher.Length} and {student.Length} activations do not hold the same rows.");
        for (var row = 0; row < rows; row++)
        {
            var h = teacher.Slice(row * _teacherNodes, _teacherNodes);
            var g = student.Slice(row * _studentNodes, _studentNodes);
            for (var k = 0; k < g.Length; k++)
            {
                if (!(g[k] > 0))
                    continue;
                _active[k]++;
                for (var j = 0; j < h.Length; j++)
                {
                    if (h[j] > 0)
                        _both[(j * _studentNodes) + k]++;
                }
            }
        }

        Samples += rows;
    }

    /// <summary>The count of a pair: the smaller of the two sides.</summary>
    public long Count(int teacher, int student)
    {
        var both = _both[(teacher * _studentNodes) + student];
        return Math.Min(both, _active[student] - both);
    }

    /// <summary>The largest share of samples any student node has on both sides of a teacher boundary: max_k obs_jk.</summary>
    public double Best(int teacher)
    {
        var best = 0L;
        for (var k = 0; k < _studentNodes; k++)
            best = Math.Max(best, Count(teacher, k));
        return Samples > 0 ? (double)best / Samples : 0;
    }
}
