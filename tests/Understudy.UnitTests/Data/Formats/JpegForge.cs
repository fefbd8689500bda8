namespace Understudy.UnitTests.Data.Formats;

/// <summary>Writes grey baseline JPEG files of given coefficients, in the plainest way: every symbol has a code of nine bits, its own number.</summary>
internal static class JpegForge
{
    private static readonly int[] Order = [.. Enumerable.Range(0, 64).OrderBy(at => (at / 8) + (at % 8)).ThenBy(at => ((at / 8) + (at % 8)) % 2 == 0 ? at % 8 : at / 8)];

    /// <summary>A file of one row of blocks.</summary>
    /// <param name="blocks">Each [8, 8], frequencies down and across.</param>
    /// <param name="step">What every coefficient is multiplied by.</param>
    internal static byte[] Row(int[][] blocks, byte step)
    {
        byte[] codes = [0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, .. Enumerable.Range(0, 255).Select(symbol => (byte)symbol)];
        return
        [
            0xFF, 0xD8, .. Segment(0xDB, [0, .. Enumerable.Repeat(step, 64)]), .. Segment(0xC4, [0x00, .. codes]), .. Segment(0xC4, [0x10, .. codes]),
            .. Segment(0xC0, [8, 0, 8, 0, (byte)(8 * blocks.Length), 1, 1, 0x11, 0]), .. Segment(0xDA, [1, 1, 0x00, 0, 63, 0]), .. Data(blocks), 0xFF, 0xD9,
        ];
    }

    internal static byte[] Segment(byte marker, byte[] content) => [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static List<byte> Data(int[][] blocks)
    {
        var bits = new List<bool>();
        void Put(int value, int count)
        {
            for (var bit = count - 1; bit >= 0; bit--)
                bits.Add((value >> bit & 1) == 1);
        }

        void Number(int run, int value)
        {
            var size = value == 0 ? 0 : (int)Math.Log2(Math.Abs(value)) + 1;
            Put((run << 4) | size, 9);
            Put(value < 0 ? value + (1 << size) - 1 : value, size);
        }

        var mean = 0;
        foreach (var block in blocks)
        {
            Number(0, block[0] - mean);
            mean = block[0];
            var run = 0;
            foreach (var at in Order.Skip(1))
            {
                if (block[at] == 0)
                {
                    run++;
                    continue;
                }

                for (; run > 15; run -= 16)
                    Number(15, 0);
                Number(run, block[at]);
                run = 0;
            }

            if (run > 0)
                Number(0, 0);
        }

        while (bits.Count % 8 != 0)
            bits.Add(true);
        var bytes = new List<byte>();
        for (var at = 0; at < bits.Count; at += 8)
        {
            var next = (byte)Enumerable.Range(0, 8).Sum(bit => bits[at + bit] ? 128 >> bit : 0);
            bytes.Add(next);
            if (next == 0xFF)
                bytes.Add(0);
        }

        return bytes;
    }
}
