namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>What a glance at a student saw, for all that is recorded of it.</summary>
/// <param name="Row">The row of its training.</param>
/// <param name="Parameters">θ.</param>
/// <param name="Teacher">θ_T where the teacher is now.</param>
/// <param name="Gradient">∇KL over the first images.</param>
/// <param name="Seen">Embeddings and outputs side by side, [images, d + m].</param>
/// <param name="TeacherSeen">The same of the teacher.</param>
internal sealed record Glimpse(TrainingRow Row, double[] Parameters, double[] Teacher, double[] Gradient, double[] Seen, double[] TeacherSeen);
