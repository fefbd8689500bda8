using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Hessian.Judging;

namespace Understudy.Studies.Hessian.Drawing;

/// <summary>The figures of the study, each where its part was run.</summary>
internal static class HessianFigures
{
    internal static IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs)
    {
        var evidence = new Evidence(runs);
        if (evidence.Spectra is { } spectra)
        {
            yield return SpectrumFigures.Ranks(spectra);
            yield return SpectrumFigures.SymmetricRanks(spectra);
            if (evidence.Shapes is { } shapes)
                yield return ShapeFigures.Density(shapes, spectra);
            yield return SpectrumFigures.Outliers(spectra, evidence.Wide);
            yield return SpectrumFigures.Scree(spectra);
            yield return SpectrumFigures.NegativeTail(spectra);
            yield return SpectrumFigures.Split(spectra, evidence.Shapes);
        }

        if (evidence.Concentration is { } concentration)
            yield return ConcentrationFigures.Shares(concentration);
        if (evidence.Shapes is { } blocks)
            yield return ShapeFigures.Blocks(blocks);
        if (evidence.Sharpness is { } sharpness)
            yield return ShapeFigures.Sharpness(sharpness);

        if (evidence.Classes is { } classes)
            yield return SpectrumFigures.Classes(classes);
        if (evidence.Subspaces is { } subspaces)
            yield return TrainingFigures.Subspaces(subspaces);
        if (evidence.Outliers is { } outliers)
            yield return TrainingFigures.Clusters(outliers);
        foreach (var (variant, own) in evidence.Variants)
            yield return TrainingFigures.Clusters(own, variant);
        if (evidence.Batches is { } batches)
            yield return TrainingFigures.Batches(batches);
        if (evidence.Phases is { } phases)
            yield return LandscapeFigures.Phases(phases);
        if (evidence.PathLines is { } path)
            yield return LandscapeFigures.Path(path);
        if (evidence.Blobs is { } blobs)
            yield return TrainingFigures.Blobs(blobs);
        if (evidence.Matrices is { } matrices)
            yield return LandscapeFigures.Matrices(matrices);
        if (evidence.Lines is { } lines)
            yield return LandscapeFigures.Lines(lines);
        if (evidence.Edge is { } edge)
            yield return TrainingFigures.Edge(edge);
        if (evidence.Starts is { } starts)
            yield return ScatterFigures.Starts(starts);
        if (evidence.Sizes is { } sizes)
            yield return TrainingFigures.Sizes(sizes);
    }
}
