namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Students of several conditions beside their teachers, and nothing else.</summary>
internal sealed class SweepPart(RandomTeacherConfig config, RandomTeacherPart part, IReadOnlyList<Condition> conditions) : ConditionsPart(config, part, conditions, config.Training.Steps);
