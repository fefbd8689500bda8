using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Experiments;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>From recorded runs to figures: those of the parts the runs hold.</summary>
internal static class SpecializationFigures
{
    internal static IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs)
    {
        if (Evidence.Of(runs, PartNames.TwoLayer) is { Cells.Count: > 0 } twoLayer)
        {
            var run = Newest(runs, PartNames.TwoLayer);
            yield return RecoveryFigures.Recovery(twoLayer);
            if (PhaseFigures.Decay(twoLayer) is { } phases)
                yield return phases;
            yield return RecoveryFigures.Convergence(twoLayer);
            yield return RecoveryFigures.LShape(twoLayer, run);
            foreach (var figure in MatchFigures.Draw(twoLayer, run))
                yield return figure;
            if (CriteriaFigures.Draw(twoLayer) is { } criteria)
                yield return criteria;
            foreach (var figure in GeometryFigures.Draw(twoLayer, run))
                yield return figure;
        }

        if (Evidence.Of(runs, PartNames.Dynamics) is { Cells.Count: > 0 } dynamics)
        {
            var run = Newest(runs, PartNames.Dynamics);
            yield return DynamicsFigures.Nodes(dynamics, run);
            yield return MatchMovie.Draw(run);
            if (DynamicsFigures.Order(dynamics) is { } order)
                yield return order;
        }

        if (Evidence.Of(runs, PartNames.Samples) is { Cells.Count: > 0 } samples)
        {
            yield return SamplesFigures.Sizes(samples);
            if (PhaseFigures.Samples(samples) is { } phases)
                yield return phases;
        }

        if (LeakyVerdicts.Slopes(runs).Where(item => item.Evidence.Cells.Count > 0).ToArray() is { Length: > 0 } slopes)
            yield return LeakyFigures.Recovery(slopes);
        if (OptimizerFigures.Draw(runs) is { } optimizers)
            yield return optimizers;
        if (LuckyVerdicts.Last(runs) is { Count: > 0 } lucky)
            yield return LuckyFigures.Norms(lucky);
        if (MultiLayerEvidence.Of(runs) is { Cells.Count: > 0 } layers)
        {
            yield return MultiLayerFigures.Samples(layers);
            yield return MultiLayerFigures.Epochs(layers);
            if (MultiLayerFigures.Weak(layers) is { } weak)
                yield return weak;
            if (MultiLayerFigures.LShape(layers, Newest(runs, PartNames.MultiLayer)) is { } shape)
                yield return shape;
        }

        if (runs.LastOrDefault(run => run.Steps($"{PartNames.Boundaries}.weights").Count > 0) is { } plane)
        {
            yield return BoundaryFigures.Panels(plane);
            yield return BoundaryFigures.Movie(plane);
        }
        if (OnlineEvidence.Of(runs) is { Seeds.Count: > 0 } online)
            yield return OnlineFigures.Overlay(online);
        if (ImagesEvidence.Of(runs) is { Cells.Count: > 0 } images)
        {
            yield return ImagesFigures.Layers(images);
            yield return ImagesFigures.Channels(images);
            yield return ImagesFigures.Accuracy(images);
        }

        if (runs.LastOrDefault(run => run.Tables.Contains(PhaseExperiment.Thresholds)) is { } phase)
        {
            yield return ThresholdFigures.Diagram(phase);
            if (ThresholdFigures.Thresholds(phase) is { } thresholds)
                yield return thresholds;
        }

        if (runs.LastOrDefault(run => run.Tables.Contains(PhaseGridExperiment.Evaluations)) is { } grids)
        {
            foreach (var figure in PhaseGridFigures.Draw(grids))
                yield return figure;
        }
    }

    private static RunRecord Newest(IReadOnlyList<RunRecord> runs, string part) => runs.Last(run => run.Tables.Contains($"{part}.evaluations"));
}
