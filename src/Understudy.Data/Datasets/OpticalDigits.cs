namespace Understudy.Data.Datasets;

/// <summary>The 1,797 handwritten digits of 8 x 8 in 17 grey values that come with the program.</summary>
/// <remarks>
/// The test part of "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak, 1998, from the UCI Machine Learning Repository,
/// which lists it under the Creative Commons Attribution 4.0 International licence; here as text, one image per line.
/// </remarks>
public static class OpticalDigits
{
    /// <summary>The grey value of white ink.</summary>
    public const int Largest = 16;

    private const int Extent = 8;
    private const string Digits = "0123456789abcdefg";

    /// <summary>All images, in the order of their publication; grey values run from 0 to <see cref="Largest"/>.</summary>
    public static ImageSet Load()
    {
        var (images, labels) = (new List<byte>(), new List<byte>());
        using var reader = new StreamReader(typeof(OpticalDigits).Assembly.GetManifestResourceStream("digits8x8.txt")!);
        while (reader.ReadLine() is { } line)
        {
            foreach (var digit in line.AsSpan(0, Extent * Extent))
                images.Add((byte)Digits.IndexOf(digit, StringComparison.Ordinal));
            labels.Add((byte)(line[^1] - '0'));
        }

        return new ImageSet(Extent, Extent, 1, [.. images], [.. labels], ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }
}
