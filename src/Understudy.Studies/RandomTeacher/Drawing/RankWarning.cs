using Understudy.Lab.Figures;
using Understudy.Studies.RandomTeacher.Judging;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>A sentence under figures of students whose embeddings have collapsed.</summary>
/// <remarks>Source: random-teacher specification, section 12.9: the rank falls after the first steps and recovers over hundreds, so that a run which is too short looks like a failure.</remarks>
internal static class RankWarning
{
    private const int Named = 6;

    /// <summary>The figure, its caption with a warning where a student's effective rank is below half of its teacher's at the end.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="probed">The students it shows.</param>
    /// <param name="again">Those of a second round that it shows too.</param>
    internal static Figure On(Figure figure, Probed? probed, Probed? again = null)
    {
        (string Student, Collapse Of)[] all = [.. Collapsed(probed, ""), .. Collapsed(again, "second round, ")];
        string[] told =
        [
            .. Told("below half of the teacher's", [.. all.Where(one => !one.Of.IsOfDrawn)]),
            .. Told("below half of that of the teacher as drawn, though not of the teacher that moved,", [.. all.Where(one => one.Of.IsOfDrawn)]),
        ];
        return told.Length == 0 ? figure : figure with
        {
            Caption = $"{figure.Caption} Warning: at the end the effective rank is {string.Join(", and ", told)}: they may need more steps before their probes are judged.",
        };
    }

    private static IEnumerable<string> Told(string what, (string Student, Collapse Of)[] students)
    {
        if (students.Length > 0)
        {
            yield return $"{what} for {string.Join(", ", students.Take(Named).Select(one => Invariant($"{one.Student} ({one.Of.Rank:0.0} to {one.Of.TeacherRank:0.0})")))}"
                + (students.Length > Named ? Invariant($" and {students.Length - Named} more") : "");
        }
    }

    private static IEnumerable<(string Student, Collapse Of)> Collapsed(Probed? probed, string round)
    {
        static double Rank(ProbeRow row) => row.EffectiveRank;
        if (probed is null)
            return [];
        var conditions = probed.Rows.Where(item => item.Row.Subject == Subject.Student).Select(item => item.Row.Condition).Distinct().ToArray();
        return from condition in conditions
               from seed in probed.Seeds
               where probed.Student(seed, condition, Rank) is not null && probed.Teacher(seed, condition, Rank) is not null
               let collapse = Collapse.Of(probed.Student(seed, condition, Rank)!.Value, probed.Teacher(seed, condition, Rank)!.Value, probed.MovedTeacher(seed, condition, Rank))
               where collapse is not null
               select (Invariant($"{round}{condition}, seed {seed.Seed}"), collapse.Value);
    }
}
