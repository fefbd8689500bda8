using Understudy.Data.Formats;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>A long measurement, written down often enough that a run which stops in its middle goes on from there.</summary>
/// <param name="kept">What it wrote down before the run stopped, by name; null where it begins.</param>
/// <param name="keep">Writes down, if it is time to, and tells how far the measurement is, from 0 to 1.</param>
internal sealed class MeasuringLog(IReadOnlyDictionary<string, Tensor>? kept, Action<double, Func<IReadOnlyList<Tensor>>> keep)
{
    /// <summary>What is written down of this measurement; null where it begins.</summary>
    internal IReadOnlyDictionary<string, Tensor>? Kept => kept;

    /// <summary>Offers to write down where the measurement is.</summary>
    /// <param name="share">How much of it is done, from 0 to 1.</param>
    /// <param name="state">Copies of all that it needs to go on.</param>
    internal void Keep(double share, Func<IReadOnlyList<Tensor>> state) => keep(share, state);
}
