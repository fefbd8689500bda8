using Understudy.Data.Formats;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Copies of one student as it was at moments that are looked for while it is trained: one for each rule, which goes when a better moment comes.</summary>
/// <remarks>They are part of what a training keeps to go on, so that a resumed run has the same ones. Each has 4 bytes for a parameter (8 in double precision), in memory and in every checkpoint.</remarks>
/// <param name="wanted">The rules.</param>
/// <param name="name">The word its tensors begin with.</param>
internal sealed class KeptMoments(IReadOnlyList<StudentMoment> wanted, string name)
{
    private readonly SortedDictionary<StudentMoment, MomentCopy> _copies = [];

    /// <summary>The copies there are, in the order of the rules.</summary>
    internal IReadOnlyList<MomentCopy> Copies => [.. _copies.Values];

    /// <summary>Takes a copy where the rule is wanted and the moment is better than all before.</summary>
    /// <param name="moment">The rule.</param>
    /// <param name="value">What it goes by; of no number there is no copy.</param>
    /// <param name="trainingSteps">Steps done.</param>
    /// <param name="student">The student as it is now.</param>
    internal void Offer(StudentMoment moment, double value, int trainingSteps, Student student)
    {
        if (!wanted.Contains(moment) || double.IsNaN(value) || (_copies.TryGetValue(moment, out var before) && !(moment == StudentMoment.LeastRank ? value < before.Value : value > before.Value)))
            return;
        _copies[moment] = new MomentCopy(moment, trainingSteps, value, StudentTensors.Tensor(Name(moment, Parameters), student.Parameters(), student.Plan.Precision), student.Statistics());
    }

    /// <summary>The student by a rule.</summary>
    /// <exception cref="KeyNotFoundException">No moment was offered for it.</exception>
    internal MomentCopy Of(StudentMoment moment) => _copies[moment];

    /// <summary>All copies, for a checkpoint.</summary>
    internal IEnumerable<Tensor> State()
    {
        foreach (var (moment, copy) in _copies)
        {
            yield return copy.Tensor;
            yield return Tensor.Of(Name(moment, Place), [copy.TrainingSteps, copy.Value], 2);
            foreach (var (i, channels) in copy.Statistics.Index())
            {
                yield return Tensor.Of(Name(moment, $"{Mean}{i}"), channels.Mean.ToArray(), channels.Mean.Length);
                yield return Tensor.Of(Name(moment, $"{Variance}{i}"), channels.Variance.ToArray(), channels.Variance.Length);
            }
        }
    }

    /// <summary>The copies of a checkpoint, in place of those there are.</summary>
    internal void Restore(IReadOnlyDictionary<string, Tensor> tensors)
    {
        _copies.Clear();
        foreach (var moment in wanted)
        {
            // nothing was offered yet
            if (!tensors.TryGetValue(Name(moment, Parameters), out var parameters))
                continue;
            var place = tensors[Name(moment, Place)].Doubles;
            var statistics = new List<ChannelStatistics>();
            while (tensors.TryGetValue(Name(moment, $"{Mean}{statistics.Count}"), out var mean))
                statistics.Add(new ChannelStatistics(mean.Doubles, tensors[Name(moment, $"{Variance}{statistics.Count}")].Doubles));
            _copies[moment] = new MomentCopy(moment, (int)place[0], place[1], parameters, statistics);
        }
    }

    private const string Parameters = "parameters";

    private const string Place = "place";

    private const string Mean = "mean";

    private const string Variance = "variance";

    private string Name(StudentMoment moment, string what) => $"{name}.{PartNames.Of(moment)}.{what}";
}

/// <summary>A student as it was.</summary>
/// <param name="Moment">The rule it was chosen by.</param>
/// <param name="TrainingSteps">Steps done.</param>
/// <param name="Value">What the rule goes by.</param>
/// <param name="Tensor">θ_S in the precision of its training.</param>
/// <param name="Statistics">The running statistics of its batch normalizations.</param>
internal sealed record MomentCopy(StudentMoment Moment, int TrainingSteps, double Value, Tensor Tensor, IReadOnlyList<ChannelStatistics> Statistics)
{
    /// <summary>θ_S.</summary>
    internal double[] Parameters() => StudentTensors.Of(Tensor);
}
