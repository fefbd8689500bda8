using Understudy.Data.Formats;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>What a stage of part images has in training.</summary>
internal interface IImageStage : IDisposable
{
    /// <summary>All that is trained, at the same steps.</summary>
    IReadOnlyList<ChannelTraining> Trainings { get; }

    /// <summary>Prepares the images of an epoch, before its steps; the same epoch may be begun again.</summary>
    /// <param name="epoch">Epochs done.</param>
    void BeginEpoch(int epoch);

    /// <summary>Measures and records what is due after an epoch; epoch 0 is before training.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="step">Steps of the part done.</param>
    /// <returns>The numbers that matter, by name; empty where nothing was due.</returns>
    (string Name, double Value)[] Evaluate(int epoch, long step);

    /// <summary>What a checkpoint keeps.</summary>
    IEnumerable<Tensor> ToTensors();

    /// <summary>Goes on from a checkpoint.</summary>
    void Restore(IReadOnlyDictionary<string, Tensor> tensors);
}
