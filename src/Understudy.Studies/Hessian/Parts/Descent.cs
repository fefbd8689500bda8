using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>Gradient descent of networks of one shape, each on examples of its own.</summary>
internal sealed class Descent : IDisposable
{
    // as many as a plan does between two looks at a request to stop: a chunk is done or not begun
    private const int Chunk = 250;

    private readonly TrainPlan _plan;
    private bool _isBehind;

    /// <summary>Puts the networks at their starts.</summary>
    /// <param name="network">Their shape.</param>
    /// <param name="loss">What is descended.</param>
    /// <param name="batch">Samples per step; 0 for all.</param>
    /// <param name="precision">The type of the training.</param>
    /// <param name="students">Examples, start, learning rate and the random numbers of the batches of each.</param>
    /// <param name="layout">How they lie in memory: a question of speed alone.</param>
    internal Descent(
        INetwork network, TrainingLoss loss, int batch, DType precision, IReadOnlyList<(ExampleSet Examples, double[] Start, double Rate, RandomSequence Batches)> students,
        ReplicaLayout layout = ReplicaLayout.Automatic)
    {
        _plan = TrainPlan.Compile(new TrainOptions
        {
            Student = network,
            Loss = loss,
            Batch = batch == 0 ? students[0].Examples.Count : batch,
            // all examples in another order are the same batch
            Source = BatchSource.Shuffled,
            Replicas = students.Count,
            Precision = precision,
            Layout = layout,
        });
        var tables = new Dictionary<ExampleSet, (RowTable Inputs, RowTable Targets)>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < students.Count; i++)
        {
            var (examples, start, rate, batches) = students[i];
            if (!tables.TryGetValue(examples, out var own))
                tables[examples] = own = (Table(examples.Inputs, examples.InputWidth), Table(examples.Targets, examples.TargetWidth));
            _plan.SetParameters(i, start);
            _plan.SetLearningRate(i, rate);
            _plan.SetBatches(i, batches);
            _plan.SetSamples(i, own.Inputs, own.Targets);
        }

        RowTable Table(ReadOnlySpan<double> rows, int width) => precision == DType.F64 ? _plan.AddTable(rows, width) : _plan.AddTable(Single(rows), width);
    }

    /// <summary>Steps done.</summary>
    internal long Step { get; private set; }

    /// <summary>How many networks there are.</summary>
    internal int Students => _plan.Replicas;

    /// <summary>The length of θ.</summary>
    internal int Size => _plan.ParameterCount;

    /// <summary>Trains several shapes together up to a step, their students shared out over the threads.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    internal static void RunTo(long step, IReadOnlyList<Descent> all, Team team, CancellationToken cancellation, Action<long>? progress = null)
    {
        while (all.Any(one => one.Step < step))
        {
            var next = Math.Min(step, all.Min(one => one.Step) + Chunk);
            if (TrainPlan.RunAll([.. all.Select(one => (one._plan, one.Step, (int)Math.Max(0, next - one.Step)))], team, cancellation))
            {
                foreach (var one in all)
                    one.Step = Math.Max(one.Step, next);
                progress?.Invoke(next);
            }

            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Goes to where it was when its run stopped.</summary>
    internal void Continue(long step, ReadParameters parameters)
    {
        for (var student = 0; student < Students; student++)
            _plan.SetParameters(student, parameters(student));
        (Step, _isBehind) = (step, false);
    }

    /// <summary>Marks it as trained by an earlier process only: its parameters are not here.</summary>
    internal void LeaveBehind() => _isBehind = true;

    /// <summary>θ of a student.</summary>
    /// <exception cref="InvalidOperationException">It was left behind.</exception>
    internal double[] Parameters(int student)
    {
        if (_isBehind)
            throw new InvalidOperationException("A descent that an earlier process finished is read where that process did not read it.");
        var flat = new double[_plan.ParameterCount];
        _plan.GetParameters(student, flat);
        return flat;
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    /// <summary>θ of a student, written down before.</summary>
    internal delegate ReadOnlySpan<double> ReadParameters(int student);

    private static float[] Single(ReadOnlySpan<double> values)
    {
        var single = new float[values.Length];
        for (var i = 0; i < single.Length; i++)
            single[i] = (float)values[i];
        return single;
    }
}
