using System.Globalization;

namespace Understudy.Learning.Training;

/// <summary>How a ramp goes from one value to the other; the names are those of the text.</summary>
internal enum RampForm
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>In a straight line.</summary>
    Linear,

    /// <summary>Along half a period of a cosine.</summary>
    Cosine,

    /// <summary>By the same factor at every step.</summary>
    Exponential,
}

/// <summary>A way from one value to another.</summary>
internal sealed class RampSchedule : Schedule
{
    private readonly RampForm _form;
    private readonly double _from;
    private readonly double _to;

    internal RampSchedule(RampForm form, double from, double to, ScheduleLength? length)
    {
        SchedulePieces.RequireFinite(from, to);
        if (form == RampForm.Exponential && !(from * to > 0))
            throw new ArgumentException($"An exponential way from {SchedulePieces.Text(from)} to {SchedulePieces.Text(to)} needs two numbers of the same sign, neither of them 0.");
        (_form, _from, _to, Length) = (form, from, to, length);
    }

    internal override ScheduleLength? Length { get; }

    internal override double At(double step, double left, ScheduleTime time)
    {
        var length = Length?.Steps(time) ?? left;
        var u = step >= length ? 1 : step / length;
        // both ends are met exactly
        return _form switch
        {
            _ when u <= 0 => _from,
            _ when u >= 1 => _to,
            RampForm.Linear => _from + ((_to - _from) * u),
            RampForm.Cosine => _to + ((_from - _to) * (0.5 * (1 + Math.Cos(Math.PI * u)))),
            RampForm.Exponential => _from * Math.Pow(_to / _from, u),
            _ => _from,
        };
    }

    public override string ToString()
    {
        var (from, to, length) = (SchedulePieces.Text(_from), SchedulePieces.Text(_to), Length is { } own ? $",{own}" : "");
        return _form switch
        {
            RampForm.Constant => Length is null ? from : $"const({from}{length})",
            RampForm.Linear => $"lin({from},{to}{length})",
            RampForm.Cosine => $"cos({from},{to}{length})",
            _ => $"exp({from},{to}{length})",
        };
    }
}

/// <summary>A value that is multiplied at some positions.</summary>
internal sealed class MultiStepSchedule : Schedule
{
    private readonly double _from;
    private readonly double _factor;
    private readonly ScheduleLength[] _positions;

    internal MultiStepSchedule(double from, double factor, ScheduleLength[] positions)
    {
        SchedulePieces.RequireFinite(from, factor);
        if (positions.Length == 0)
            throw new ArgumentException("Steps of a schedule need at least one position.");
        (_from, _factor, _positions) = (from, factor, positions);
    }

    internal override double At(double step, double left, ScheduleTime time)
    {
        var value = _from;
        foreach (var position in _positions)
        {
            if (step >= position.Steps(time))
                value *= _factor;
        }

        return value;
    }

    public override string ToString() => $"steps({SchedulePieces.Text(_from)},{SchedulePieces.Text(_factor)},{string.Join(',', _positions)})";
}

/// <summary>A schedule whose beginning is multiplied by a ramp.</summary>
internal sealed class WarmUpSchedule(ScheduleLength ramp, Schedule schedule) : Schedule
{
    internal override ScheduleLength? Length => schedule.Length;

    internal override double At(double step, double left, ScheduleTime time)
    {
        var (length, value) = (ramp.Steps(time), schedule.At(step, left, time));
        return step >= length ? value : value * (step / length);
    }

    public override string ToString() => $"warm({ramp},{schedule})";
}

/// <summary>Schedules one behind the other.</summary>
internal sealed class ConcatenatedSchedule : Schedule
{
    private readonly Schedule[] _schedules;

    internal ConcatenatedSchedule(Schedule[] schedules)
    {
        if (schedules.Length == 0)
            throw new ArgumentException("A concatenation needs at least one schedule.");
        foreach (var schedule in schedules[..^1])
        {
            if (schedule.Length is null)
                throw new ArgumentException($"{schedule} needs a length, because another schedule follows it.");
        }

        _schedules = schedules;
    }

    internal override double At(double step, double left, ScheduleTime time)
    {
        foreach (var schedule in _schedules.AsSpan()[..^1])
        {
            var length = schedule.Length!.Value.Steps(time);
            if (step < length)
                return schedule.At(step, left, time);
            (step, left) = (step - length, left - length);
        }

        return _schedules[^1].At(step, left, time);
    }

    public override string ToString() => $"cat({string.Join<Schedule>(',', _schedules)})";
}

/// <summary>What pieces of schedules share.</summary>
internal static class SchedulePieces
{
    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    internal static void RequireFinite(double first, double second)
    {
        if (!double.IsFinite(first) || !double.IsFinite(second))
            throw new ArgumentException($"A schedule goes through finite numbers, not {Text(first)} and {Text(second)}.");
    }
}
