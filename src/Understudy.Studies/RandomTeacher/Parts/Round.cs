using Understudy.Lab.Runs;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>One training with its measurements, in the order in which they are due.</summary>
internal sealed class Round
{
    private readonly string _name;
    private readonly int _steps;
    private readonly double _trainingSeconds;
    private readonly MeasuringTask[] _tasks;

    /// <param name="name">The word of its checkpoints and tables.</param>
    /// <param name="steps">Steps of the training.</param>
    /// <param name="trainingSeconds">What it takes on one thread.</param>
    /// <param name="tasks">The measurements.</param>
    internal Round(string name, int steps, double trainingSeconds, IEnumerable<MeasuringTask> tasks)
        => (_name, _steps, _trainingSeconds, _tasks) = (name, steps, trainingSeconds, [.. tasks.OrderBy(task => task.TrainingSteps)]);

    /// <summary>Does what is still to be done, and leaves a checkpoint of its end.</summary>
    internal void Run(ITraining training, RunContext run, PartProgress progress, CancellationToken cancellation)
    {
        var checkpoint = run.Restore(_name);
        if (checkpoint is not null)
            training.Restore(checkpoint.Tensors);
        var all = _trainingSeconds + _tasks.Sum(task => task.Seconds);
        IReadOnlyList<(string, double)> values = [];
        for (var unit = (int)(checkpoint?.Step ?? 0); unit < _tasks.Length; unit++)
        {
            var (task, measured) = (_tasks[unit], _tasks.Take(unit).Sum(one => one.Seconds));
            double Done() => ((_trainingSeconds * training.Step / _steps) + measured) / all;
            void Trained()
            {
                run.Checkpoint(_name, unit, training.State);
                progress(Done(), $"{_name}: step {training.Step:N0} of {_steps:N0}", values);
            }

            training.RunTo(task.TrainingSteps, Trained, cancellation);
            cancellation.ThrowIfCancellationRequested();
            progress(Done(), $"{_name}: {task.Words}", values);
            if (task.Do(unit + 1, cancellation) is { Count: > 0 } seen)
                values = seen;
            run.Checkpoint(_name, unit + 1, training.State, force: unit == _tasks.Length - 1);
        }
    }
}
