using Understudy.Lab.Claims;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>A gain with its interval over seeds and test images.</summary>
/// <param name="Interval">In percentage points.</param>
/// <param name="Seeds">The seeds that tell which images are right.</param>
internal sealed record OverImages(Estimate Interval, int Seeds);
