using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public sealed class RankWarningTests
{
    [Fact]
    public void A_student_whose_rank_collapsed_is_named_under_the_figure()
    {
        var low = MadeUp.OnStudents("distillation", "noise", row => row with { EffectiveRank = 4 });
        string Caption(Func<string, object, object>? change) => MadeUp.Study.Draw([MadeUp.Only(MadeUp.Run(2, change), "distillation")]).First().Caption;

        Assert.EndsWith(
            "Warning: at the end the effective rank is below half of the teacher's for noise, seed 0 (4.0 to 10.0), noise, seed 1 (4.0 to 10.0): they may need more steps before their probes are judged.",
            Caption(low), StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", Caption(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_student_is_compared_with_its_teacher_where_that_moved()
    {
        string Caption(double student, double moved) => MadeUp.Study.Draw([MadeUp.Only(MadeUp.Run(2, MadeUp.All(
            MadeUp.OnStudents("ladder", "dino", row => row with { EffectiveRank = student }),
            MadeUp.On<ProbeRow>("ladder.probes", row => row.Subject == Subject.MovedTeacher ? row with { EffectiveRank = moved } : row))), "ladder")]).First().Caption;

        // the teachers as drawn have a rank of 10
        Assert.EndsWith(
            "Warning: at the end the effective rank is below half of the teacher's for dino, seed 0 (10.1 to 23.9), dino, seed 1 (10.1 to 23.9): they may need more steps before their probes are judged.",
            Caption(10.05, 23.85), StringComparison.Ordinal);
        Assert.EndsWith(
            "Warning: at the end the effective rank is below half of that of the teacher as drawn, though not of the teacher that moved, for dino, seed 0 (2.6 to 10.0), dino, seed 1 (2.6 to 10.0): they may need more steps before their probes are judged.",
            Caption(2.6, 3.2), StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", Caption(5.5, 6), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10.05, 18, 23.85, 23.85, false)]
    [InlineData(2.6, 9.6, 3.2, 9.6, true)]
    [InlineData(1.5, 9.6, 3.2, 3.2, false)]
    [InlineData(4.7, 9.6, null, 9.6, false)]
    public void A_collapse_names_the_rank_it_is_below_half_of(double rank, double drawn, double? moved, double named, bool isOfDrawn)
        => Assert.Equal(new Collapse(rank, named, isOfDrawn), Collapse.Of(rank, drawn, moved));

    [Theory]
    [InlineData(4.8, 9.6, null)]
    [InlineData(5, 9.6, 10.0)]
    public void Half_of_a_rank_is_no_collapse(double rank, double drawn, double? moved) => Assert.Null(Collapse.Of(rank, drawn, moved));

    [Fact]
    public void Second_rounds_are_named()
    {
        var low = MadeUp.OnStudents("restart-again", "images", row => row with { EffectiveRank = 4 });

        var caption = MadeUp.Study.Draw([MadeUp.Only(MadeUp.Run(1, low), "restart")]).Single(figure => figure.Name == "restart").Caption;

        Assert.Contains("below half of the teacher's for second round, images, seed 0 (4.0 to 10.0): they", caption, StringComparison.Ordinal);
    }
}
