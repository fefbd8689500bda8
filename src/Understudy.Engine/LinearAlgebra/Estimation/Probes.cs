using Understudy.Engine.Random;

namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>Random vectors that are addressed by their index, so that a block of them holds the same numbers as its vectors one by one.</summary>
internal sealed class Probes(ProbeDistribution distribution, ulong seed, int size)
{
    private const int SignsPerWord = 32;

    private readonly RandomSequence _random = new(seed, "estimation/probes");
    private readonly uint[] _words = new uint[distribution == ProbeDistribution.Rademacher ? (size + SignsPerWord - 1) / SignsPerWord : 0];

    /// <summary>Writes the probes first, first + 1 … as rows.</summary>
    internal void Fill(long first, Span<double> vectors)
    {
        for (int start = 0; start < vectors.Length; start += size)
            FillOne(first++, vectors.Slice(start, size));
    }

    private void FillOne(long index, Span<double> vector)
    {
        if (distribution == ProbeDistribution.Rademacher)
        {
            _random.Fill(index, _words);
            for (int i = 0; i < vector.Length; i++)
                vector[i] = (_words[i / SignsPerWord] >> (i % SignsPerWord) & 1) == 0 ? 1 : -1;
            return;
        }

        _random.FillNormal(index, vector);
        if (distribution == ProbeDistribution.Sphere)
            Rescale(vector, vector.Length);
    }

    /// <summary>Gives a vector the squared length that is asked for; a vector of zeros stays.</summary>
    internal static void Rescale(Span<double> vector, double squaredLength)
    {
        double square = RowAlgebra.Dot(vector, vector);
        if (square > 0)
            RowAlgebra.Scale(Math.Sqrt(squaredLength / square), vector);
    }
}
