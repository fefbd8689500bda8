using Understudy.Data;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>A training of a part left the numbers, so there is nothing to take curvature of.</summary>
/// <param name="part">The part.</param>
internal sealed class DivergedException(string part)
    : UserException($"the training of part {part} diverged: its parameters are no longer numbers\n  lower {part}.training.learningRate");
