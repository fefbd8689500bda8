namespace Understudy.Studies.Hessian;

/// <summary>A whole spectrum of H: table <c>widths.spectra</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes n.</param>
/// <param name="Stage">Before or after training.</param>
/// <param name="Parameters">P.</param>
/// <param name="Loss">L on the examples.</param>
/// <param name="GradientNorm">‖∇L‖: small only near a critical point.</param>
/// <param name="Positive">Eigenvalues above 1e-10 of the largest magnitude.</param>
/// <param name="Negative">Eigenvalues below minus that.</param>
/// <param name="NearZero">Share with |λ| ≤ 1e-3·λ₁.</param>
/// <param name="Trace">tr H.</param>
/// <param name="Norm">‖H‖_F.</param>
/// <param name="ResidualNorm">‖H − G‖_F.</param>
/// <param name="Top">The largest eigenvalues, largest first, at most 120.</param>
/// <param name="Bottom">The smallest, smallest first, at most as many as are negative and 120 more.</param>
/// <param name="GaussNewtonTop">The largest eigenvalues of G, largest first, at most 20.</param>
public sealed record SpectrumRow(
    int Seed, long Step, int Hidden, TrainingStage Stage, int Parameters, double Loss, double GradientNorm, int Positive, int Negative, double NearZero,
    double Trace, double Norm, double ResidualNorm, IReadOnlyList<double> Top, IReadOnlyList<double> Bottom, IReadOnlyList<double> GaussNewtonTop);

/// <summary>The shape of a spectrum and where in the network it comes from: table <c>widths.shapes</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes n.</param>
/// <param name="Stage">Before or after training.</param>
/// <param name="Unit">λ₀ of the axis u = asinh(λ/λ₀): 1e-4 of the largest magnitude.</param>
/// <param name="First">u of the first point.</param>
/// <param name="Last">u of the last point.</param>
/// <param name="Sigma">The width of smoothing in units of u.</param>
/// <param name="Density">Share of the eigenvalues per unit of u, without the outliers, at evenly spread points.</param>
/// <param name="Outliers">Outliers, by the elbow of the logarithms, by the largest gap where that has none: the first of the largest eigenvalues.</param>
/// <param name="ResidualTop">The largest eigenvalues of R = H − G, largest first, at most 20; with one hidden ReLU layer their mirror images are the smallest.</param>
/// <param name="HessianTraces">Trace of the diagonal block of H of each tensor, in the order of the network.</param>
/// <param name="GaussNewtonTraces">The same of G.</param>
/// <param name="SecondMomentTraces">The same of S, the second moment of the gradients of single examples.</param>
/// <param name="BlockNorms">Frobenius norm of the block of H of each pair of tensors, row by row.</param>
public sealed record SpectrumShapeRow(
    int Seed, long Step, int Hidden, TrainingStage Stage, double Unit, double First, double Last, double Sigma, IReadOnlyList<double> Density, int Outliers, IReadOnlyList<double> ResidualTop,
    IReadOnlyList<double> HessianTraces, IReadOnlyList<double> GaussNewtonTraces, IReadOnlyList<double> SecondMomentTraces, IReadOnlyList<double> BlockNorms);

/// <summary>Both ends of a spectrum that was found by products alone: table <c>widths.wide</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes n.</param>
/// <param name="Stage">Before or after training.</param>
/// <param name="Parameters">P.</param>
/// <param name="Loss">L on the examples.</param>
/// <param name="GradientNorm">‖∇L‖.</param>
/// <param name="MostNegative">n(C − 1): no network of one hidden ReLU layer has more negative eigenvalues, whatever its data.</param>
/// <param name="Trace">tr H, exact: that of G, tensor by tensor.</param>
/// <param name="Products">Products with H, those of the density included.</param>
/// <param name="Residual">The largest residual of an eigenpair over λ₁.</param>
/// <param name="Top">The largest eigenvalues, largest first, at most 120.</param>
/// <param name="Bottom">The smallest, smallest first, at most 5.</param>
public sealed record WideRow(
    int Seed, long Step, int Hidden, TrainingStage Stage, int Parameters, double Loss, double GradientNorm, int MostNegative, double Trace, int Products, double Residual,
    IReadOnlyList<double> Top, IReadOnlyList<double> Bottom);

