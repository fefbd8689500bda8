namespace Understudy.Studies.RandomTeacher;

/// <summary>Moments of a training at which a student may be taken.</summary>
/// <remarks>Random-teacher specification, section 4: the model files to keep. Among those that are looked at while it is trained: students are probed <c>probes.moments</c> times, and glanced at after 1, 2, 5, 10, 20, … steps and at the end.</remarks>
public enum StudentMoment
{
    /// <summary>The end.</summary>
    Last,

    /// <summary>Where ridge regression is best on training images that were held out, of the moments that are probed; the first of equals.</summary>
    Best,

    /// <summary>Where the embedding has the least effective rank, of all glances; the first of equals.</summary>
    LeastRank,

    /// <summary>Where KL of the teacher's outputs to the student's is largest, of all glances; the first of equals.</summary>
    LargestLoss,
}
