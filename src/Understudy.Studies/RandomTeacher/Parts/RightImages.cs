using Understudy.Data.Formats;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Which test images a probe puts into their class, a bit for each: image i is bit i mod 8 of byte i / 8.</summary>
internal static class RightImages
{
    internal const string Lin = "lin";
    internal const string LinStd = "lin-std";
    internal const string Ridge = "ridge";
    internal const string Knn = "knn";

    /// <summary>The arrays of a part, one for each row of its probes, by the row's step.</summary>
    internal static string Array(string table) => $"{table}.right";

    /// <summary>The bits of predictions.</summary>
    internal static Tensor Pack(string probe, IReadOnlyList<int> predictions, ReadOnlySpan<int> labels)
    {
        var bits = new byte[(labels.Length + 7) / 8];
        for (var i = 0; i < labels.Length; i++)
            bits[i / 8] |= (byte)(predictions[i] == labels[i] ? 1 << (i % 8) : 0);
        return Tensor.Of(probe, bits, bits.Length);
    }

    /// <summary>First less second on every image: 1 where only the first is right, −1 where only the second is.</summary>
    internal static sbyte[] Differences(Tensor first, Tensor second, int images)
    {
        var differences = new sbyte[images];
        for (var i = 0; i < images; i++)
            differences[i] = (sbyte)(Bit(first, i) - Bit(second, i));
        return differences;
    }

    private static int Bit(Tensor bits, int image) => (bits.Bytes[image / 8] >> (image % 8)) & 1;
}
