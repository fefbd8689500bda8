using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization;

/// <summary>Measures students with several hidden layers beside their teacher; one thread at a time.</summary>
internal sealed class LayerProbe : IDisposable
{
    private const int ChunkRows = 512;
    private const int MostRanks = 5;
    private const double PublishedOffset = 1e-7;

    private readonly Mlp _student;
    private readonly ForwardPass _teacherPass;
    private readonly ForwardPass _studentPass;
    private readonly LayerCorrelations _correlations;
    private readonly DistillationLoss _objective;
    private readonly Sym _logits;
    private readonly Plan _normalizer;
    private readonly double? _offset;
    private readonly float[] _outputs;
    private readonly float[] _logSums;

    /// <summary>Makes room for students of one shape.</summary>
    /// <param name="teacher">The teacher's network.</param>
    /// <param name="student">Theirs.</param>
    /// <param name="objective">The loss that is measured.</param>
    /// <param name="isPublished">Whether 1e-7 is added to the variances behind a correlation, as in the published code.</param>
    internal LayerProbe(Mlp teacher, Mlp student, DistillationLoss objective, bool isPublished = false)
    {
        (_student, _objective, _offset) = (student, objective, isPublished ? PublishedOffset : null);
        _teacherPass = ForwardPass.Compile(teacher, ChunkRows);
        _studentPass = ForwardPass.Compile(student, ChunkRows);
        _correlations = new LayerCorrelations(teacher, student);
        // by the engine, whose exponential has the same bits on every machine
        _logits = Ops.Input("logits", ChunkRows, student.Widths[^1]);
        _normalizer = Plan.Compile([Ops.LogSumExp(_logits)], new PlanOptions { Precision = DType.F32 });
        (_outputs, _logSums) = (new float[_logits.Shape.Count], new float[ChunkRows]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _teacherPass.Dispose();
        _studentPass.Dispose();
        _normalizer.Dispose();
    }

    /// <summary>Loss, agreement and correlations over inputs [N, d].</summary>
    internal LayerMeasurement Measure(ReadOnlySpan<double> teacher, ReadOnlySpan<double> student, ReadOnlySpan<float> inputs)
    {
        _teacherPass.SetParameters(teacher);
        _studentPass.SetParameters(student);
        var d = _student.Widths[0];
        var (count, sum) = (inputs.Length / d, 0.0);
        var agreeing = new int[Math.Min(MostRanks, _student.Widths[^1])];
        for (var first = 0; first < count; first += ChunkRows)
        {
            var rows = inputs.Slice(first * d, Math.Min(ChunkRows, count - first) * d);
            _teacherPass.Run(rows);
            _studentPass.Run(rows);
            _correlations.Add(_teacherPass, _studentPass);
            Normalize();
            for (var row = 0; row < rows.Length / d; row++)
                sum += Loss(row, agreeing);
        }

        return new LayerMeasurement(
            sum / count, [.. agreeing.Select(samples => (double)samples / count)], [.. _correlations.Layers.Select(layer => layer.Correlations(_offset))],
            [.. _correlations.Layers.Select(layer => layer.ActiveStudent.ToArray())]);
    }

    /// <summary>The mean loss over given targets, [N, C].</summary>
    internal double LossOn(ReadOnlySpan<double> student, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        _studentPass.SetParameters(student);
        var (d, outputs) = (_student.Widths[0], _student.Widths[^1]);
        var (count, sum) = (inputs.Length / d, 0.0);
        for (var first = 0; first < count; first += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, count - first);
            _studentPass.Run(inputs.Slice(first * d, rows * d));
            Normalize();
            for (var row = 0; row < rows; row++)
                sum += Loss(row, targets.Slice((first + row) * outputs, outputs), _studentPass.Output.Slice(row * outputs, outputs));
        }

        return sum / count;
    }

    private double Loss(int row, int[] agreeing)
    {
        var outputs = _student.Widths[^1];
        var target = _teacherPass.Output.Slice(row * outputs, outputs);
        var output = _studentPass.Output.Slice(row * outputs, outputs);
        for (var rank = Rank(output, LayeredNetworks.Largest(target)); rank < agreeing.Length; rank++)
            agreeing[rank]++;
        return Loss(row, target, output);
    }

    /// <summary>How many outputs come before one in order of size, the first of equals first.</summary>
    private static int Rank(ReadOnlySpan<float> output, int index)
    {
        var rank = 0;
        for (var c = 0; c < output.Length; c++)
            rank += output[c] > output[index] || (output[c] == output[index] && c < index) ? 1 : 0;
        return rank;
    }

    private double Loss(int row, ReadOnlySpan<float> target, ReadOnlySpan<float> output)
    {
        if (_objective == DistillationLoss.CrossEntropy)
            return _logSums[row] - output[LayeredNetworks.Largest(target)];
        var sum = 0.0;
        for (var c = 0; c < target.Length; c++)
            sum += ((double)target[c] - output[c]) * ((double)target[c] - output[c]);
        return sum / target.Length;
    }

    /// <summary>log Σ exp of the outputs of every row of the student's last run.</summary>
    private void Normalize()
    {
        if (_objective != DistillationLoss.CrossEntropy)
            return;
        _studentPass.Output.CopyTo(_outputs);
        _normalizer.Write(_logits, _outputs);
        _normalizer.Run();
        _normalizer.Read(0, _logSums);
    }
}

/// <summary>One student on the evaluation set.</summary>
/// <param name="Loss">The mean of the descended loss.</param>
/// <param name="AgreementWithin">Share of samples at which the teacher's largest output is among the student's 1, 2, …, 5 largest.</param>
/// <param name="Correlations">[teacher × student] of every hidden layer.</param>
/// <param name="ActiveStudents">Samples at which each student node of every hidden layer is active.</param>
internal sealed record LayerMeasurement(double Loss, double[] AgreementWithin, CorrelationMatrix[] Correlations, int[][] ActiveStudents)
{
    /// <summary>Share of samples with the same largest output.</summary>
    internal double Agreement => AgreementWithin[0];
}
