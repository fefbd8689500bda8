namespace Understudy.Studies.RandomTeacher;

/// <summary>A layer of a teacher or a student under probes: table <c>layers.layers</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Subject">Teacher or student at its end.</param>
/// <param name="Place">Layers before it, itself among them; 0 for the images.</param>
/// <param name="Layer">Its word: <c>images</c>, such as <c>activation 3</c>, <c>embedding</c>, <c>bottleneck</c> or <c>outputs</c>.</param>
/// <param name="Shape">Of what it gives for an image.</param>
/// <param name="Width">Numbers it is probed by.</param>
/// <param name="Ridge">Test accuracy of ridge regression, in percent.</param>
/// <param name="Lda">Of linear discriminants with estimated shrinkage.</param>
/// <param name="Knn">Of nearest neighbours; null where they were not asked.</param>
/// <param name="Dead">Numbers that do not vary.</param>
/// <param name="EffectiveRank">exp of the entropy of the covariance's spectrum.</param>
/// <param name="Components95">Singular values that make up 95 % of their sum.</param>
/// <param name="Components99">99 %.</param>
/// <param name="Components999">99.9 %.</param>
/// <param name="BetweenShare">The share of the covariance's trace that lies between classes; the rest lies within.</param>
public sealed record LayerRow(
    int Seed, long Step, Subject Subject, int Place, string Layer, string Shape, int Width, double Ridge, double Lda, double? Knn, int Dead, double EffectiveRank, int Components95, int Components99,
    int Components999, double BetweenShare);
