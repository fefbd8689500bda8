namespace Understudy.Data.Formats;

/// <summary>The binary format of CIFAR: records of a label and a picture of 32 x 32 in red, green and blue planes; those of CIFAR-100 have a coarse label in front of the fine one.</summary>
public static class CifarBinary
{
    /// <summary>Bytes of one record of CIFAR-10.</summary>
    public const int RecordLength = 1 + (3 * Plane);

    private const int Plane = 32 * 32;

    /// <summary>Reads all records of a file of CIFAR-10.</summary>
    /// <param name="stream">A seekable stream, read from its beginning.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <returns>The pictures [count, 32, 32, 3], channels innermost, and one label from 0 to 9 for each.</returns>
    /// <exception cref="UnreadableFileException">The file does not consist of whole records, or a label is above 9.</exception>
    public static (byte[] Pictures, byte[] Labels) Read(Stream stream, string path) => Read(stream, path, labels: 1, classes: 10);

    /// <summary>Reads all records of a file of CIFAR-100 with their fine labels.</summary>
    /// <param name="stream">A seekable stream, read from its beginning.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <returns>The pictures [count, 32, 32, 3], channels innermost, and one label from 0 to 99 for each.</returns>
    /// <exception cref="UnreadableFileException">The file does not consist of whole records, or a label is above 99.</exception>
    public static (byte[] Pictures, byte[] Labels) ReadFine(Stream stream, string path) => Read(stream, path, labels: 2, classes: 100);

    /// <summary>Writes records from a picture whose rows are the pictures of 32 x 32, pixel after pixel.</summary>
    internal static void WriteFromRows(Stream stream, Raster rows, ReadOnlySpan<byte> labels)
    {
        var record = new byte[RecordLength];
        for (int index = 0; index < rows.Height; index++)
        {
            var row = rows.Row(index);
            record[0] = labels[index];
            for (int pixel = 0; pixel < Plane; pixel++)
            {
                record[1 + pixel] = row[3 * pixel];
                record[1 + Plane + pixel] = row[(3 * pixel) + 1];
                record[1 + (2 * Plane) + pixel] = row[(3 * pixel) + 2];
            }

            stream.Write(record);
        }
    }

    /// <summary>Records of some labels, the last of which counts, and a picture.</summary>
    private static (byte[] Pictures, byte[] Labels) Read(Stream stream, string path, int labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(path);
        stream.Position = 0;
        var length = labels + (3 * Plane);
        if (stream.Length == 0 || stream.Length % length != 0)
            throw new UnreadableFileException(path, $"{stream.Length} bytes are not a whole number of records of {length}; the file was cut off or is not one of CIFAR-{classes}.");
        int count = checked((int)(stream.Length / length));
        var pictures = new byte[checked(count * 3 * Plane)];
        var told = new byte[count];
        var record = new byte[length];
        for (int index = 0; index < count; index++)
        {
            ExactReading.Fill(stream, record, path, $"record {index}");
            told[index] = record[labels - 1] < classes
                ? record[labels - 1]
                : throw new UnreadableFileException(path, $"record {index} has the label {record[labels - 1]}, but the labels go from 0 to {classes - 1}.");
            var picture = pictures.AsSpan(index * 3 * Plane, 3 * Plane);
            for (int pixel = 0; pixel < Plane; pixel++)
            {
                picture[3 * pixel] = record[labels + pixel];
                picture[(3 * pixel) + 1] = record[labels + Plane + pixel];
                picture[(3 * pixel) + 2] = record[labels + (2 * Plane) + pixel];
            }
        }

        return (pictures, told);
    }
}
