namespace Understudy.Learning.Training;

/// <summary>How a number such as a learning rate changes along a training.</summary>
/// <remarks>
/// <para>The value of step t is that of the position t: the first step has the first value, and the last value is reached by the step after the last one. A piece without a length lasts as
/// long as what is left of the training; after its end it keeps its last value.</para>
/// <para>Text: a number is constant; <c>lin(a,b)</c>, <c>cos(a,b)</c> and <c>exp(a,b)</c> go from a to b and may have a length as last argument; <c>const(a,length)</c> is a constant with one;
/// <c>steps(a,factor,at,…)</c> multiplies by a factor at each of some positions; <c>warm(length,s)</c> multiplies the beginning of s by a ramp from 0 to 1; <c>cat(s,…)</c> puts schedules one
/// behind the other. Lengths and positions are epochs, <c>10ep</c>, or a fraction of the whole training, <c>0.1</c>.</para>
/// </remarks>
public abstract class Schedule : IEquatable<Schedule>
{
    private protected Schedule()
    {
    }

    /// <summary>The length that the schedule has of its own; null where it fills what is there.</summary>
    internal virtual ScheduleLength? Length => null;

    /// <summary>The same value at every step.</summary>
    /// <param name="value">The value.</param>
    /// <param name="length">How long it lasts in a concatenation.</param>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public static Schedule Constant(double value, ScheduleLength? length = null) => new RampSchedule(RampForm.Constant, value, value, length);

    /// <summary>a + (b − a)·u with u from 0 to 1.</summary>
    /// <param name="from">a.</param>
    /// <param name="to">b.</param>
    /// <param name="length">How long the way takes; null for what is left.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static Schedule Linear(double from, double to, ScheduleLength? length = null) => new RampSchedule(RampForm.Linear, from, to, length);

    /// <summary>b + (a − b)·(1 + cos πu)/2 with u from 0 to 1 (Loshchilov and Hutter 2017, without restarts).</summary>
    /// <param name="from">a.</param>
    /// <param name="to">b.</param>
    /// <param name="length">How long the way takes; null for what is left.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static Schedule Cosine(double from, double to, ScheduleLength? length = null) => new RampSchedule(RampForm.Cosine, from, to, length);

    /// <summary>a·(b/a)^u with u from 0 to 1.</summary>
    /// <param name="from">a.</param>
    /// <param name="to">b, of the same sign.</param>
    /// <param name="length">How long the way takes; null for what is left.</param>
    /// <exception cref="ArgumentException">A value is not finite or 0, or their signs differ.</exception>
    public static Schedule Exponential(double from, double to, ScheduleLength? length = null) => new RampSchedule(RampForm.Exponential, from, to, length);

    /// <summary>a·factor^k after k of some positions; a step at a position is after it.</summary>
    /// <param name="from">a.</param>
    /// <param name="factor">What the value is multiplied by at each position.</param>
    /// <param name="positions">In ascending order.</param>
    /// <exception cref="ArgumentException">A value is not finite, or there is no position.</exception>
    public static Schedule MultiStep(double from, double factor, params ReadOnlySpan<ScheduleLength> positions) => new MultiStepSchedule(from, factor, [.. positions]);

    /// <summary>A schedule whose beginning is multiplied by a ramp from 0 to 1.</summary>
    /// <param name="length">How long the ramp takes.</param>
    /// <param name="schedule">What is multiplied; its own time runs from the beginning of the ramp.</param>
    public static Schedule WarmUp(ScheduleLength length, Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new WarmUpSchedule(length, schedule);
    }

    /// <summary>Schedules one behind the other; the last one lasts until the end.</summary>
    /// <exception cref="ArgumentException">There is none, or one but the last has no length.</exception>
    public static Schedule Concatenated(params ReadOnlySpan<Schedule> schedules) => new ConcatenatedSchedule([.. schedules]);

    /// <summary>Reads the text of a schedule, as <see cref="ToString"/> writes it.</summary>
    /// <exception cref="FormatException">The text is no schedule; the message says where and why.</exception>
    public static Schedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ScheduleText(text).Read();
    }

    /// <summary>The schedule along a training.</summary>
    /// <param name="steps">Steps of the whole training.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public ScheduleCourse Over(long steps, double stepsPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(stepsPerEpoch > 0 && double.IsFinite(stepsPerEpoch)))
            throw new ArgumentOutOfRangeException(nameof(stepsPerEpoch), stepsPerEpoch, "An epoch has steps.");
        return new ScheduleCourse(this, new ScheduleTime(steps, stepsPerEpoch));
    }

    /// <inheritdoc/>
    public bool Equals(Schedule? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Schedule);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The text of the schedule, which <see cref="Parse"/> reads.</summary>
    public abstract override string ToString();

    /// <summary>The value at a position.</summary>
    /// <param name="step">Steps since the schedule began.</param>
    /// <param name="left">Steps from its beginning to the end of the training.</param>
    /// <param name="time">What epochs and fractions are.</param>
    internal abstract double At(double step, double left, ScheduleTime time);
}

/// <summary>A schedule along a training of known length.</summary>
public readonly record struct ScheduleCourse
{
    private readonly Schedule _schedule;
    private readonly ScheduleTime _time;

    internal ScheduleCourse(Schedule schedule, ScheduleTime time) => (_schedule, _time) = (schedule, time);

    /// <summary>The value of a step, which may be behind the end.</summary>
    public double At(long step) => _schedule.At(step, _time.Steps, _time);

    /// <summary>The value of a step, and for how many steps from it on it is the same to the bit.</summary>
    /// <param name="step">The step.</param>
    /// <param name="end">The first step that is not looked at, behind <paramref name="step"/>.</param>
    public (double Value, int Steps) From(long step, long end)
    {
        var (value, next) = (At(step), step + 1);
        while (next < end && next - step < int.MaxValue && At(next).Equals(value))
            next++;
        return (value, (int)(next - step));
    }
}
