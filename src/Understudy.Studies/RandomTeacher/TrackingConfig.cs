namespace Understudy.Studies.RandomTeacher;

/// <summary>What is recorded of students while they are trained beside the tables of their training, at the same glances: after 1, 2, 5, 10, 20, … steps and at the end.</summary>
public sealed record TrackingConfig
{
    /// <summary>Further tables: vectors (norms, distances and cosines of encoder and head, the norm of the gradient and its variance over images), tensors (the same of every tensor, with a histogram of its numbers), activations (root mean squares behind every layer), features (moments, ranks and a histogram of embeddings, and how far embeddings, bottlenecks and outputs are from the teacher's). Vectors cost about as much as a glance once more, the others less.</summary>
    public IReadOnlyList<TrackedNumbers> Tables { get; init; } = [];

    /// <summary>Training images, the first ones, whose embeddings, bottlenecks and outputs are kept at every glance among the arrays, of students and teachers; 64 is usual, 0 keeps none.</summary>
    public int Images { get; init; }
}

/// <summary>Tables of students while they are trained.</summary>
public enum TrackedNumbers
{
    /// <summary>Whole network, encoder and head: <c>….vectors</c>.</summary>
    Vectors,

    /// <summary>Every tensor: <c>….tensors</c>.</summary>
    Tensors,

    /// <summary>Every layer: <c>….activations</c>.</summary>
    Activations,

    /// <summary>Embeddings, bottlenecks and outputs: <c>….features</c>.</summary>
    Features,
}
