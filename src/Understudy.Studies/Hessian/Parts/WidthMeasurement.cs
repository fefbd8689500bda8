using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
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

    /// <summary>All eigenvalues of H, and how much of H its Gauss-Newton part is.</summary>
    internal SpectrumRow Spectrum(WidthAddress at, TrainingStage stage, ExampleSet examples, double[] parameters, Team team, CancellationToken cancellation)
    {
        using var curvature = Curved.At(Network(part, at.Hidden), OutputLoss.CrossEntropy, examples, parameters, team);
        var gradient = curvature.Gradient(out var loss);
        double[] hessian = Curved.Entries(curvature.Hessian, cancellation), residual = Curved.Entries(curvature.Residual, cancellation);
        var (norm, residualNorm, trace) = (Curved.Norm(hessian), Curved.Norm(residual), 0.0);
        for (var i = 0; i < curvature.Size; i++)
            trace += hessian[(i * curvature.Size) + i];
        var values = Curved.Eigenvalues(hessian, curvature.Size, team, cancellation);
        var counts = SignCount.Of(values);
        var gaussNewton = Top(curvature, GaussNewtonShown, team, cancellation);
        return new SpectrumRow(
            at.Seed, at.Step, at.Hidden, stage, curvature.Size, loss, Curved.Norm(gradient), counts.Positive, counts.Negative,
            (double)values.Count(value => Math.Abs(value) <= NearZero * values[^1]) / values.Length, trace, norm, residualNorm,
            Curved.Largest(values, Shown), values[..Math.Min(values.Length, counts.Negative + Shown)], gaussNewton);
    }

    /// <summary>Zeros of G on few examples beside the number that there must be.</summary>
    internal ZerosRow Zeros(WidthAddress at, ExampleSet examples, double[] parameters, Team team, CancellationToken cancellation)
    {
        var few = First(examples, 0, part.FewExamples);
        using var curvature = Curved.At(Network(part, at.Hidden), OutputLoss.CrossEntropy, few, parameters, team);
        var values = Curved.Eigenvalues(Curved.Entries(curvature.GaussNewton, cancellation), curvature.Size, team, cancellation);
        return new ZerosRow(at.Seed, at.Step, at.Hidden, curvature.Size, few.Count, SignCount.Of(values).Zero, curvature.Size - (few.Count * (Examples.Classes - 1)));
    }

    /// <summary>The same network with its hidden layer read α times and its outputs an α-th: no output changes.</summary>
    internal RescalingRow Rescaling(WidthAddress at, ExampleSet examples, double[] parameters, Team team, CancellationToken cancellation)
    {
        var network = Network(part, at.Hidden);
        double[] rescaled = [.. parameters];
        for (var slot = 0; slot < 3; slot++)
        {
            foreach (ref var value in network.Layout.Slots[slot].Of(rescaled.AsSpan()))
                value *= slot < 2 ? part.Rescaling : 1 / part.Rescaling;
        }

        using NetworkCurvature before = Curved.At(network, OutputLoss.CrossEntropy, examples, parameters, team), after = Curved.At(network, OutputLoss.CrossEntropy, examples, rescaled, team);
        double[] Values(NetworkCurvature curvature) => Curved.Eigenvalues(Curved.Entries(curvature.Hessian, cancellation), curvature.Size, team, cancellation);
        double[] first = Values(before), second = Values(after);
        var (counts, countsAfter) = (SignCount.Of(first), SignCount.Of(second));
        return new RescalingRow(
            at.Seed, at.Step, at.Hidden, part.Rescaling, first[^1], second[^1], Math.Abs(after.Loss() - before.Loss()) / before.Loss(),
            counts.Positive, countsAfter.Positive, counts.Negative, countsAfter.Negative);
    }

    /// <summary>How much of gradients lies in the space of the C largest eigenvalues of H.</summary>
    internal SubspaceRow Subspace(WidthAddress at, int trainingStep, ExampleSet examples, double[] parameters, RunContext run, CancellationToken cancellation)
    {
        var network = Network(part, at.Hidden);
        using var curvature = Curved.At(network, OutputLoss.CrossEntropy, examples, parameters, run.Team);
        var pairs = ExtremeEigenpairs.Of(
            curvature.Hessian, new EigenpairOptions { Top = Math.Min(Examples.Classes, curvature.Size), Tolerance = 1e-6, Seed = 1, Team = run.Team }, cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        var (batches, sum) = (Math.Min(MiniBatches, examples.Count / part.MiniBatch), 0.0);
        for (var batch = 0; batch < batches; batch++)
        {
            using var own = new NetworkCurvature(network, OutputLoss.CrossEntropy, First(examples, batch * part.MiniBatch, part.MiniBatch), parameters);
            sum += Subspaces.Share(pairs.Top.Vectors, own.Gradient());
        }

        return new SubspaceRow(at.Seed, at.Step, at.Hidden, trainingStep, Subspaces.Share(pairs.Top.Vectors, curvature.Gradient()), sum / batches);
    }

    private static double[] Top(NetworkCurvature curvature, int count, Team team, CancellationToken cancellation)
    {
        var pairs = ExtremeEigenpairs.Of(
            curvature.GaussNewton, new EigenpairOptions { Top = Math.Min(count, curvature.Size), Tolerance = 1e-8, Seed = 1, Team = team }, cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        return pairs.Top.Values.ToArray();
    }

    private static ExampleSet First(ExampleSet examples, int first, int count)
    {
        count = Math.Min(count, examples.Count - first);
        return new ExampleSet(
            examples.Inputs.Slice(first * examples.InputWidth, count * examples.InputWidth).ToArray(), examples.Targets.Slice(first * examples.TargetWidth, count * examples.TargetWidth).ToArray(), count);
    }
}
