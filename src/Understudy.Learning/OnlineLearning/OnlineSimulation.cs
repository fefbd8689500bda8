using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Learning.OnlineLearning;

/// <summary>A student that learns from a teacher with few samples per step, fresh ones unless told otherwise: what the equations of the order parameters describe for many inputs.</summary>
/// <remarks>
/// Samples are addressed by their step, so that a simulation goes on from any step to the same bits. A step costs O(B·(K + M)·N) and allocates nothing.
/// </remarks>
public sealed class OnlineSimulation
{
    private const int StepsBetweenLooks = 256;

    private readonly OnlineLearningOptions _options;
    private readonly Committee _teacher;
    private readonly RandomSequence _samples;
    private readonly RandomSequence _choices;
    private readonly float[] _batch;
    private readonly double[] _errors;
    private readonly double[] _outputs;
    private readonly double[] _slopes;

    /// <summary>A simulation at step 0.</summary>
    /// <param name="options">What is learned how.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="student">The student; it is changed in place.</param>
    /// <param name="samples">Inputs and label noise: of sample b of step t at address t·B + b, of a finite training set at the number of the sample.</param>
    /// <param name="choices">Which sample of a finite training set comes, at address t·B + b.</param>
    /// <exception cref="ArgumentException">The networks have different inputs, or a finite training set has no choices.</exception>
    public OnlineSimulation(OnlineLearningOptions options, Committee teacher, Committee student, RandomSequence samples, RandomSequence? choices = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        if (student.Inputs != teacher.Inputs)
            throw new ArgumentException($"A student of {student.Inputs} inputs cannot learn from a teacher of {teacher.Inputs}.", nameof(student));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, nameof(options));
        if (options.TrainingSamples is not null && choices is null)
            throw new ArgumentException("A finite training set needs random numbers to choose from it.", nameof(choices));
        (_options, _teacher, Student, _samples, _choices) = (options, teacher, student, samples, choices ?? samples);
        // the number behind the inputs is the noise of the label
        _batch = new float[checked(options.Batch * (student.Inputs + 1))];
        _errors = new double[options.Batch];
        _outputs = new double[options.Batch * student.Nodes];
        _slopes = new double[options.Batch * student.Nodes];
    }

    /// <summary>The student as it is now.</summary>
    public Committee Student { get; }

    /// <summary>Samples seen.</summary>
    public long Step { get; private set; }

    /// <summary>Advances every simulation to the same step, on all threads.</summary>
    /// <remarks>When cancelled each stops at a step of its own; all can go on from there.</remarks>
    /// <returns>Whether all arrived.</returns>
    public static bool RunAll(IReadOnlyList<OnlineSimulation> simulations, long untilStep, Team team, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(simulations);
        ArgumentNullException.ThrowIfNull(team);
        team.Run(simulations.Count, simulation => simulations[simulation].Run(untilStep, cancellation));
        return simulations.All(simulation => simulation.Step >= untilStep);
    }

    /// <summary>Goes on to a step, or stops early when cancelled.</summary>
    public void Run(long untilStep, CancellationToken cancellation)
    {
        while (Step < untilStep && !cancellation.IsCancellationRequested)
        {
            for (var end = Math.Min(untilStep, Step + StepsBetweenLooks); Step < end; Step++)
                Learn();
        }
    }

    /// <summary>The order parameters of the student and its teacher now.</summary>
    public OrderParameters Measure() => OrderParameters.Of(Student, _teacher);

    /// <summary>Puts the simulation where another one was.</summary>
    /// <param name="step">Samples seen.</param>
    /// <param name="weights">The student's weights, [nodes, inputs].</param>
    /// <param name="fanOut">Its output weights.</param>
    public void Restore(long step, ReadOnlySpan<float> weights, ReadOnlySpan<double> fanOut)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        weights.CopyTo(Student.Weights);
        fanOut.CopyTo(Student.FanOut);
        Step = step;
    }

    private void Learn()
    {
        for (var b = 0; b < _options.Batch; b++)
            _errors[b] = Look(b);
        var root = Math.Sqrt(Student.Inputs);
        var keep = (float)(1 - (_options.WeightDecay / Student.Inputs));
        for (var k = 0; k < Student.Nodes; k++)
        {
            var weight = Student.Weight(k);
            if (_options.WeightDecay > 0)
            {
                foreach (ref var w in weight)
                    w *= keep;
            }

            var mean = 0.0;
            for (var b = 0; b < _options.Batch; b++)
            {
                var at = (b * Student.Nodes) + k;
                Add((float)(-_options.LearningRate / root / _options.Batch * Student.FanOut[k] * _slopes[at] * _errors[b]), Inputs(b), weight);
                mean += _outputs[at] * _errors[b] / _options.Batch;
            }

            if (_options.OutputLearningRate > 0)
                Student.FanOut[k] -= ((_options.OutputLearningRate * mean) + (_options.WeightDecay * Student.FanOut[k])) / Student.Inputs;
        }
    }

    /// <summary>Draws a sample of the batch; returns φ − y and keeps g and g′ of the student's nodes.</summary>
    private double Look(int b)
    {
        var sample = _batch.AsSpan(b * (Student.Inputs + 1), Student.Inputs + 1);
        _samples.FillNormal(Address(b), sample);
        var root = Math.Sqrt(Student.Inputs);
        var x = Inputs(b);
        var error = -_options.Noise * sample[^1];
        for (var n = 0; n < _teacher.Nodes; n++)
            error -= _teacher.FanOut[n] * Activation(Dot(_teacher.Weight(n), x) / root);
        for (var k = 0; k < Student.Nodes; k++)
        {
            var (field, at) = (Dot(Student.Weight(k), x) / root, (b * Student.Nodes) + k);
            (_outputs[at], _slopes[at]) = (Activation(field), Slope(field));
            error += Student.FanOut[k] * _outputs[at];
        }

        return error;
    }

    private Span<float> Inputs(int b) => _batch.AsSpan(b * (Student.Inputs + 1), Student.Inputs);

    private long Address(int b)
    {
        var address = (Step * _options.Batch) + b;
        if (_options.TrainingSamples is not { } samples)
            return address;
        Span<int> index = stackalloc int[1];
        _choices.FillIndices(address, samples, index);
        return index[0];
    }

    private double Activation(double field) => Value(_options.Activation, field);

    /// <summary>g of a local field.</summary>
    internal static double Value(FieldActivation activation, double field) => activation switch
    {
        FieldActivation.Erf => ScalarFunctions.Erf(field * 0.70710678118654752),
        FieldActivation.Relu => Math.Max(field, 0),
        _ => field,
    };

    private double Slope(double field) => _options.Activation switch
    {
        // √(2/π)
        FieldActivation.Erf => 0.79788456080286536 * ScalarFunctions.Exp(-0.5 * field * field),
        FieldActivation.Relu => field > 0 ? 1 : 0,
        _ => 1,
    };

    /// <summary>Sums in 32 fixed lanes, so that register width does not change the bits.</summary>
    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var a = MemoryMarshal.Cast<float, Vector256<float>>(x);
        var b = MemoryMarshal.Cast<float, Vector256<float>>(y)[..a.Length];
        var (s0, s1, s2, s3) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var block = 0;
        for (; block + 4 <= a.Length; block += 4)
        {
            s0 += a[block] * b[block];
            s1 += a[block + 1] * b[block + 1];
            s2 += a[block + 2] * b[block + 2];
            s3 += a[block + 3] * b[block + 3];
        }

        for (; block < a.Length; block++)
            s0 += a[block] * b[block];
        var (lanes, sum) = (s0 + s1 + (s2 + s3), 0.0);
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
            sum += lanes[lane];
        for (var i = a.Length * Vector256<float>.Count; i < x.Length; i++)
            sum += (double)x[i] * y[i];
        return sum;
    }

    private static void Add(float factor, ReadOnlySpan<float> x, Span<float> y)
    {
        var a = MemoryMarshal.Cast<float, Vector256<float>>(x);
        var b = MemoryMarshal.Cast<float, Vector256<float>>(y)[..a.Length];
        var factors = Vector256.Create(factor);
        for (var block = 0; block < a.Length; block++)
            b[block] += factors * a[block];
        for (var i = a.Length * Vector256<float>.Count; i < x.Length; i++)
            y[i] += factor * x[i];
    }
}
