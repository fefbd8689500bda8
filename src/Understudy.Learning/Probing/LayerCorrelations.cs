using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Learning.Probing;

/// <summary>Correlations of every hidden layer of a teacher with the same layer of a student, chunk by chunk.</summary>
/// <remarks>O(N·Σ m_l n_l); see <see cref="CorrelationAccumulator"/>. Not for several threads at once.</remarks>
public sealed class LayerCorrelations
{
    private readonly CorrelationAccumulator[] _layers;

    /// <summary>Accumulators for two networks of one depth.</summary>
    /// <exception cref="ArgumentException">The networks differ in depth, or have no hidden layer.</exception>
    public LayerCorrelations(Mlp teacher, Mlp student)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        if (teacher.Layers != student.Layers)
            throw new ArgumentException($"Layers are compared one to one, but the teacher has {teacher.Layers} and the student {student.Layers}.", nameof(student));
        if (teacher.Layers < 2)
            throw new ArgumentException("A network without hidden layers has nothing to correlate.", nameof(teacher));
        _layers = [.. Enumerable.Range(1, teacher.Layers - 1).Select(layer => new CorrelationAccumulator(teacher.Widths[layer], student.Widths[layer]))];
    }

    /// <summary>The hidden layers, from the inputs up.</summary>
    public IReadOnlyList<CorrelationAccumulator> Layers => _layers;

    /// <summary>Takes what the last runs of both networks, on the same rows, did in their hidden layers.</summary>
    public void Add(ForwardPass teacher, ForwardPass student)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        for (var layer = 0; layer < _layers.Length; layer++)
            _layers[layer].Add(teacher.Hidden(layer), student.Hidden(layer));
    }
}
