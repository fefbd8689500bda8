namespace Understudy.Data.Datasets;

/// <summary>The pictures of a set by their names, not yet read.</summary>
/// <param name="ClassNames">Names of the classes.</param>
/// <param name="Train">Pictures to learn from.</param>
/// <param name="Test">Pictures to judge by; null where the folder does not say which.</param>
/// <param name="Ignored">How many other files there are.</param>
internal sealed record LabelledFiles(IReadOnlyList<string> ClassNames, IReadOnlyList<PictureFile> Train, IReadOnlyList<PictureFile>? Test, int Ignored);
