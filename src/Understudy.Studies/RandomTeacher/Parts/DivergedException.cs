using Understudy.Data;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>A student left the numbers, so there is nothing to probe.</summary>
/// <param name="condition">How it was distilled.</param>
internal sealed class DivergedException(string condition)
    : UserException($"a student of {condition} diverged: its parameters are no longer numbers\n  lower training.learningRate");
