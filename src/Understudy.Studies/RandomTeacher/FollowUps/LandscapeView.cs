namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Which function of images teacher and student are compared by.</summary>
public enum LandscapeView
{
    /// <summary>The outputs of the head: parameters are those of the whole network.</summary>
    Whole,

    /// <summary>The softmax over embeddings: parameters are those of the encoder alone.</summary>
    Encoder,
}

/// <summary>Which probes are fitted at the points of a landscape.</summary>
public enum LandscapeProbes
{
    /// <summary>None.</summary>
    None,

    /// <summary>Ridge regression.</summary>
    Ridge,

    /// <summary>Ridge regression and nearest neighbours.</summary>
    All,
}
