using System.Globalization;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

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

    internal static IReadOnlyList<KnownAnswer> Take(Invocation invocation) =>
    [
        RandomWords(),
        Training("training, F32", DType.F32, invocation.Threads, 10077715782873688029),
        Training("training, F64", DType.F64, invocation.Threads, 926103049925045125),
    ];

    /// <summary>Eight words of purpose "doctor", replica 3, step 7; computed by an independent program in Python.</summary>
    private static KnownAnswer RandomWords()
    {
        const string Expected = "07364da8 c5212b5e 4669517c 7110d9c2 8151a625 a61c3d42 bee9558b 2a2cd70b";
        var words = new uint[8];
        new RandomSequence(Seed, "doctor", 3).Fill(7, words);
        return new KnownAnswer("random numbers", Expected, string.Join(' ', words.Select(word => word.ToString("x8", CultureInfo.InvariantCulture))));
    }

    /// <summary>300 steps of 19 small students: the bits every processor and any number of threads must give.</summary>
    private static KnownAnswer Training(string name, DType precision, int threads, ulong expected)
    {
        const int Students = 19;
        var network = Mlp.LeakyRelu(0.1, 7, 5, 3);
        using var team = new Team(threads);
        using var plan = TrainPlan.Compile(new TrainOptions { Student = network, Batch = 8, Replicas = Students, Precision = precision });
        for (var student = 0; student < Students; student++)
        {
            plan.SetParameters(student, [.. Normals("init", student, network.Layout.Count).Select(value => 0.5 * value)]);
            plan.SetLearningRate(student, 0.05);
            plan.SetSamples(student, plan.AddTable(Normals("inputs", student, 40 * 7), 7), plan.AddTable(Normals("targets", student, 40 * 3), 3));
            plan.SetBatches(student, new RandomSequence(1, "batch", student));
        }
        plan.Run(0, 300, team);
        // FNV-1a over the bits of all parameters
        var hash = 14695981039346656037UL;
        var parameters = new double[plan.ParameterCount];
        for (var student = 0; student < Students; student++)
        {
            plan.GetParameters(student, parameters);
            foreach (var value in parameters)
                hash = unchecked((hash ^ BitConverter.DoubleToUInt64Bits(value)) * 1099511628211UL);
        }
        return new KnownAnswer(name, Hex(expected), Hex(hash));
    }

    private static double[] Normals(string purpose, int replica, int count)
    {
        var values = new double[count];
        new RandomSequence(1, purpose, replica).FillNormal(0, values);
        return values;
    }

    private static string Hex(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);
}