/// <summary>How much of a spectrum lies away from zero: table <c>widths.concentration</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes n.</param>
/// <param name="Stage">Before or after training.</param>
/// <param name="Magnitudes">Thresholds t, ascending.</param>
/// <param name="Beyond">Share of the eigenvalues with |λ| above t.</param>
/// <param name="Lower">Its lower bound: that of the quadrature at 95 % of probes; the share itself where the spectrum is whole.</param>
/// <param name="Upper">Its upper bound.</param>
public sealed record ConcentrationRow(
    int Seed, long Step, int Hidden, TrainingStage Stage, IReadOnlyList<double> Magnitudes, IReadOnlyList<double> Beyond, IReadOnlyList<double> Lower, IReadOnlyList<double> Upper);

/// <summary>Sharpness after training, and after a change that changes no output: table <c>widths.sharpness</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes n.</param>
/// <param name="Factor">α.</param>
/// <param name="Before">λ₁, λ₁·η, tr H/P, ‖H‖_F, θᵀGθ, sharpness in boxes of 1e-3 and 5e-4, in a ball by one step, by ascent and by batches, in an ellipsoid by one step and by ascent, the rise under filter-normalized noise, and the PAC-Bayes σ.</param>
/// <param name="After">The same after the change.</param>
public sealed record SharpnessRow(int Seed, long Step, int Hidden, double Factor, IReadOnlyList<double> Before, IReadOnlyList<double> After);

/// <summary>When a spectrum was taken.</summary>
public enum TrainingStage
{
    /// <summary>At the initial parameters.</summary>
    Start,

    /// <summary>After training.</summary>
    End,
}

/// <summary>Zeros of G on few examples: table <c>widths.zeros</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes n.</param>
/// <param name="Parameters">P.</param>
/// <param name="Examples">N.</param>
/// <param name="Zeros">Eigenvalues of at most 1e-10 of the largest.</param>
/// <param name="Bound">P − N(C − 1), at least so many there must be.</param>
public sealed record ZerosRow(int Seed, long Step, int Hidden, int Parameters, int Examples, int Zeros, int Bound);

/// <summary>Curvature after a change that changes no output: table <c>widths.rescaling</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes n.</param>
/// <param name="Factor">α.</param>
/// <param name="Largest">λ₁ before.</param>
/// <param name="LargestAfter">λ₁ after.</param>
/// <param name="OutputChange">The largest change of an output over the largest output.</param>
/// <param name="Positive">n₊ before: eigenvalues above 1e-10 of the largest magnitude.</param>
/// <param name="PositiveAfter">n₊ after.</param>
/// <param name="Negative">n₋ before.</param>
/// <param name="NegativeAfter">n₋ after.</param>
public sealed record RescalingRow(
    int Seed, long Step, int Hidden, double Factor, double Largest, double LargestAfter, double OutputChange, int Positive, int PositiveAfter, int Negative, int NegativeAfter);

/// <summary>The class structure of G after training: table <c>widths.classes</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes n.</param>
/// <param name="TraceClass">Trace of the part of class means.</param>
/// <param name="TraceCross">Trace of the part of cross-class means.</param>
/// <param name="TraceWithin">Trace of what is within cross-classes: the bulk.</param>
/// <param name="TraceSame">Trace of the part of the examples' own labels.</param>
/// <param name="Class">Top eigenvalues of the part of class means.</param>
/// <param name="ClassAndCross">Top eigenvalues of both parts of means.</param>
/// <param name="GaussNewton">Top eigenvalues of G.</param>
/// <param name="Overlap">‖U₁ᵀU₂‖²_F/(C − 1) of the top C − 1 spaces of both parts of means and of G.</param>
public sealed record ClassStructureRow(
    int Seed, long Step, int Hidden, double TraceClass, double TraceCross, double TraceWithin, double TraceSame,
    IReadOnlyList<double> Class, IReadOnlyList<double> ClassAndCross, IReadOnlyList<double> GaussNewton, double Overlap);

