using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization;

/// <summary>Measures students of one width; one thread at a time.</summary>
internal sealed class StudentProbe : IDisposable
{
    private const int ChunkRows = 500;
    private const double PublishedOffset = 1e-10;

    private readonly Mlp _student;
    private readonly int _teacherNodes;
    private readonly ForwardPass _forward;
    private readonly CorrelationAccumulator _correlations;
    private readonly float[] _errors;
    private readonly bool _isPublished;

    /// <summary>Makes room for students of one width.</summary>
    /// <param name="student">Their network.</param>
    /// <param name="teacherNodes">m.</param>
    /// <param name="isPublished">Whether 1e-10 is added to the sums of squares behind a correlation, as in the published code.</param>
    internal StudentProbe(Mlp student, int teacherNodes, bool isPublished = false)
    {
        (_student, _teacherNodes, _isPublished) = (student, teacherNodes, isPublished);
        _forward = ForwardPass.Compile(student, ChunkRows, DType.F32);
        _correlations = new CorrelationAccumulator(teacherNodes, student.Widths[1]);
        _errors = new float[ChunkRows * student.Widths[^1]];
    }

    /// <inheritdoc/>
    public void Dispose() => _forward.Dispose();

    /// <summary>Loss and correlations on evaluation samples.</summary>
    internal Measurement Measure(ReadOnlySpan<double> flat, LabelledSamples samples)
    {
        _forward.SetParameters(flat);
        _correlations.Clear();
        var sum = 0.0;
        for (var first = 0; first < samples.Count; first += ChunkRows)
        {
            var rows = Forward(samples, first);
            sum += SumOfSquaredErrors(samples, first, rows);
            _correlations.Add(TeacherHidden(samples, first, rows), _forward.Hidden(0)[..(rows * _student.Widths[1])]);
        }

        return new Measurement(sum / samples.Targets.Length, Correlations(), _correlations.ActiveStudent.ToArray(), samples.Count);
    }

    /// <summary>Loss, gradients, correlations and observation on training samples.</summary>
    internal TrainMeasurement MeasureTraining(ReadOnlySpan<double> flat, LabelledSamples samples, bool withProducts = false)
    {
        var nodes = _student.Widths[1];
        _forward.SetParameters(flat);
        _correlations.Clear();
        var observation = new ObservationCounter(_teacherNodes, nodes);
        var fanOut = Floats(_student.Layout.Slots[2].Of(flat));
        var moments = new StudentMoments(_student.Widths[0], _teacherNodes, nodes, _student.Widths[^1], withProducts);
        var (sum, largest) = (0.0, new double[samples.Count]);
        for (var first = 0; first < samples.Count; first += ChunkRows)
        {
            var rows = Forward(samples, first);
            sum += SumOfSquaredErrors(samples, first, rows);
            var teacher = TeacherHidden(samples, first, rows);
            var student = _forward.Hidden(0)[..(rows * nodes)];
            _correlations.Add(teacher, student);
            observation.Add(teacher, student);
            moments.Add(
                samples.Inputs.AsSpan(first * _student.Widths[0], rows * _student.Widths[0]), teacher, _forward.PreActivation(0), student,
                _errors.AsSpan(0, rows * _student.Widths[^1]), fanOut, _student.Activation);
            ResidualGradient.Largest(
                _errors.AsSpan(0, rows * _student.Widths[^1]), fanOut, _forward.PreActivation(0)[..(rows * nodes)], _student.Activation, largest.AsSpan(first, rows));
        }

        return new TrainMeasurement(sum / samples.Targets.Length, Quantiles.Of(largest), Correlations(), observation, moments);
    }

    private CorrelationMatrix Correlations() => _correlations.Correlations(_isPublished ? PublishedOffset / _correlations.Samples : null);

    private int Forward(LabelledSamples samples, int first)
    {
        var (rows, d) = (Math.Min(ChunkRows, samples.Count - first), _student.Widths[0]);
        _forward.Run(samples.Inputs.AsSpan(first * d, rows * d));
        return rows;
    }

    private ReadOnlySpan<float> TeacherHidden(LabelledSamples samples, int first, int rows)
        => samples.TeacherHidden.AsSpan(first * _teacherNodes, rows * _teacherNodes);

    private double SumOfSquaredErrors(LabelledSamples samples, int first, int rows)
    {
        var outputs = _student.Widths[^1];
        var targets = samples.Targets.AsSpan(first * outputs, rows * outputs);
        var output = _forward.Output;
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            var error = targets[i] - output[i];
            _errors[i] = error;
            sum += (double)error * error;
        }

        return sum;
    }

    private static float[] Floats(ReadOnlySpan<double> values)
    {
        var floats = new float[values.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = (float)values[i];
        return floats;
    }
}
