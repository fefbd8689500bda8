using Understudy.Data.Cache;
using Understudy.Data.Formats;

namespace Understudy.Data.Datasets;

/// <summary>What the readers of data sets share.</summary>
internal static class DatasetFiles
{
    internal static FileStream Open(string path, string set)
        => File.Exists(path)
            ? File.OpenRead(path)
            : throw new UnreadableFileException(path, $"the file is missing; fetch the set: understudy data get {set}.");

    internal static byte[] Join(List<byte[]> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        var whole = new byte[checked(parts.Sum(part => part.Length))];
        int place = 0;
        foreach (var part in parts)
        {
            part.CopyTo(whole, place);
            place += part.Length;
        }

        return whole;
    }

    /// <summary>Reads a split of a set in the files and the layout of MNIST.</summary>
    internal static ImageSet LoadIdx(string folder, Split split, string set)
    {
        string prefix = split == Split.Train ? "train" : "t10k";
        var images = Read(Path.Combine(folder, $"{prefix}-images-idx3-ubyte"), set, rank: 3);
        var labels = Read(Path.Combine(folder, $"{prefix}-labels-idx1-ubyte"), set, rank: 1);
        var classes = DatasetManifest.Default.Find(set).Classes;
        if (images.Shape[0] != labels.Shape[0] || images.Shape[1] == 0 || images.Shape[2] == 0)
            throw new UnreadableFileException(Path.Combine(folder, labels.Name), $"{labels.Shape[0]} labels do not fit {images.Shape[0]} pictures of {images.Shape[1]} x {images.Shape[2]}.");
        if (labels.Bytes.ContainsAnyExceptInRange((byte)0, (byte)(classes.Count - 1)))
            throw new UnreadableFileException(Path.Combine(folder, labels.Name), $"a label is above {classes.Count - 1}.");
        return new ImageSet(images.Shape[1], images.Shape[2], 1, images.Bytes.ToArray(), labels.Bytes.ToArray(), classes);
    }

    private static Tensor Read(string path, string set, int rank)
    {
        if (!File.Exists(path) && File.Exists(path + ".gz"))
            path += ".gz";
        using var stream = Open(path, set);
        var tensor = Idx.Read(stream, path);
        return tensor.Type == Engine.DType.U8 && tensor.Shape.Count == rank
            ? tensor
            : throw new UnreadableFileException(path, $"an array of bytes with {rank} extents is needed, but this one has {tensor.Shape.Count} and holds {tensor.Type}.");
    }
}
