using Understudy.Data;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>A student left the numbers, so there is nothing to probe.</summary>
/// <param name="condition">How it was distilled.</param>
internal sealed class DivergedException(string condition)
    : UserException($"a student of {condition} diverged: its parameters are no longer numbers\n  lower training.learningRate")
{
    /// <exception cref="DivergedException">A parameter of the student is no number, or too large to be squared in single precision.</exception>
    internal static void ThrowIf(double[] parameters, Student student)
    {
        if (!Array.TrueForAll(parameters, value => Math.Abs(value) < Largest))
            throw new DivergedException(student.Condition.Name);
    }

    private const double Largest = 1e15;
}
