using Understudy.Lab.Figures;
using Understudy.Studies.RandomTeacher.Judging;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>A sentence under figures of students whose embeddings have collapsed.</summary>
/// <remarks>Source: random-teacher specification, section 12.9: the rank falls after the first steps and recovers over hundreds, so that a run which is too short looks like a failure.</remarks>
internal static class RankWarning
{
    private const int Named = 6;

    /// <summary>The figure, its caption with a warning where a student's effective rank is below half of its teacher's at the end.</summary>
    internal static Figure On(Figure figure, Probed? probed) => probed is not null && Collapsed(probed) is { Length: > 0 } all
        ? figure with
        {
            Caption = $"{figure.Caption} Warning: at the end the effective rank is below half of the teacher's for {string.Join(", ", all.Take(Named))}{(all.Length > Named ? Invariant($" and {all.Length - Named} more") : "")}: "
                + "they may need more steps before their probes are judged.",
        }
        : figure;

    private static string[] Collapsed(Probed probed)
    {
        static double Rank(ProbeRow row) => row.EffectiveRank;
        var conditions = probed.Rows.Where(item => item.Row.Subject == Subject.Student).Select(item => item.Row.Condition).Distinct().ToArray();
        return
        [
            .. from condition in conditions
               from seed in probed.Seeds
               let ranks = (Student: probed.Student(seed, condition, Rank), Teacher: probed.Teacher(seed, condition, Rank))
               where ranks.Student < ranks.Teacher / 2
               select Invariant($"{condition}, seed {seed.Seed} ({ranks.Student:0.0} to {ranks.Teacher:0.0})"),
        ];
    }
}
