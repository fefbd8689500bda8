using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>What part widths measures of one network.</summary>
internal sealed class WidthMeasurement(WidthsConfig part)
{
    private const int Shown = 120;
    private const int GaussNewtonShown = 20;
    private const double NearZero = 1e-3;
    private const int MiniBatches = 20;

    internal static Mlp Network(WidthsConfig part, int hidden) => Mlp.Relu(Examples.Inputs(part.Data.Set), hidden, Examples.Classes);

    /// <summary>All eigenvalues of H, how much of H its Gauss-Newton part is, and where in the network both come from.</summary>
    internal (SpectrumRow Row, SpectrumShapeRow Shape, ConcentrationRow Concentration) Spectrum(WidthAddress at, TrainingStage stage, ExampleSet examples, double[] parameters, Team team, CancellationToken cancellation)
    {
        var network = Network(part, at.Hidden);
        using var curvature = Curved.At(network, OutputLoss.CrossEntropy, examples, parameters, team);
        var gradient = curvature.Gradient(out var loss);
        double[] Entries(CurvatureMatrix matrix) => Curved.Entries(network, OutputLoss.CrossEntropy, examples, parameters, team, cancellation, matrix);
        double[] hessian = Entries(CurvatureMatrix.Hessian), residual = Entries(CurvatureMatrix.Residual);
        var (norm, residualNorm, trace) = (Curved.Norm(hessian), Curved.Norm(residual), Trace(hessian, curvature.Size));
        var (traces, norms) = (SpectrumShape.Traces(network.Layout, hessian), SpectrumShape.BlockNorms(network.Layout, hessian));
        var residualTop = SpectrumShape.Residual(residual, curvature.Size, team, cancellation);
        var exact = ExactTraces.Of(new MlpPoint(network, OutputLoss.CrossEntropy, examples, parameters), team);
        var values = Curved.Eigenvalues(hessian, curvature.Size, team, cancellation);
        var counts = SignCount.Of(values);
        var gaussNewton = Leading(curvature, GaussNewtonShown, team, cancellation).Values.ToArray();
        var row = new SpectrumRow(
            at.Seed, at.Step, at.Hidden, stage, curvature.Size, loss, Curved.Norm(gradient), counts.Positive, counts.Negative,
            (double)values.Count(value => Math.Abs(value) <= NearZero * values[^1]) / values.Length, trace, norm, residualNorm,
            Curved.Largest(values, Shown), values[..Math.Min(values.Length, counts.Negative + Shown)], gaussNewton);
        var outliers = SpectrumShape.Outliers(row.Top.ToArray());
        var density = SpectrumShape.Density(values, outliers);
        var left = (double)(values.Length - outliers) / values.Length;
        return (row, new SpectrumShapeRow(
            at.Seed, at.Step, at.Hidden, stage, density.Grid.Axis.Unit, density.Grid.First, density.Grid.Last, density.Sigma, [.. density.Mean.ToArray().Select(value => left * value)], outliers,
            residualTop, traces, [.. exact.GaussNewtonBySlot], [.. exact.SecondMomentBySlot], norms), Concentration.Of(at, stage, values));
    }

    /// <summary>What of G the means of classes and cross-classes explain.</summary>
    internal ClassStructureRow Classes(WidthAddress at, ExampleSet examples, double[] parameters, Team team, CancellationToken cancellation)
    {
        var network = Network(part, at.Hidden);
        using var curvature = Curved.At(network, OutputLoss.CrossEntropy, examples, parameters, team);
        var classes = ClassStructure.Of(new MlpPoint(network, OutputLoss.CrossEntropy, examples, parameters), team, cancellation: cancellation);
        var top = Leading(curvature, GaussNewtonShown, team, cancellation);
        var outliers = Examples.Classes - 1;
        return new ClassStructureRow(
            at.Seed, at.Step, at.Hidden, classes.ClassTrace, classes.CrossTrace, classes.WithinTrace, classes.SameTrace,
            classes.ClassEigenvalues[..outliers].ToArray(), classes.LeadingEigenvalues[..GaussNewtonShown], top.Values.ToArray(),
            Subspaces.Overlap(classes.LeadingEigenvectors(outliers, team), top.Vectors[..(outliers * curvature.Size)], curvature.Size, team));
    }

    /// <summary>Zeros of G on few examples beside the number that there must be.</summary>
    internal ZerosRow Zeros(WidthAddress at, ExampleSet examples, double[] parameters, Team team, CancellationToken cancellation)
    {
        var few = examples.Slice(0, part.FewExamples);
        var values = Curved.Eigenvalues(
            Curved.Entries(Network(part, at.Hidden), OutputLoss.CrossEntropy, few, parameters, team, cancellation, CurvatureMatrix.GaussNewton), parameters.Length, team, cancellation);
        return new ZerosRow(at.Seed, at.Step, at.Hidden, parameters.Length, few.Count, SignCount.Of(values).Zero, parameters.Length - (few.Count * (Examples.Classes - 1)));
    }

