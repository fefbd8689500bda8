namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Which function of images teacher and student are compared by.</summary>
public enum LandscapeView
{
    /// <summary>The outputs of the head: parameters are those of the whole network.</summary>
    Whole,

    /// <summary>The softmax over embeddings: parameters are those of the encoder alone.</summary>
    Encoder,
}

/// <summary>Which probes are fitted at the points of a landscape; start and order of the linear ones are the same at every point.</summary>
[Flags]
public enum LandscapeProbes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The plain linear probe.</summary>
    Lin = 1,

    /// <summary>The linear probe on standardized features.</summary>
    LinStd = 2,

    /// <summary>Ridge regression.</summary>
    Ridge = 4,

    /// <summary>Nearest neighbours.</summary>
    Knn = 8,
}
