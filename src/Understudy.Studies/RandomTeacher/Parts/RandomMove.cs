using Understudy.Engine.Random;
using Understudy.Learning.Networks;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>A random direction that is as long in every tensor as a given change.</summary>
internal static class RandomMove
{
    /// <summary>The direction [P], normal within each tensor.</summary>
    /// <param name="layout">The tensors.</param>
    /// <param name="from">One end of the change.</param>
    /// <param name="to">The other end.</param>
    /// <param name="random">Random numbers by the place of a tensor.</param>
    internal static double[] Of(ParameterLayout layout, double[] from, double[] to, Func<int, RandomSequence> random)
    {
        var direction = new double[layout.Count];
        foreach (var (i, slot) in layout.Slots.Index())
        {
            var own = slot.Of(direction.AsSpan());
            random(i).FillNormal(0, own);
            var (norm, wanted) = (Distances.Norm(own), Distances.Between(slot.Of<double>(from), slot.Of<double>(to)));
            foreach (ref var value in own)
                value *= wanted / norm;
        }

        return direction;
    }
}
