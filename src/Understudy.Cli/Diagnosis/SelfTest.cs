using System.Globalization;
using Understudy.Engine.Random;

namespace Understudy.Cli.Diagnosis;

/// <summary>A question with a known answer, and the answer of this machine.</summary>
internal sealed record KnownAnswer(string Name, string Expected, string Given)
{
    /// <summary>Whether the two are equal.</summary>
    internal bool IsRight => Expected == Given;
}

/// <summary>What every machine must compute alike.</summary>
internal static class SelfTest
{
    private const ulong Seed = 0x299f31d0_a4093822;

    internal static IReadOnlyList<KnownAnswer> Take(Invocation invocation) => [RandomWords()];

    /// <summary>Eight words of purpose "doctor", replica 3, step 7; computed by an independent program in Python.</summary>
    private static KnownAnswer RandomWords()
    {
        const string Expected = "07364da8 c5212b5e 4669517c 7110d9c2 8151a625 a61c3d42 bee9558b 2a2cd70b";
        var words = new uint[8];
        new RandomSequence(Seed, "doctor", 3).Fill(7, words);
        return new KnownAnswer("random numbers", Expected, string.Join(' ', words.Select(word => word.ToString("x8", CultureInfo.InvariantCulture))));
    }
}
