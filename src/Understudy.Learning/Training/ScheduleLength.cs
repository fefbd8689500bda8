using System.Globalization;

namespace Understudy.Learning.Training;

/// <summary>A length of a training, or a position in it: in epochs, <c>10ep</c>, or as a fraction of the whole, <c>0.1</c>.</summary>
public readonly record struct ScheduleLength
{
    /// <summary>The ending of a length in epochs.</summary>
    internal const string Epoch = "ep";

    private ScheduleLength(double value, bool isEpochs) => (Value, IsEpochs) = (value, isEpochs);

    /// <summary>The number of epochs, or the fraction.</summary>
    public double Value { get; }

    /// <summary>Whether <see cref="Value"/> counts epochs.</summary>
    public bool IsEpochs { get; }

    /// <summary>So many epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number, or none.</exception>
    public static ScheduleLength Epochs(double count)
        => count >= 0 && double.IsFinite(count) ? new ScheduleLength(count, isEpochs: true) : throw new ArgumentOutOfRangeException(nameof(count), count, "A length in epochs is at least 0.");

    /// <summary>A fraction of the whole training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of [0, 1].</exception>
    public static ScheduleLength Fraction(double share)
        => share is >= 0 and <= 1 ? new ScheduleLength(share, isEpochs: false) : throw new ArgumentOutOfRangeException(nameof(share), share, "A fraction of a training is from 0 to 1.");

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture) + (IsEpochs ? Epoch : "");

    /// <summary>The length in steps.</summary>
    internal double Steps(ScheduleTime time) => Value * (IsEpochs ? time.StepsPerEpoch : time.Steps);
}

/// <summary>What epochs and fractions are in steps.</summary>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
internal readonly record struct ScheduleTime(long Steps, double StepsPerEpoch);
