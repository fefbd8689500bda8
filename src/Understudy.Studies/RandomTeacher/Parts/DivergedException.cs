using Understudy.Data;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>A network left all bounds, so there is nothing to measure.</summary>
/// <param name="what">Which one.</param>
/// <param name="setting">What to lower.</param>
internal sealed class DivergedException(string what, string setting) : UserException($"{what} diverged: its parameters are not numbers any more, or beyond all use\n  lower {setting}")
{
    private const double Largest = 1e15;

    /// <exception cref="DivergedException">A parameter of the student is no number, or beyond 1e15.</exception>
    internal static void ThrowIf(double[] parameters, Student student)
    {
        if (!Array.TrueForAll(parameters, value => Math.Abs(value) < Largest))
            throw new DivergedException($"a student of {student.Condition.Name}, seed {student.Seed},", "training.learningRate");
    }
}
