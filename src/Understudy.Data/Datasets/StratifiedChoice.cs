using Understudy.Engine.Random;

namespace Understudy.Data.Datasets;

/// <summary>Draws that leave every class its share.</summary>
internal static class StratifiedChoice
{
    /// <summary>Places of some labels in ascending order: of every class its share, rounded down, and one more where the remainders are largest.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="count">How many places.</param>
    /// <param name="random">Decides which; class c has step c.</param>
    internal static int[] Of(ReadOnlySpan<byte> labels, int classes, int count, RandomSequence random)
    {
        var places = Places(labels, classes);
        var quotas = new int[classes];
        var remainders = new long[classes];
        var left = count;
        for (var c = 0; c < classes; c++)
        {
            var share = (long)places[c].Count * count;
            (quotas[c], remainders[c]) = labels.Length == 0 ? (0, 0) : ((int)(share / labels.Length), share % labels.Length);
            left -= quotas[c];
        }

        // sorting is stable: of equal remainders the first class comes first
        foreach (var c in Enumerable.Range(0, classes).OrderByDescending(c => remainders[c]).Take(left))
            quotas[c]++;
        return Of(places, quotas, random);
    }

    /// <summary>Places in ascending order, of every class as many as are asked for.</summary>
    internal static int[] Of(IReadOnlyList<IReadOnlyList<int>> places, ReadOnlySpan<int> quotas, RandomSequence random)
    {
        var chosen = new List<int>();
        for (var c = 0; c < quotas.Length; c++)
        {
            var order = new int[places[c].Count];
            random.FillPermutation(c, order);
            foreach (var at in order.AsSpan(0, quotas[c]))
                chosen.Add(places[c][at]);
        }

        chosen.Sort();
        return [.. chosen];
    }

    private static List<int>[] Places(ReadOnlySpan<byte> labels, int classes)
    {
        var places = new List<int>[classes];
        for (var c = 0; c < classes; c++)
            places[c] = [];
        for (var i = 0; i < labels.Length; i++)
            places[labels[i]].Add(i);
        return places;
    }
}
