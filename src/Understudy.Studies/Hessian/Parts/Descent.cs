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
    private const int Chunk = 500;

    private readonly TrainPlan _plan;
    private long _step;

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
        for (var i = 0; i < students.Count; i++)
        {
            var (examples, start, rate, batches) = students[i];
            _plan.SetParameters(i, start);
            _plan.SetLearningRate(i, rate);
            _plan.SetBatches(i, batches);
            if (precision == DType.F64)
                _plan.SetSamples(i, _plan.AddTable(examples.Inputs, examples.InputWidth), _plan.AddTable(examples.Targets, examples.TargetWidth));
            else
                _plan.SetSamples(i, _plan.AddTable(Single(examples.Inputs), examples.InputWidth), _plan.AddTable(Single(examples.Targets), examples.TargetWidth));
        }
    }

    /// <summary>Trains several shapes together up to a step, their students shared out over the threads.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    internal static void RunTo(long step, IReadOnlyList<Descent> all, Team team, CancellationToken cancellation, Action<long>? progress = null)
    {
        while (all.Any(one => one._step < step))
        {
            var next = Math.Min(step, all.Min(one => one._step) + Chunk);
            TrainPlan.RunAll([.. all.Select(one => (one._plan, one._step, (int)Math.Max(0, next - one._step)))], team, cancellation);
            cancellation.ThrowIfCancellationRequested();
            foreach (var one in all)
                one._step = Math.Max(one._step, next);
            progress?.Invoke(next);
        }
    }

    /// <summary>θ of a student.</summary>
    internal double[] Parameters(int student)
    {
        var flat = new double[_plan.ParameterCount];
        _plan.GetParameters(student, flat);
        return flat;
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private static float[] Single(ReadOnlySpan<double> values)
    {
        var single = new float[values.Length];
        for (var i = 0; i < single.Length; i++)
            single[i] = (float)values[i];
        return single;
    }
}