    /// <summary>The same network with its hidden layer read α times and its outputs an α-th: no output changes, and most measures of sharpness do.</summary>
    /// <param name="at">What is measured.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="known">The spectrum there; null to find it again.</param>
    /// <param name="team">Threads.</param>
    /// <param name="cancellation">Looked at within every matrix.</param>
    internal (RescalingRow Row, SharpnessRow Sharpness) Rescaling(WidthAddress at, ExampleSet examples, double[] parameters, SpectrumRow? known, Team team, CancellationToken cancellation)
    {
        var network = Network(part, at.Hidden);
        var rescaled = RescaledLayer.Of(network, parameters, alpha: part.Rescaling);
        SpectrumNumbers At(double[] point)
        {
            var entries = Curved.Entries(network, OutputLoss.CrossEntropy, examples, point, team, cancellation);
            var (norm, trace) = (Curved.Norm(entries), Trace(entries, point.Length));
            var values = Curved.Eigenvalues(entries, point.Length, team, cancellation);
            var counts = SignCount.Of(values);
            return new SpectrumNumbers(values[^1], trace, norm, counts.Positive, counts.Negative);
        }

        double[] outputs = NetworkOutputs.Of(network, examples, parameters), after = NetworkOutputs.Of(network, examples, rescaled);
        var first = known is null ? At(parameters) : new SpectrumNumbers(known.Top[0], known.Trace, known.Norm, known.Positive, known.Negative);
        var second = At(rescaled);
        using var curvature = Curved.At(network, OutputLoss.CrossEntropy, examples, parameters, team);
        using var evaluator = new LossEvaluator(network, OutputLoss.CrossEntropy, examples, team);
        double[] Measures(double[] point, SpectrumNumbers numbers)
        {
            curvature.MoveTo(point);
            return SharpnessMeasures.Of(
                numbers, point.Length, part.Training.LearningRate, CurvatureNumbers.FisherRaoNorm(curvature.GaussNewton, point),
                Sharpness.Measure(evaluator, point, SharpnessMeasures.Options, cancellation: cancellation));
        }

        var row = new RescalingRow(
            at.Seed, at.Step, at.Hidden, part.Rescaling, first.Largest, second.Largest, outputs.Zip(after).Max(pair => Math.Abs(pair.Second - pair.First)) / outputs.Max(Math.Abs),
            first.Positive, second.Positive, first.Negative, second.Negative);
        return (row, new SharpnessRow(at.Seed, at.Step, at.Hidden, part.Rescaling, Measures(parameters, first), Measures(rescaled, second)));
    }

    /// <summary>How much of gradients lies in the space of the C largest eigenvalues of H.</summary>
    internal SubspaceRow Subspace(WidthAddress at, int trainingStep, ExampleSet examples, double[] parameters, RunContext run, CancellationToken cancellation)
    {
        var network = Network(part, at.Hidden);
        using var curvature = Curved.At(network, OutputLoss.CrossEntropy, examples, parameters, run.Team);
        var pairs = Curved.Pairs(
            curvature.Hessian, new EigenpairOptions { Top = Math.Min(Examples.Classes, curvature.Size), Tolerance = 1e-6, Seed = 1, Team = run.Team }, cancellation);
        var (batches, sum) = (Math.Min(MiniBatches, examples.Count / part.MiniBatch), 0.0);
        for (var batch = 0; batch < batches; batch++)
        {
            using var own = new NetworkCurvature(network, OutputLoss.CrossEntropy, examples.Slice(batch * part.MiniBatch, part.MiniBatch), parameters);
            sum += Subspaces.Share(pairs.Top.Vectors, own.Gradient());
        }

        return new SubspaceRow(at.Seed, at.Step, at.Hidden, trainingStep, Subspaces.Share(pairs.Top.Vectors, curvature.Gradient()), sum / batches);
    }

    private static double Trace(double[] entries, int size)
    {
        var trace = 0.0;
        for (var i = 0; i < size; i++)
            trace += entries[(i * size) + i];
        return trace;
    }

    /// <summary>The largest eigenvalues of G, with vectors.</summary>
    private static Eigenpairs Leading(NetworkCurvature curvature, int count, Team team, CancellationToken cancellation)
        => Curved.Pairs(curvature.GaussNewton, new EigenpairOptions { Top = Math.Min(count, curvature.Size), Tolerance = 1e-8, Seed = 1, Team = team }, cancellation).Top;
}
