using System.Buffers.Binary;
using Understudy.Data;

namespace Understudy.UnitTests.Data.Formats;

/// <summary>Damages files in many ways and checks that a reader answers each with a result or a sentence, in bounded memory.</summary>
internal static class Damage
{
    /// <summary>Reads <paramref name="cases"/> damaged copies of <paramref name="original"/>.</summary>
    /// <param name="original">A file the reader accepts.</param>
    /// <param name="read">Reads the file; anything but success or <see cref="UnreadableFileException"/> fails the test.</param>
    /// <param name="cases">How many copies.</param>
    /// <param name="memory">The most bytes one reading may allocate.</param>
    internal static void IsAlwaysAnswered(byte[] original, Action<byte[]> read, int cases = 400, long memory = 4 << 20)
    {
        read(original);
        ulong state = 20_260_101;
        for (int index = 0; index < cases; index++)
        {
            var damaged = Copy(original, index, ref state);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(damaged);
            }
            catch (UnreadableFileException exception)
            {
                Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
                Assert.True(exception.Message.Length < 600, exception.Message);
            }

            long used = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(used < memory, $"case {index} allocated {used} bytes");
        }
    }

    private static byte[] Copy(byte[] original, int index, ref ulong state)
    {
        if (index % 4 == 0)
            return original[..Below(original.Length, ref state)];
        var copy = (byte[])original.Clone();
        int changes = 1 + Below(3, ref state);
        for (int change = 0; change < changes; change++)
        {
            // Headers decide what a reader does, so half of the damage falls there.
            int place = Below(index % 2 == 0 ? copy.Length : Math.Min(copy.Length, 160), ref state);
            if (index % 4 == 3 && place + 4 <= copy.Length)
                BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(place), Hostile(Below(6, ref state)));
            else
                copy[place] ^= (byte)(1 << Below(8, ref state));
        }

        return copy;
    }

    private static uint Hostile(int kind) => kind switch
    {
        0 => 0,
        1 => uint.MaxValue,
        2 => int.MaxValue,
        3 => 0x80000000,
        4 => 0xFFFFFF7F,
        _ => 0x00FFFF00,
    };

    private static int Below(int limit, ref ulong state)
    {
        state = (state * 6364136223846793005) + 1442695040888963407;
        return (int)((state >> 33) % (ulong)Math.Max(limit, 1));
    }
}
