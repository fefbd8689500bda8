using System.Numerics;
using Understudy.Engine.LinearAlgebra;

namespace Understudy.Learning.Probing;

/// <summary>Correlations between two layers over any number of samples, given chunk by chunk.</summary>
/// <remarks>
/// Activations are shifted by the mean of the first chunk, and everything is summed in <see cref="double"/>: a large common
/// offset costs no digits, and correlations that differ from 1 by 1e-9 keep their order, which ranks of usefulness need. A
/// node whose variance is at most <see cref="CorrelationMatrix.ConstantBelow"/> of the largest in its layer is constant:
/// correlation 0. O(N·m·n). A chunk is summed on its own and then added, so how samples are cut into chunks is part of the result to the last digits. Not for several threads
/// at once.
/// </remarks>
public sealed class CorrelationAccumulator
{
    private readonly Side _teacher;
    private readonly Side _student;
    private readonly double[] _cross;

    /// <summary>An empty accumulator for m teacher and n student nodes.</summary>
    public CorrelationAccumulator(int teacherNodes, int studentNodes)
    {
        _teacher = new Side(teacherNodes);
        _student = new Side(studentNodes);
        _cross = new double[checked(teacherNodes * studentNodes)];
    }

    /// <summary>The number of samples so far.</summary>
    public int Samples { get; private set; }

    /// <summary>Samples at which each teacher node was positive.</summary>
    public ReadOnlySpan<int> ActiveTeacher => _teacher.Active;

    /// <summary>Samples at which each student node was positive: 0 is a dead node, <see cref="Samples"/> an always-active one.</summary>
    public ReadOnlySpan<int> ActiveStudent => _student.Active;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Samples = 0;
        _teacher.Clear();
        _student.Clear();
        _cross.AsSpan().Clear();
    }

    /// <summary>Takes one chunk of post-activations.</summary>
    /// <param name="teacher">[rows, m].</param>
    /// <param name="student">[rows, n].</param>
    public void Add(ReadOnlySpan<float> teacher, ReadOnlySpan<float> student)
    {
        var rows = teacher.Length / _teacher.Width;
        if (rows == 0 || teacher.Length != rows * _teacher.Width || student.Length != rows * _student.Width)
            throw new ArgumentException($"Chunks of {teacher.Length} and {student.Length} activations do not hold the same rows of {_teacher.Width} and {_student.Width} nodes.");
        var h = _teacher.Shifted(teacher, rows, first: Samples == 0);
        var g = _student.Shifted(student, rows, first: Samples == 0);
        Products.Multiply(_teacher.Width, _student.Width, rows, h, g, _cross, transposeLeft: true, accumulate: true);
        Samples += rows;
    }

    /// <summary>The correlations of all samples so far.</summary>
    /// <param name="offset">Added to every variance, as published code does instead of setting the correlations of constant nodes to 0; null for the rule above.</param>
    /// <exception cref="InvalidOperationException">There are no samples.</exception>
    public CorrelationMatrix Correlations(double? offset = null)
    {
        if (Samples == 0)
            throw new InvalidOperationException("There are no samples to correlate.");
        var (teacher, student) = (_teacher.Variances(Samples), _student.Variances(Samples));
        var (constantTeachers, constantStudents) = (CorrelationMatrix.Constant(teacher), CorrelationMatrix.Constant(student));
        var (values, added) = (new double[_cross.Length], offset ?? 0);
        for (var j = 0; j < teacher.Length; j++)
        {
            for (var k = 0; k < student.Length; k++)
            {
                if (offset is null && (constantTeachers[j] || constantStudents[k]))
                    continue;
                var covariance = (_cross[(j * student.Length) + k] - (_teacher.Sum(j) * _student.Sum(k) / Samples)) / Samples;
                values[(j * student.Length) + k] = Math.Clamp(covariance / Math.Sqrt((teacher[j] + added) * (student[k] + added)), -1, 1);
            }
        }

        return new CorrelationMatrix(values, constantTeachers, constantStudents);
    }

    /// <summary>The running sums of one layer.</summary>
    private sealed class Side(int width)
    {
        private readonly double[] _shift = new double[width];
        private readonly double[] _sums = new double[width];
        private readonly double[] _squares = new double[width];
        private readonly int[] _active = new int[width];
        private double[] _shifted = [];

        internal int Width => width;

        internal ReadOnlySpan<int> Active => _active;

        internal double Sum(int node) => _sums[node];

        internal void Clear()
        {
            _sums.AsSpan().Clear();
            _squares.AsSpan().Clear();
            _active.AsSpan().Clear();
        }

        internal ReadOnlySpan<double> Shifted(ReadOnlySpan<float> chunk, int rows, bool first)
        {
            if (first)
                SetShift(chunk, rows);
            if (_shifted.Length < chunk.Length)
                _shifted = new double[chunk.Length];
            for (var start = 0; start < chunk.Length; start += width)
                Take(chunk.Slice(start, width), _shifted.AsSpan(start, width));

            return _shifted.AsSpan(0, chunk.Length);
        }

        /// <summary>Every node is summed in the order of the rows, so register width does not change the bits.</summary>
        private void Take(ReadOnlySpan<float> row, Span<double> shifted)
        {
            var node = 0;
            for (; node + Vector<float>.Count <= width; node += Vector<float>.Count)
            {
                var values = new Vector<float>(row[node..]);
                Vector.Widen(values, out var low, out var high);
                Take(low, node, shifted);
                Take(high, node + Vector<double>.Count, shifted);
                var active = _active.AsSpan(node);
                (new Vector<int>(active) - Vector.GreaterThan(values, Vector<float>.Zero)).CopyTo(active);
            }

            for (; node < width; node++)
            {
                var value = row[node] - _shift[node];
                shifted[node] = value;
                _sums[node] += value;
                _squares[node] += value * value;
                if (row[node] > 0)
                    _active[node]++;
            }
        }

        private void Take(Vector<double> values, int node, Span<double> shifted)
        {
            var sums = _sums.AsSpan(node);
            var squares = _squares.AsSpan(node);
            values -= new Vector<double>(_shift, node);
            values.CopyTo(shifted[node..]);
            (new Vector<double>(sums) + values).CopyTo(sums);
            (new Vector<double>(squares) + (values * values)).CopyTo(squares);
        }

        internal double[] Variances(int samples)
        {
            var variances = new double[width];
            for (var node = 0; node < width; node++)
                variances[node] = Math.Max(0, (_squares[node] - (_sums[node] * _sums[node] / samples)) / samples);
            return variances;
        }

        private void SetShift(ReadOnlySpan<float> chunk, int rows)
        {
            for (var node = 0; node < width; node++)
            {
                var sum = 0.0;
                for (var row = 0; row < rows; row++)
                    sum += chunk[(row * width) + node];
                _shift[node] = sum / rows;
            }
        }
    }
}
