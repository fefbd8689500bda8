using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>What a random student has without training, and how a teacher's classes are shared out.</summary>
internal static class LayerChance
{
    private const double Level = 0.95;
    private const int Shown = 3;

    /// <summary>For each hidden layer the 95 % quantile of best_j over the teacher nodes j that vary, for a fresh random student.</summary>
    internal static double[] Best(SpecializationConfig config, Mlp teacher, Mlp student, LayerSeed of, RunContext run, int seed)
    {
        var part = config.MultiLayer;
        using var probe = new LayerProbe(teacher, student, DistillationLoss.Mse, config.AsPublished);
        var flat = FanInUniform.Of(student, part.Networks.Scale, layer => run.Random($"{Purposes.LayerStudent}/{layer}", seed));
        var measured = probe.Measure(of.Teacher, flat, of.Evaluation.AsSpan(0, part.Measures.During * teacher.Widths[0]));
        return [.. measured.Correlations.Select(rho =>
        {
            var statistics = SpecializationStatistics.Of(rho);
            var best = statistics.Best.ToArray().Where((_, j) => statistics.IsObserved(j)).Order().ToArray();
            return best.Length == 0 ? double.NaN : Quantiles.At(best, Level);
        })];
    }

    /// <summary>The commonest and the rarest classes of a teacher.</summary>
    internal static IEnumerable<LayerClassRow> Classes(Mlp teacher, LayerSeed of, int seed)
    {
        var (outputs, classes) = (LayeredNetworks.Outputs(teacher, of.Teacher, of.Evaluation), teacher.Widths[^1]);
        var (rows, counts) = (outputs.Length / classes, new int[classes]);
        for (var row = 0; row < rows; row++)
            counts[LayeredNetworks.Largest(outputs.AsSpan(row * classes, classes))]++;
        return counts.Index().OrderByDescending(item => item.Item).ThenBy(item => item.Index).Index()
            .Where(item => item.Index < Shown || item.Index >= classes - Shown)
            .Select(item => new LayerClassRow(seed, 0, item.Index + 1, item.Item.Index, (double)item.Item.Item / rows));
    }
}
