using Understudy.Data;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>A follow-up that the run, its part or its networks do not allow.</summary>
/// <param name="message">What is wrong and, on a line of its own, what to do.</param>
public sealed class FollowUpException(string message) : UserException(message);
