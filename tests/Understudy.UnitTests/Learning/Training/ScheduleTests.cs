using Understudy.Learning.Training;
using Schedule = Understudy.Learning.Training.Schedule;

namespace Understudy.UnitTests.Learning.Training;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("0.1")]
    [InlineData("const(0.1,2ep)")]
    [InlineData("lin(0,0.0005)")]
    [InlineData("cos(-1,2,0.25)")]
    [InlineData("exp(0.1,1E-06,1.5ep)")]
    [InlineData("steps(0.1,0.1,80ep,120ep)")]
    [InlineData("warm(5ep,cos(0.1,0))")]
    [InlineData("cat(lin(0,0.0005,10ep),warm(0.1,const(1,0.2)),cat(const(1,1ep),cos(0.0005,1E-06)))")]
    public void A_schedule_is_written_as_it_is_read(string text)
    {
        var schedule = Schedule.Parse(text);

        Assert.Equal(text, schedule.ToString());
        Assert.Equal(schedule, Schedule.Parse($" {text.Replace(",", " , ", StringComparison.Ordinal).Replace("(", " ( ", StringComparison.Ordinal)} "));
    }

    [Fact]
    public void Drawn_schedules_survive_their_text_to_the_bit()
        => Property.Holds(200, draw =>
        {
            var schedule = Drawn(draw, 3);
            var (course, again) = (schedule.Over(100, 10), Schedule.Parse(schedule.ToString()).Over(100, 10));

            for (var step = 0; step <= 110; step++)
                Assert.Equal(course.At(step), again.At(step));
        });

    [Theory]
    [InlineData("lin(0,1", "The schedule \"lin(0,1\" has its end at place 8, where ')' should be.")]
    [InlineData("line(0,1)", "The schedule \"line(0,1)\" has 'l' at place 1, where a number or one of const, lin, cos, exp, steps, warm and cat should be.")]
    [InlineData("lin(0,x)", "The schedule \"lin(0,x)\" has 'x' at place 7, where a number should be.")]
    [InlineData("0.1 0.2", "The schedule \"0.1 0.2\" has '0' at place 5, where nothing more should be.")]
    [InlineData("", "The schedule \"\" has its end at place 1, where a number or one of const, lin, cos, exp, steps, warm and cat should be.")]
    [InlineData("lin(0,1,10)", "The schedule \"lin(0,1,10)\" has '1' at place 9, where a fraction from 0 to 1 or a number of epochs such as 10ep should be.")]
    [InlineData("cat(0.1,0.2)", "The schedule \"cat(0.1,0.2)\" has no meaning at place 1: 0.1 needs a length, because another schedule follows it.")]
    [InlineData("exp(1,0)", "The schedule \"exp(1,0)\" has no meaning at place 1: An exponential way from 1 to 0 needs two numbers of the same sign, neither of them 0.")]
    [InlineData("steps(1,0.1)", "The schedule \"steps(1,0.1)\" has no meaning at place 1: Steps of a schedule need at least one position.")]
    public void What_is_no_schedule_is_said_with_its_place(string text, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => Schedule.Parse(text)).Message);

    [Fact]
    public void Ramps_meet_their_ends_and_halves()
    {
        foreach (var (text, half) in new[] { ("lin(1,4)", 2.5), ("cos(1,4)", 2.5), ("exp(1,4)", 2.0) })
        {
            var course = Schedule.Parse(text).Over(100, 10);

            Assert.Equal(1.0, course.At(0));
            Assert.Equal(half, course.At(50), 14);
            Assert.Equal(4.0, course.At(100));
            Assert.Equal(4.0, course.At(1000));
        }
    }

    [Fact]
    public void Epochs_and_fractions_are_steps_of_the_training()
    {
        var course = Schedule.Parse("cat(lin(0,1,2ep),const(5,0.1),steps(8,0.5,1ep))").Over(100, 10);

        Assert.Equal(0.5, course.At(10));
        Assert.Equal(5.0, course.At(20));
        Assert.Equal(5.0, course.At(29));
        Assert.Equal(8.0, course.At(30));
        Assert.Equal(8.0, course.At(39));
        Assert.Equal(4.0, course.At(40));
    }

    [Fact]
    public void The_last_piece_of_a_concatenation_ends_with_the_training()
    {
        var course = Schedule.Parse("cat(const(1,4ep),lin(0,6))").Over(100, 10);

        Assert.Equal(0.0, course.At(40));
        Assert.Equal(3.0, course.At(70), 14);
        Assert.Equal(6.0, course.At(100));
    }

    [Fact]
    public void A_warm_up_multiplies_the_beginning_alone()
    {
        var (warm, plain) = (Schedule.Parse("warm(1ep,cos(2,0))").Over(50, 10), Schedule.Parse("cos(2,0)").Over(50, 10));

        Assert.Equal(0.0, warm.At(0));
        Assert.Equal(plain.At(3) * 0.3, warm.At(3), 14);
        Assert.Equal(plain.At(10), warm.At(10));
        Assert.Equal(plain.At(49), warm.At(49));
    }

    [Fact]
    public void Stretches_of_one_value_cover_every_step_once()
    {
        var course = Schedule.Parse("cat(const(1,3ep),lin(1,0,1ep),steps(2,0.1,6ep))").Over(100, 10);
        var (next, stretches) = (0L, new List<int>());
        while (next < 100)
        {
            var (value, steps) = course.From(next, 100);
            for (var step = next; step < next + steps; step++)
                Assert.Equal(value, course.At(step));
            stretches.Add(steps);
            next += steps;
        }

        // the ramp begins with the value of the constant
        Assert.Equal([31, .. Enumerable.Repeat(1, 9), 60], stretches);
    }

    private static Schedule Drawn(Draw draw, int depth)
    {
        ScheduleLength Length() => draw.Coin() ? ScheduleLength.Epochs(draw.Uniform(0, 5)) : ScheduleLength.Fraction(draw.Uniform());
        ScheduleLength? Optional() => draw.Coin() ? Length() : null;
        return draw.Index(depth > 0 ? 7 : 5) switch
        {
            0 => Schedule.Constant(draw.Uniform(-1, 1), Optional()),
            1 => Schedule.Linear(draw.Uniform(-1, 1), draw.Uniform(), Optional()),
            2 => Schedule.Cosine(draw.Uniform(-1, 1), draw.Uniform(), Optional()),
            3 => Schedule.Exponential(draw.Uniform(0.1, 1), draw.Uniform(1e-9, 1), Optional()),
            4 => Schedule.MultiStep(draw.Uniform(), draw.Uniform(), Length(), Length()),
            5 => Schedule.WarmUp(Length(), Drawn(draw, depth - 1)),
            _ => Schedule.Concatenated(Schedule.Constant(draw.Uniform(), Length()), Schedule.Linear(draw.Uniform(), 0, Length()), Drawn(draw, depth - 1)),
        };
    }
}
