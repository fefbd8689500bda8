using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Replicas of one convolutional network in training, and what has to be remembered of them between steps.</summary>
internal sealed class ChannelTraining : IDisposable
{
    /// <summary>Beyond this the activations of a network without normalizations are not finite for certain.</summary>
    private const double LargestParameter = 1e12;

    private readonly TrainPlan _plan;
    private readonly double[][] _optimizers;

    /// <summary>Compiles a step.</summary>
    /// <param name="network">In training mode.</param>
    /// <param name="training">How it is trained.</param>
    /// <param name="loss">What is descended.</param>
    /// <param name="precision">What it is computed in.</param>
    /// <param name="initial">Parameters of each replica, which become those of the training.</param>
    internal ChannelTraining(LayeredNetwork network, ImagesTrainingConfig training, TrainingLoss loss, TrainingPrecision precision, double[][] initial)
    {
        (Network, Parameters) = (network, initial);
        _plan = TrainPlan.Compile(new TrainOptions
        {
            Student = network,
            Loss = loss,
            Batch = training.Batch,
            Replicas = initial.Length,
            Precision = precision.ToType(),
            Optimizer = new Optimizer { Rule = training.Optimizer, Momentum = training.Momentum, WeightDecay = training.WeightDecay },
            Source = BatchSource.Shuffled,
        });
        _optimizers = [.. initial.Select(_ => new double[_plan.OptimizerCount])];
        for (var replica = 0; replica < initial.Length; replica++)
        {
            _plan.SetParameters(replica, initial[replica]);
            _plan.GetOptimizer(replica, _optimizers[replica]);
        }
    }

    internal LayeredNetwork Network { get; }

    /// <summary>Flat parameters of each replica after the last steps.</summary>
    internal double[][] Parameters { get; }

    internal int Count => Parameters.Length;

    internal TrainPlan Plan => _plan;

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    /// <summary>Takes in rows that replicas of any training may share.</summary>
    internal RowTable Table(ReadOnlySpan<float> rows, int width) => _plan.AddTable(rows, width);

    internal void SetSamples(int replica, RowTable inputs, RowTable targets, RandomSequence batches)
    {
        _plan.SetSamples(replica, inputs, targets);
        _plan.SetBatches(replica, batches);
    }

    /// <summary>Sets the learning rate of all replicas.</summary>
    internal void SetRate(double rate)
    {
        for (var replica = 0; replica < Count; replica++)
            _plan.SetLearningRate(replica, rate);
    }

    /// <summary>Takes parameters and what the optimizers carry after steps.</summary>
    internal void Take()
    {
        for (var replica = 0; replica < Count; replica++)
        {
            _plan.GetParameters(replica, Parameters[replica]);
            _plan.GetOptimizer(replica, _optimizers[replica]);
        }
    }

    internal bool IsDiverged(int replica) => _plan.Status(replica).IsDiverged || Array.Exists(Parameters[replica], value => !(Math.Abs(value) <= LargestParameter));

    /// <summary>Parameters with statistics of batch normalizations measured over images [N, h·w·c], for evaluation mode.</summary>
    internal double[] Folded(int replica, ReadOnlySpan<double> images) => Folded(Network, Parameters[replica], images);

    /// <summary>The same of any parameters.</summary>
    internal static double[] Folded(LayeredNetwork network, double[] parameters, ReadOnlySpan<double> images)
        => ChannelNetworks.Folded(network, parameters, Recalibration.Measure(network, images, parameters, new RecalibrationOptions { Precision = DType.F32, BatchRows = ChannelPass.Rows }));

    internal IEnumerable<Tensor> ToTensors(string name)
    {
        yield return Stack($"{name}.parameters", Parameters);
        if (_plan.OptimizerCount > 0)
            yield return Stack($"{name}.optimizer", _optimizers);
    }

    internal void Restore(string name, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Unstack(tensors[$"{name}.parameters"], Parameters);
        if (_plan.OptimizerCount > 0)
            Unstack(tensors[$"{name}.optimizer"], _optimizers);
        for (var replica = 0; replica < Count; replica++)
        {
            _plan.SetParameters(replica, Parameters[replica]);
            _plan.SetOptimizer(replica, _optimizers[replica]);
        }
    }

    /// <summary>Vectors of one length as a tensor.</summary>
    internal static Tensor Stack(string name, double[][] vectors) => Tensor.Of(name, vectors.SelectMany(vector => vector).ToArray(), vectors.Length, vectors[0].Length);

    /// <summary>Reads vectors back from such a tensor.</summary>
    internal static void Unstack(Tensor tensor, double[][] vectors)
    {
        for (var i = 0; i < vectors.Length; i++)
            tensor.Doubles.Slice(i * vectors[i].Length, vectors[i].Length).CopyTo(vectors[i]);
    }
}
