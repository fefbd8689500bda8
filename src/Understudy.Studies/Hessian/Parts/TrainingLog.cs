using Understudy.Data.Formats;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>The training of a part, written down often enough that a run which stops in its middle goes on from there.</summary>
/// <remarks>
/// A part trains and reads parameters in an order that depends on its settings alone. A resumed run repeats the calls: those that were finished do nothing, parameters that were read are the
/// ones written down, and the call that was interrupted continues where its descents were. Plain descent has no other state than parameters and the number of the step.
/// </remarks>
internal sealed class TrainingLog
{
    private readonly RunContext _run;
    private readonly string _part;
    private readonly Checkpoint? _restored;
    private readonly List<double[]> _reads = [];
    private int _read;
    private int _call;

    /// <summary>Takes up what is written down.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part's word.</param>
    internal TrainingLog(RunContext run, string part)
    {
        (_run, _part) = (run, $"{part}-training");
        _restored = run.Restore(_part);
        for (var i = 0; _restored is not null && _restored.Tensors.TryGetValue($"read{i}", out var tensor); i++)
            _reads.Add(tensor.Doubles.ToArray());
    }

    /// <summary>Trains several shapes together up to a step, their students shared out over the threads.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    internal void RunTo(long step, IReadOnlyList<Descent> all, CancellationToken cancellation, Action<long>? progress = null)
    {
        var call = _call++;
        if (_restored is not null && call < _restored.Step)
        {
            foreach (var descent in all)
                descent.LeaveBehind();
            return;
        }

        if (_restored is not null && call == _restored.Step)
        {
            for (var i = 0; i < all.Count; i++)
                all[i].Continue((long)_restored.Tensors["steps"].Doubles[i], student => _restored.Tensors[$"student{i}.{student}"].Doubles);
        }

        Descent.RunTo(step, all, _run.Team, cancellation, done =>
        {
            _run.Checkpoint(_part, call, () => State(all));
            progress?.Invoke(done);
        });
    }

    /// <summary>θ of a student where it is now.</summary>
    internal double[] Parameters(Descent descent, int student)
    {
        if (_read++ < _reads.Count)
            return _reads[_read - 1];
        _reads.Add(descent.Parameters(student));
        return _reads[^1];
    }

    private List<Tensor> State(IReadOnlyList<Descent> all)
    {
        var tensors = new List<Tensor> { Tensor.Of("steps", all.Select(descent => (double)descent.Step).ToArray(), all.Count) };
        foreach (var (i, descent) in all.Index())
        {
            for (var student = 0; student < descent.Students; student++)
                tensors.Add(Tensor.Of($"student{i}.{student}", descent.Parameters(student), descent.Size));
        }

        foreach (var (i, vector) in _reads.Index())
            tensors.Add(Tensor.Of($"read{i}", vector, vector.Length));
        return tensors;
    }
}
