using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>The training images of a stage in a table that all its replicas share, shifted and mirrored anew in every epoch where that is asked for.</summary>
internal sealed class EpochImages
{
    private readonly float[] _original;
    private readonly ImageAugmentation? _augmentation;
    private readonly RandomSequence _random;
    private int _epoch = -1;

    internal EpochImages(ImagePixels pixels, ChannelTraining owner, RandomSequence random)
    {
        (_original, _augmentation, _random) = (pixels.Training.Pixels, pixels.Augmentation(), random);
        Pixels = _augmentation is null ? _original : [.. _original];
        Table = owner.Table(_original, pixels.Image.Count);
    }

    internal RowTable Table { get; }

    /// <summary>What the table holds, [N, h·w·c].</summary>
    internal float[] Pixels { get; }

    /// <summary>Writes the images of an epoch.</summary>
    /// <returns>Whether they are others than before.</returns>
    internal bool Begin(int epoch, Team team)
    {
        if (_augmentation is null || epoch == _epoch)
            return false;
        _augmentation.Write(_original, Pixels, _random, epoch, team);
        Table.Write(0, Pixels);
        _epoch = epoch;
        return true;
    }
}
