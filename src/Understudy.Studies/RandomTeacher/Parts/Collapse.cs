namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>A student's embedding that has far fewer directions than its teacher's.</summary>
/// <param name="Rank">The student's effective rank.</param>
/// <param name="TeacherRank">The rank it is below half of.</param>
/// <param name="IsOfDrawn">Whether that is the rank of the teacher as it was drawn, while the teacher that moved is as low as its student.</param>
internal readonly record struct Collapse(double Rank, double TeacherRank, bool IsOfDrawn)
{
    /// <summary>Null where the student has at least half of the rank of its teacher, where it was drawn and where it is.</summary>
    /// <param name="rank">The student's.</param>
    /// <param name="drawn">The teacher's as it was drawn.</param>
    /// <param name="moved">Of a teacher that moved, where it is; null of one that did not.</param>
    internal static Collapse? Of(double rank, double drawn, double? moved)
    {
        var now = moved ?? drawn;
        return rank < now / 2 ? new Collapse(rank, now, IsOfDrawn: false) : rank < drawn / 2 ? new Collapse(rank, drawn, IsOfDrawn: true) : null;
    }
}
