using Understudy.Engine;
using Understudy.Lab.Claims;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;

namespace Understudy.Studies.Specialization;

/// <summary>Measures a convolutional student beside its teacher; one thread at a time.</summary>
/// <remarks>Every position of every image is a sample of a correlation; specification section 1.3.</remarks>
internal sealed class ChannelProbe : IDisposable
{
    private const double PublishedOffset = 1e-7;

    private readonly ChannelPass _teacher;
    private readonly ChannelPass _student;
    private readonly DistillationLoss _objective;
    private readonly double? _offset;
    private readonly CorrelationAccumulator[] _layers;

    /// <summary>Compiles both networks.</summary>
    /// <param name="teacher">The teacher's network.</param>
    /// <param name="student">Of the same depth.</param>
    /// <param name="teacherChannels">Channels of each convolution of the teacher.</param>
    /// <param name="studentChannels">And of the student.</param>
    /// <param name="objective">The loss that is measured.</param>
    /// <param name="isPublished">Whether 1e-7 is added to the variances behind a correlation, as in the published code.</param>
    internal ChannelProbe(
        LayeredNetwork teacher, LayeredNetwork student, IReadOnlyList<int> teacherChannels, IReadOnlyList<int> studentChannels, DistillationLoss objective, bool isPublished)
    {
        (_teacher, _student) = (new ChannelPass(teacher, keepsChannels: true), new ChannelPass(student, keepsChannels: true));
        (_objective, _offset) = (objective, isPublished ? PublishedOffset : null);
        _layers = [.. teacherChannels.Zip(studentChannels, (m, n) => new CorrelationAccumulator(m, n))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _teacher.Dispose();
        _student.Dispose();
    }

    /// <summary>Measures once over images.</summary>
    /// <param name="teacher">Its parameters with folded statistics.</param>
    /// <param name="student">Likewise.</param>
    /// <param name="pixels">[N, h·w·c].</param>
    /// <param name="labels">[N].</param>
    internal ChannelMeasurement Measure(ReadOnlySpan<double> teacher, ReadOnlySpan<double> student, ReadOnlySpan<float> pixels, ReadOnlySpan<byte> labels)
    {
        _teacher.SetParameters(teacher);
        _student.SetParameters(student);
        foreach (var layer in _layers)
            layer.Clear();
        var (width, loss, agreeing, right) = (pixels.Length / labels.Length, 0.0, 0, 0);
        for (var first = 0; first < labels.Length; first += ChannelPass.Rows)
        {
            var rows = pixels.Slice(first * width, Math.Min(ChannelPass.Rows, labels.Length - first) * width);
            _teacher.Run(rows);
            _student.Run(rows);
            for (var layer = 0; layer < _layers.Length; layer++)
                _layers[layer].Add(_teacher.Channels(layer), _student.Channels(layer));
            for (var row = 0; row < _student.Filled; row++)
            {
                var target = _teacher.Output(row);
                var output = _student.Output(row);
                var answer = LayeredNetworks.Largest(output);
                loss += Loss(target, output);
                agreeing += answer == LayeredNetworks.Largest(target) ? 1 : 0;
                right += answer == labels[first + row] ? 1 : 0;
            }
        }

        double count = labels.Length;
        return new ChannelMeasurement(loss / count, agreeing / count, right / count, [.. _layers.Select(layer => new ChannelLayer(layer.Correlations(_offset)))]);
    }

    private double Loss(ReadOnlySpan<float> target, ReadOnlySpan<float> output)
    {
        var sum = 0.0;
        if (_objective == DistillationLoss.Mse)
        {
            for (var c = 0; c < target.Length; c++)
                sum += ((double)target[c] - output[c]) * ((double)target[c] - output[c]);
            return sum / target.Length;
        }

        double largest = output[LayeredNetworks.Largest(output)];
        // by the engine's functions, which have the same bits on every machine
        foreach (var value in output)
            sum += ScalarFunctions.Exp(value - largest);
        return largest + ScalarFunctions.Log(sum) - output[LayeredNetworks.Largest(target)];
    }
}

/// <summary>One student on test images.</summary>
/// <param name="Loss">The mean of the descended loss.</param>
/// <param name="Agreement">Share of images with the teacher's largest output.</param>
/// <param name="Accuracy">Share of images with the true label.</param>
/// <param name="Layers">By convolution.</param>
internal sealed record ChannelMeasurement(double Loss, double Agreement, double Accuracy, ChannelLayer[] Layers);

/// <summary>The channels of a convolution of teacher and student beside each other.</summary>
internal sealed class ChannelLayer(CorrelationMatrix correlations)
{
    /// <summary>By signed correlation.</summary>
    internal SpecializationStatistics Signed { get; } = SpecializationStatistics.Of(correlations);

    /// <summary>Student channels that do not vary.</summary>
    internal int Constant => Enumerable.Range(0, correlations.StudentNodes).Count(correlations.IsConstantStudent);

    /// <summary>best_j of every teacher channel; not a number for those that do not vary.</summary>
    internal double[] Best()
    {
        var best = Signed.Best.ToArray();
        return [.. best.Select((value, j) => Signed.IsObserved(j) ? value : double.NaN)];
    }

    /// <summary>The median of best_j over the teacher channels that vary.</summary>
    internal double MedianBest() => Best().Where(double.IsFinite).ToArray() is { Length: > 0 } best ? Statistics.Median(best) : double.NaN;

    /// <summary>The mean over teacher channels that vary of the largest |ρ|.</summary>
    internal double MeanBestSize()
    {
        var (sum, count) = (0.0, 0);
        for (var j = 0; j < correlations.TeacherNodes; j++)
        {
            if (!Signed.IsObserved(j))
                continue;
            var largest = 0.0;
            foreach (var value in correlations.OfTeacher(j))
                largest = Math.Max(largest, Math.Abs(value));
            (sum, count) = (sum + largest, count + 1);
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
