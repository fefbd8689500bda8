using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>A student at the end of its distillation, as the start of what follows: in the part that trained it, or after the run is finished.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Teachers">Its teacher is the one of its seed.</param>
/// <param name="Parameters">θ_S.</param>
/// <param name="Statistics">The running statistics of its batch normalizations; null where it has none.</param>
internal sealed record TrainedStudent(int Seed, Teachers Teachers, double[] Parameters, IReadOnlyList<ChannelStatistics>? Statistics)
{
    /// <summary>The shape of student and teacher, in training mode.</summary>
    internal ProjectedEncoder Network => Teachers.Network;
}
