using Understudy.Engine.Graphs;

namespace Understudy.Learning.Training;

/// <summary>What a step carries to the next one besides the parameters.</summary>
/// <param name="State">The input that holds it.</param>
/// <param name="Start">The value of all its elements before the first step.</param>
/// <param name="Parameter">The parameter whose elements it belongs to, one by one; null where it belongs to none.</param>
internal readonly record struct CarriedState(Sym State, double Start, Sym? Parameter = null);
