using Understudy.Data.Formats;
using Understudy.Engine.Threading;

namespace Understudy.Data.Datasets;

/// <summary>A picture on the disk.</summary>
/// <param name="Name">Its path below the folder of the set, with slashes.</param>
/// <param name="Label">Its class.</param>
internal readonly record struct PictureFile(string Name, byte Label);

/// <summary>Reads PNG and JPEG files of one size into sets of pictures.</summary>
/// <param name="folder">The folder of the set.</param>
/// <param name="digest">Gets every file that is read.</param>
/// <param name="team">Threads for decoding; null for the caller's alone.</param>
internal sealed class PictureFiles(string folder, ContentDigest digest, Team? team)
{
    // so many files are in memory at once, and so many are one piece of work
    private const int Block = 256, Piece = 8;

    private const int Rgb = 3;

    private int _width;
    private int _height;
    private string _first = "";
    private bool _isGrey = true;

    /// <summary>The files as pictures with three channels; <see cref="Set"/> makes a set of them.</summary>
    /// <exception cref="UnreadableFileException">A file is damaged or has another size than the first one; it is named.</exception>
    internal byte[] Read(IReadOnlyList<PictureFile> files)
    {
        var pictures = Array.Empty<byte>();
        var (contents, rasters, problems) = (new byte[Block][], new Raster?[Block], new UnreadableFileException?[Block]);
        for (var start = 0; start < files.Count; start += Block)
        {
            var count = Math.Min(Block, files.Count - start);
            for (var i = 0; i < count; i++)
            {
                contents[i] = InputFile.Read(PathOf(files[start + i]), ExactReading.ToEnd);
                digest.Add(files[start + i].Name, contents[i]);
            }

            Decode(files, start, count, contents, rasters, problems);
            for (var i = 0; i < count; i++)
            {
                if (problems[i] is { } problem)
                    throw problem;
                Check(files[start + i], rasters[i]!);
                if (pictures.Length == 0)
                    pictures = Allocate(files.Count);
                Copy(rasters[i]!, pictures.AsSpan(checked((start + i) * _width * _height * Rgb)));
            }
        }

        return pictures;
    }

    /// <summary>A set of pictures that were read: with one channel where all files were grey, otherwise with three.</summary>
    internal ImageSet Set(byte[] pictures, IReadOnlyList<PictureFile> files, IReadOnlyList<string> classNames)
        => new(_height, _width, _isGrey ? 1 : Rgb, _isGrey ? Grey(pictures) : pictures, [.. files.Select(file => file.Label)], classNames);

    private static byte[] Grey(byte[] pictures)
    {
        var grey = new byte[pictures.Length / Rgb];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = pictures[Rgb * i];
        return grey;
    }

    private string PathOf(PictureFile file) => Path.Combine(folder, file.Name);

    private void Decode(IReadOnlyList<PictureFile> files, int start, int count, byte[][] contents, Raster?[] rasters, UnreadableFileException?[] problems)
    {
        void Run(int piece)
        {
            for (var i = piece * Piece; i < Math.Min(count, (piece + 1) * Piece); i++)
            {
                (rasters[i], problems[i]) = (null, null);
                try
                {
                    rasters[i] = Decode(contents[i], PathOf(files[start + i]));
                }
                catch (UnreadableFileException problem)
                {
                    problems[i] = problem;
                }
            }
        }

        var pieces = (count + Piece - 1) / Piece;
        if (team is not null)
        {
            team.Run(pieces, Run);
            return;
        }

        for (var piece = 0; piece < pieces; piece++)
            Run(piece);
    }

    // by content: a file is not always what its name says
    private static Raster Decode(byte[] content, string path)
    {
        using var stream = new MemoryStream(content, writable: false);
        if (content.AsSpan().StartsWith(PngFile.Signature))
            return Png.Read(stream, path);
        return content is [0xFF, 0xD8, ..] ? Jpeg.Read(stream, path) : throw new UnreadableFileException(path, "this is neither a PNG nor a JPEG file; save it as one or take it out of the folder.");
    }

    private void Check(PictureFile file, Raster picture)
    {
        if (_first.Length == 0)
            (_first, _width, _height) = (file.Name, picture.Width, picture.Height);
        if ((picture.Width, picture.Height) != (_width, _height))
            throw new UnreadableFileException(PathOf(file), $"the picture is {picture.Width} x {picture.Height}, but {_first} is {_width} x {_height}; pictures of a set have one size: scale it, or take it out of the folder.");
        _isGrey &= picture.Channels <= 2;
    }

    private byte[] Allocate(int count)
    {
        var bytes = (long)count * _width * _height * Rgb;
        return bytes <= Array.MaxLength
            ? new byte[bytes]
            : throw new UnreadableFileException(folder, $"{count} pictures of {_width} x {_height} take {bytes} bytes, more than the {Array.MaxLength} of one set; scale them down, or take out some of them.");
    }

    /// <summary>Red, green and blue of every pixel; transparency is left out.</summary>
    private static void Copy(Raster picture, Span<byte> to)
    {
        var samples = picture.Samples.Span;
        var channels = picture.Channels;
        for (var pixel = 0; pixel < samples.Length / channels; pixel++)
        {
            for (var channel = 0; channel < Rgb; channel++)
                to[(pixel * Rgb) + channel] = samples[(pixel * channels) + (channels <= 2 ? 0 : channel)];
        }
    }
}
