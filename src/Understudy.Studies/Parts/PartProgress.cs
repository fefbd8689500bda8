namespace Understudy.Studies.Parts;

/// <summary>Hears how far a part is.</summary>
/// <param name="fraction">0 to 1, of the part.</param>
/// <param name="stage">What is being done, in a few words.</param>
/// <param name="values">What the last evaluation found, over all students in training; empty before one.</param>
internal delegate void PartProgress(double fraction, string stage, IReadOnlyList<(string Name, double Value)> values);
