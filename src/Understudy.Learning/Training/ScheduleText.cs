using System.Globalization;

namespace Understudy.Learning.Training;

/// <summary>Reads the text of a schedule from left to right.</summary>
internal sealed class ScheduleText(string text)
{
    private const string Kinds = "const, lin, cos, exp, steps, warm and cat";

    private int _at;

    /// <summary>The schedule of the whole text.</summary>
    /// <exception cref="FormatException">The text is no schedule.</exception>
    internal Schedule Read()
    {
        var schedule = ReadSchedule();
        SkipBlanks();
        return _at == text.Length ? schedule : throw Error(_at, "nothing more");
    }

    private Schedule ReadSchedule()
    {
        SkipBlanks();
        var start = _at;
        if (_at < text.Length && !char.IsAsciiLetterLower(text[_at]))
            return Schedule.Constant(ReadNumber());
        var kind = ReadWord();
        if (!Kinds.Split([", ", " and "], StringSplitOptions.None).Contains(kind))
            throw Error(start, $"a number or one of {Kinds}");
        Expect('(');
        try
        {
            var schedule = ReadArguments(kind);
            Expect(')');
            return schedule;
        }
        catch (ArgumentException problem)
        {
            throw new FormatException($"The schedule \"{text}\" has no meaning at place {start + 1}: {problem.Message}", problem);
        }
    }

    private Schedule ReadArguments(string kind)
    {
        if (kind == "cat")
        {
            var schedules = new List<Schedule> { ReadSchedule() };
            while (HasComma())
                schedules.Add(ReadSchedule());
            return Schedule.Concatenated([.. schedules]);
        }

        if (kind == "warm")
        {
            var ramp = ReadLength();
            Expect(',');
            return Schedule.WarmUp(ramp, ReadSchedule());
        }

        var first = ReadNumber();
        if (kind == "const")
            return Schedule.Constant(first, OptionalLength());
        Expect(',');
        var second = ReadNumber();
        return kind switch
        {
            "lin" => Schedule.Linear(first, second, OptionalLength()),
            "cos" => Schedule.Cosine(first, second, OptionalLength()),
            "exp" => Schedule.Exponential(first, second, OptionalLength()),
            _ => Schedule.MultiStep(first, second, [.. Positions()]),
        };
    }

    private List<ScheduleLength> Positions()
    {
        var positions = new List<ScheduleLength>();
        while (HasComma())
            positions.Add(ReadLength());
        return positions;
    }

    private ScheduleLength? OptionalLength() => HasComma() ? ReadLength() : null;

    private ScheduleLength ReadLength()
    {
        SkipBlanks();
        var (start, value) = (_at, ReadNumber());
        if (!text.AsSpan(_at).StartsWith(ScheduleLength.Epoch, StringComparison.Ordinal))
            return value is >= 0 and <= 1 ? ScheduleLength.Fraction(value) : throw Error(start, $"a fraction from 0 to 1 or a number of epochs such as 10{ScheduleLength.Epoch}");
        _at += ScheduleLength.Epoch.Length;
        return value >= 0 && double.IsFinite(value) ? ScheduleLength.Epochs(value) : throw Error(start, "a number of epochs of at least 0");
    }

    private double ReadNumber()
    {
        SkipBlanks();
        var start = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] is '+' or '-' or '.' || IsExponent()))
            _at++;
        return double.TryParse(text.AsSpan(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Error(start, "a number");
    }

    // the e of 1e-3 but not that of 10ep
    private bool IsExponent() => text[_at] is 'e' or 'E' && _at + 1 < text.Length && (char.IsAsciiDigit(text[_at + 1]) || text[_at + 1] is '+' or '-');

    private string ReadWord()
    {
        var start = _at;
        while (_at < text.Length && char.IsAsciiLetterLower(text[_at]))
            _at++;
        return text[start.._at];
    }

    private bool HasComma()
    {
        SkipBlanks();
        if (_at == text.Length || text[_at] != ',')
            return false;
        _at++;
        return true;
    }

    private void Expect(char mark)
    {
        SkipBlanks();
        if (_at == text.Length || text[_at] != mark)
            throw Error(_at, $"'{mark}'");
        _at++;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] == ' ')
            _at++;
    }

    private FormatException Error(int place, string wanted)
        => new($"The schedule \"{text}\" has {(place < text.Length ? $"'{text[place]}'" : "its end")} at place {place + 1}, where {wanted} should be.");
}
