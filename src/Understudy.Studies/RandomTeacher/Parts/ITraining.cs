using Understudy.Data.Formats;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>A training that is measured at moments and goes on where a run stopped.</summary>
internal interface ITraining
{
    /// <summary>Steps done.</summary>
    int Step { get; }

    /// <summary>Trains up to a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="done">Called now and then.</param>
    /// <param name="cancellation">Looked at as often.</param>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    void RunTo(int step, Action done, CancellationToken cancellation);

    /// <summary>All it needs to go on.</summary>
    IReadOnlyList<Tensor> State();

    /// <summary>Goes to where a run stopped.</summary>
    void Restore(IReadOnlyDictionary<string, Tensor> tensors);
}
