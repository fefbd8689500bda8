using System.Buffers.Binary;
using Understudy.Data;
using Understudy.Data.Datasets;
using Understudy.Data.Formats;

namespace Understudy.UnitTests.Data.Datasets;

public sealed class LoadingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Cifar_records_become_pictures_with_channels_innermost()
    {
        for (int batch = 1; batch <= 5; batch++)
            Write($"data_batch_{batch}.bin", Record(label: (byte)batch, seed: batch));

        var images = Cifar10.Load(_folder, Split.Train);

        Assert.Equal((5, 32, 32, 3), (images.Count, images.Height, images.Width, images.Channels));
        Assert.Equal([1, 2, 3, 4, 5], images.Labels.ToArray());
        Assert.Equal("truck", images.ClassNames[9]);
        var record = Record(2, 2);
        for (int pixel = 0; pixel < 1024; pixel++)
        {
            for (int channel = 0; channel < 3; channel++)
                Assert.Equal(record[1 + (channel * 1024) + pixel], images.Image(1)[(pixel * 3) + channel]);
        }
    }

    [Fact]
    public void A_cifar_file_that_is_cut_off_or_mislabelled_is_refused()
    {
        string path = Write("test_batch.bin", Record(3, 1)[..^1]);
        Assert.Equal(
            $"{path}: 3072 bytes are not a whole number of records of 3073; the file was cut off or is not one of CIFAR-10.",
            Assert.Throws<UnreadableFileException>(() => Cifar10.Load(_folder, Split.Test)).Message);

        Write("test_batch.bin", Record(10, 1));
        Assert.Contains("record 0 has the label 10", Assert.Throws<UnreadableFileException>(() => Cifar10.Load(_folder, Split.Test)).Message, StringComparison.Ordinal);
        Formats.Damage.IsAlwaysAnswered(Record(3, 1), bytes => CifarBinary.Read(new MemoryStream(bytes), "x"), 100);
    }

    [Fact]
    public void Idx_files_become_pictures_of_one_channel()
    {
        WriteIdx("train", count: 3, labels: 3);

        var images = Mnist.Load(_folder, Split.Train);

        Assert.Equal((3, 2, 4, 1), (images.Count, images.Height, images.Width, images.Channels));
        Assert.Equal([16, 17, 18, 19, 20, 21, 22, 23], images.Image(2).ToArray());
        Assert.Equal([0, 1, 2], images.Labels.ToArray());
        Assert.Equal("sandal", FashionMnist.Load(_folder, Split.Train).ClassNames[5]);
    }

    [Fact]
    public void Labels_must_fit_the_pictures_and_the_files_must_be_there()
    {
        WriteIdx("train", count: 3, labels: 4);

        Assert.Contains("4 labels do not fit 3 pictures of 2 x 4", Assert.Throws<UnreadableFileException>(() => Mnist.Load(_folder, Split.Train)).Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "the file is missing; fetch the set: understudy data get mnist.",
            Assert.Throws<UnreadableFileException>(() => Mnist.Load(_folder, Split.Test)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Chosen_pictures_keep_their_labels()
    {
        WriteIdx("train", count: 5, labels: 5);
        var images = Mnist.Load(_folder, Split.Train);

        var chosen = images.Select([4, 0, 4]);

        Assert.Equal([4, 0, 4], chosen.Labels.ToArray());
        Assert.Equal(images.Image(4).ToArray(), chosen.Image(2).ToArray());
        Assert.Equal(images.Image(1).ToArray(), images.First(2).Image(1).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => images.First(6));
    }

    private static byte[] Record(byte label, int seed)
        => [label, .. Enumerable.Range(0, 3072).Select(i => (byte)((i * 31) + (seed * 7) + (i / 256)))];

    private static byte[] Header(byte rank, params int[] shape)
    {
        byte[] header = [0, 0, 8, rank, .. new byte[4 * rank]];
        for (int axis = 0; axis < rank; axis++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * axis)), shape[axis]);
        return header;
    }

    private void WriteIdx(string prefix, int count, int labels)
    {
        Write($"{prefix}-images-idx3-ubyte", [.. Header(3, count, 2, 4), .. Enumerable.Range(0, count * 8).Select(i => (byte)i)]);
        Write($"{prefix}-labels-idx1-ubyte", [.. Header(1, labels), .. Enumerable.Range(0, labels).Select(i => (byte)i)]);
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