/// <summary>Gradients and the top subspace during training: table <c>widths.subspaces</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes n.</param>
/// <param name="TrainingStep">Steps of training done.</param>
/// <param name="Full">Share of ‖g‖² of the full gradient in the space of the C largest eigenvalues of H.</param>
/// <param name="Mini">Mean share of mini-batch gradients.</param>
public sealed record SubspaceRow(int Seed, long Step, int Hidden, int TrainingStep, double Full, double Mini);

/// <summary>Outliers of a network that tells clusters apart: table <c>clusters.outliers</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Classes">k.</param>
/// <param name="Parameters">P.</param>
/// <param name="Loss">L.</param>
/// <param name="Accuracy">Share of samples in their cluster's class.</param>
/// <param name="GradientNorm">‖∇L‖.</param>
/// <param name="Trace">tr H where it is known exactly: for ReLU, and where the spectrum is whole.</param>
/// <param name="Products">Products with H.</param>
/// <param name="Residual">Largest residual of an eigenpair over λ₁; 0 where the spectrum is exact.</param>
/// <param name="Gap">Outliers by the largest gap.</param>
/// <param name="Ratio">By the largest ratio.</param>
/// <param name="Elbow">By the elbow of the logarithms.</param>
/// <param name="Threshold">Above clusters.cutOff; null without one.</param>
/// <param name="Top">The largest eigenvalues, largest first.</param>
public sealed record OutlierRow(
    int Seed, long Step, int Classes, int Parameters, double Loss, double Accuracy, double GradientNorm, double? Trace, int Products, double Residual, int? Gap, int? Ratio, int? Elbow, int? Threshold,
    IReadOnlyList<double> Top);

/// <summary>Extreme eigenvalues after training with one batch size: table <c>batches.spectra</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Batch">Samples per step.</param>
/// <param name="Loss">L on all examples.</param>
/// <param name="Accuracy">Share of examples classified right.</param>
/// <param name="GradientNorm">‖∇L‖.</param>
/// <param name="Outliers">By the elbow of the logarithms.</param>
/// <param name="Products">Products with H.</param>
/// <param name="Residual">Largest residual of an eigenpair over λ₁.</param>
/// <param name="Top">The 20 largest eigenvalues, largest first.</param>
/// <param name="Bottom">The 5 smallest, smallest first.</param>
public sealed record BatchRow(
    int Seed, long Step, int Batch, double Loss, double Accuracy, double GradientNorm, int? Outliers, int Products, double Residual, IReadOnlyList<double> Top, IReadOnlyList<double> Bottom);

/// <summary>Losses along a line: table <c>path.lines</c> and <c>lines.losses</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Line">Which line.</param>
/// <param name="TrainingStep">Steps of training done.</param>
/// <param name="Barrier">The largest excess of the loss over its linear interpolation, on [0, 1].</param>
/// <param name="Top">The largest loss on [0, 1].</param>
/// <param name="Positions">t.</param>
/// <param name="Losses">L at (1 − t) A + t B.</param>
/// <param name="TestLosses">The same on test examples; empty where there are none.</param>
/// <param name="TestAccuracies">Accuracy on test examples; empty where there are none.</param>
public sealed record LineRow(
    int Seed, long Step, LineKind Line, int TrainingStep, double Barrier, double Top, IReadOnlyList<double> Positions, IReadOnlyList<double> Losses,
    IReadOnlyList<double> TestLosses, IReadOnlyList<double> TestAccuracies);

/// <summary>Between what a line runs.</summary>
public enum LineKind
{
    /// <summary>From the end of the first phase to the end of the second.</summary>
    Phases,

    /// <summary>Between two runs from starts of their own.</summary>
    Independent,

    /// <summary>Between two ways down from one start.</summary>
    SameStart,
}

