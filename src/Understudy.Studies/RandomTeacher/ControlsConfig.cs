namespace Understudy.Studies.RandomTeacher;

/// <summary>Part controls.</summary>
public sealed record ControlsConfig
{
    /// <summary>Whether students are distilled on images too whose pixels are permuted, in every image otherwise: the same numbers without structure.</summary>
    public bool Permuted { get; init; } = true;

    /// <summary>Whether the student is probed with the entries of every tensor of its encoder permuted, and batch statistics measured anew: the same weights in other places. With batch normalization the teacher with batch statistics of the images is probed too, which the shuffled student is to be compared with.</summary>
    public bool Shuffled { get; init; } = true;

    /// <summary>Whether softmax regression is led to convergence on teacher and student, to tell how far from it the plain linear probe ends.</summary>
    public bool Audit { get; init; } = true;
}