/// <summary>Losses during the two phases: table <c>path.training</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="TrainingSteps">Steps of both phases done.</param>
/// <param name="Losses">Training loss at each.</param>
/// <param name="TestAccuracies">Test accuracy at each.</param>
/// <param name="Switch">The step at which the batch shrinks.</param>
public sealed record PhasesRow(int Seed, long Step, IReadOnlyList<int> TrainingSteps, IReadOnlyList<double> Losses, IReadOnlyList<double> TestAccuracies, int Switch);

/// <summary>A network that tells two blobs apart: table <c>blobs.spectra</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Deviation">Standard deviation of the blobs.</param>
/// <param name="Loss">L.</param>
/// <param name="GradientNorm">‖∇L‖.</param>
/// <param name="Outliers">Isolated eigenvalues, by the largest gap.</param>
/// <param name="Top">The largest eigenvalues, largest first.</param>
public sealed record BlobRow(int Seed, long Step, double Deviation, double Loss, double GradientNorm, int? Outliers, IReadOnlyList<double> Top);

/// <summary>A Gauss-Newton matrix of logistic regression: table <c>matrices.spectra</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Ratio">α = P/N.</param>
/// <param name="Blobs">1, or 2.</param>
/// <param name="Parameters">P.</param>
/// <param name="Examples">N.</param>
/// <param name="Distance">Kolmogorov distance of the spectrum of 4G to the law of Marchenko and Pastur.</param>
/// <param name="Largest">λ₁ of 4G.</param>
/// <param name="Second">λ₂ of 4G.</param>
/// <param name="Spectrum">All eigenvalues of 4G of the first seed, ascending; empty for the others.</param>
public sealed record MatrixRow(
    int Seed, long Step, double Ratio, int Blobs, int Parameters, int Examples, double Distance, double Largest, double Second, IReadOnlyList<double> Spectrum);

/// <summary>The largest eigenvalue during full-batch descent: table <c>edge.sharpness</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="LearningRate">η.</param>
/// <param name="TrainingSteps">Steps of training done.</param>
/// <param name="Sharpness">λ₁·η/2 at each: 1 is the edge of stability.</param>
/// <param name="Losses">L at each.</param>
/// <param name="GradientNorms">‖∇L‖ at each.</param>
/// <param name="Crossing">The first of the steps with λ₁ ≥ 2/η; null if there is none.</param>
/// <param name="Products">Products with H in all.</param>
/// <param name="Residual">Largest residual of an eigenpair over λ₁.</param>
public sealed record EdgeRow(
    int Seed, long Step, double LearningRate, IReadOnlyList<int> TrainingSteps, IReadOnlyList<double> Sharpness, IReadOnlyList<double> Losses, IReadOnlyList<double> GradientNorms,
    int? Crossing, int Products, double Residual);

/// <summary>One of many trainings that differ by their start alone: table <c>scatter.starts</c>. Where it left the numbers, there are none.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part, which several starts share.</param>
/// <param name="Start">The start within the seed.</param>
/// <param name="Loss">L.</param>
/// <param name="GradientNorm">‖∇L‖.</param>
/// <param name="Largest">λ₁.</param>
/// <param name="Second">λ₂.</param>
/// <param name="Smallest">The smallest eigenvalue.</param>
public sealed record StartRow(int Seed, long Step, int Start, double Loss, double GradientNorm, double Largest, double Second, double Smallest)
{
    /// <summary>Whether the training left the numbers.</summary>
    internal bool IsDiverged => !double.IsFinite(Loss) || !double.IsFinite(Largest);
}

/// <summary>A network of one size that tells two blobs apart: table <c>sizes.spectra</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Nodes h of each hidden layer.</param>
/// <param name="Parameters">P = h² + 6h + 2.</param>
/// <param name="TrainingStep">Steps of training done.</param>
/// <param name="Loss">L.</param>
/// <param name="GradientNorm">‖∇L‖.</param>
/// <param name="Gap">Isolated eigenvalues by the largest gap.</param>
/// <param name="Ratio">By the largest ratio.</param>
/// <param name="Top">The largest eigenvalues, largest first, at most 20.</param>
public sealed record SizeRow(int Seed, long Step, int Hidden, int Parameters, int TrainingStep, double Loss, double GradientNorm, int? Gap, int? Ratio, IReadOnlyList<double> Top);
