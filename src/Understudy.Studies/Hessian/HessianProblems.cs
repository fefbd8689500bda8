using static System.FormattableString;

namespace Understudy.Studies.Hessian;

/// <summary>What settings of the study do not fit together, in sentences.</summary>
internal static class HessianProblems
{
    /// <summary>Whole spectra of more parameters take more memory and time than a laptop has.</summary>
    private const int MostExact = 24_000;
    private const int MostByProducts = 8_000;
    private const int MostWide = 1_000_000;
    private const int MostSteps = 100_000_000;
    private const double MostWeights = 1e7;
    private const double MostNumbers = 5e7;

    internal static IEnumerable<string> Of(HessianConfig config)
    {
        if (config.Parts.Count == 0 || config.Parts.Distinct().Count() != config.Parts.Count)
            yield return "parts must hold at least one part, none twice.";
        if (config.Seeds is < 1)
            yield return $"seeds ({config.Seeds}) must be at least 1, or null.";
        foreach (var problem in Widths(config.Widths).Concat(Clusters(config.Clusters)).Concat(Batches(config.Batches)).Concat(Path(config.Path))
            .Concat(Blobs(config.Blobs)).Concat(Matrices(config.Matrices)).Concat(Lines(config.Lines)).Concat(Edge(config.Edge))
            .Concat(Scatter(config.Scatter)).Concat(Sizes(config.Sizes)))
            yield return problem;
    }

    private static IEnumerable<string> Widths(WidthsConfig part)
    {
        foreach (var problem in Counts("widths", ("seeds", part.Seeds), ("fewExamples", part.FewExamples), ("miniBatch", part.MiniBatch))
            .Concat(Pictures("widths", part.Data, 0)).Concat(Nodes("widths", part.Hidden)).Concat(Descent("widths", part.Training)))
            yield return problem;
        if (part.Hidden.Concat(part.Wide).Distinct().Count() != part.Hidden.Count + part.Wide.Count)
            yield return "widths.hidden and widths.wide must not hold a number twice.";
        foreach (var problem in part.Wide.Count == 0 ? [] : Nodes("widths", part.Wide, "wide"))
            yield return problem;
        if (part.FewExamples > part.Data.Samples || part.MiniBatch > part.Data.Samples)
            yield return $"widths.fewExamples and widths.miniBatch must be at most widths.data.samples ({part.Data.Samples}).";
        if (!(part.Rescaling is >= 0.001 and <= 1000) || part.Rescaling.Equals(1))
            yield return Invariant($"widths.rescaling ({part.Rescaling}) must lie between 0.001 and 1000, and not be 1.");
        var parameters = Parameters([Examples.Inputs(part.Data.Set), part.Hidden.DefaultIfEmpty(0).Max(), Examples.Classes]);
        if (parameters > MostExact)
            yield return $"widths.hidden asks for all eigenvalues of {parameters:N0} parameters, more than {MostExact:N0}: {8e-9 * parameters * parameters:0.#} GB for each matrix. Take fewer nodes, smaller images (widths.data.set=digits), or move them to widths.wide, which does without the matrix.";
        var widest = Parameters([Examples.Inputs(part.Data.Set), part.Wide.DefaultIfEmpty(0).Max(), Examples.Classes]);
        if (widest > MostWide)
            yield return $"widths.wide asks for eigenvectors of {widest:N0} parameters, more than {MostWide:N0}: take fewer nodes.";
    }

    private static IEnumerable<string> Clusters(ClustersConfig part)
    {
        foreach (var problem in Counts("clusters", ("seeds", part.Seeds), ("dimension", part.Dimension), ("samples", part.Samples), ("top", part.Top))
            .Concat(Nodes("clusters", part.Hidden)).Concat(Descent("clusters", part.Training)))
            yield return problem;
        if (part.Classes.Count == 0 || part.Classes.Any(k => k < 2) || part.Classes.Distinct().Count() != part.Classes.Count)
            yield return "clusters.classes must hold at least one number, each at least 2, none twice.";
        if (part.Classes.Any(k => k > part.Samples))
            yield return $"clusters.samples ({part.Samples}) must be at least each of clusters.classes.";
        if (part.Classes.Any(k => k + 2 > part.Top))
            yield return $"clusters.top ({part.Top}) must be at least 2 above each of clusters.classes: outliers are counted against what is behind them.";
        var parameters = Parameters([part.Dimension, .. part.Hidden, part.Classes.DefaultIfEmpty(2).Max()]);
        foreach (var problem in part.Top >= parameters ? Whole("clusters.top", parameters) : [])
            yield return problem;
        if ((double)part.Dimension * part.Samples > MostNumbers)
            yield return Invariant($"clusters.dimension times clusters.samples must be at most {MostNumbers:N0}.");
        if (part.Batch < 0 || part.Batch > part.Samples)
            yield return $"clusters.batch ({part.Batch}) must lie between 1 and clusters.samples ({part.Samples}), or be 0 for all of them.";
        if (!(part.Covariance >= 0) || !double.IsFinite(part.Covariance))
            yield return Invariant($"clusters.covariance ({part.Covariance}) must not be negative.");
        if (part.CutOff is { } cut && !(cut > 0))
            yield return Invariant($"clusters.cutOff ({cut}) must be positive, or null.");
        if (part.Variants.Distinct().Count() != part.Variants.Count)
            yield return "clusters.variants must not hold a variant twice.";
    }

    private static IEnumerable<string> Batches(BatchesConfig part)
    {
        foreach (var problem in Counts("batches", ("seeds", part.Seeds), ("small", part.Small), ("large", part.Large))
            .Concat(Pictures("batches", part.Data, 0)).Concat(Nodes("batches", part.Hidden)).Concat(Filters("batches", part.Data.Set, part.Filters)).Concat(Descent("batches", part.Training)))
            yield return problem;
        if (part.Small >= part.Large)
            yield return $"batches.small ({part.Small}) must be below batches.large ({part.Large}).";
        if (part.Large > part.Data.Samples)
            yield return $"batches.large ({part.Large}) must be at most batches.data.samples ({part.Data.Samples}).";
    }

    private static IEnumerable<string> Path(PathConfig part)
    {
        foreach (var problem in Counts("path", ("seeds", part.Seeds), ("small", part.Small), ("large", part.Large))
            .Concat(Pictures("path", part.Data, 1)).Concat(Nodes("path", part.Hidden)).Concat(Filters("path", part.Data.Set, part.Filters, part.Kernel)).Concat(Descent("path", part.Training)))
            yield return problem;
        if (part.Large > part.Data.Samples || part.Small > part.Data.Samples)
            yield return $"path.small and path.large must be at most path.data.samples ({part.Data.Samples}).";
        if (part.Points < 13 || (part.Points - 1) % 3 != 0)
            yield return $"path.points ({part.Points}) must be one more than a multiple of 3, so that the ends of the line are among them, and at least 13.";
    }

    private static IEnumerable<string> Blobs(BlobsConfig part)
    {
        foreach (var problem in Counts("blobs", ("seeds", part.Seeds), ("samples", part.Samples)).Concat(Nodes("blobs", part.Hidden)).Concat(Descent("blobs", part.Training)))
            yield return problem;
        foreach (var problem in Whole("blobs.hidden", Parameters([2, .. part.Hidden, 2])))
            yield return problem;
        if (part.Deviations.Count < 2 || part.Deviations.Any(deviation => !(deviation > 0)) || !part.Deviations.Order().SequenceEqual(part.Deviations.Distinct()))
            yield return "blobs.deviations must hold at least two numbers, each positive, ascending.";
    }

    private static IEnumerable<string> Matrices(MatricesConfig part)
    {
        foreach (var problem in Counts("matrices", ("seeds", part.Seeds)))
            yield return problem;
        if (part.Area is < 100 or > 100_000_000)
            yield return $"matrices.area ({part.Area}) must lie between 100 and 100,000,000.";
        if (Math.Sqrt(part.Area * part.Ratios.DefaultIfEmpty(0).Max()) is > MostByProducts and var parameters)
            yield return Invariant($"matrices.area and matrices.ratios ask for a matrix of {parameters:N0} parameters, more than {MostByProducts:N0}: lower one of them.");
        if (part.Ratios.Count == 0 || part.Ratios.Any(ratio => !(ratio is >= 0.001 and <= 1000)) || part.Ratios.Distinct().Count() != part.Ratios.Count)
            yield return "matrices.ratios must hold at least one number, each between 0.001 and 1000, none twice.";
    }

    private static IEnumerable<string> Lines(LinesConfig part)
    {
        foreach (var problem in Counts("lines", ("seeds", part.Seeds), ("batch", part.Batch), ("moments", part.Moments))
            .Concat(Pictures("lines", part.Data, 0)).Concat(Nodes("lines", part.Hidden)).Concat(Descent("lines", part.Training)))
            yield return problem;
        if (part.Points < 3)
            yield return $"lines.points ({part.Points}) must be at least 3.";
        if (part.Batch > part.Data.Samples)
            yield return $"lines.batch ({part.Batch}) must be at most lines.data.samples ({part.Data.Samples}).";
    }

    private static IEnumerable<string> Edge(EdgeConfig part)
    {
        foreach (var problem in Counts("edge", ("seeds", part.Seeds), ("steps", part.Steps), ("every", part.Every)).Concat(Pictures("edge", part.Data, 0)).Concat(Nodes("edge", part.Hidden)))
            yield return problem;
        if (part.Every >= 1 && part.Steps % part.Every != 0)
            yield return $"edge.steps ({part.Steps}) must be a multiple of edge.every ({part.Every}): the last step is measured too.";
        if (part.LearningRates.Count == 0 || part.LearningRates.Any(rate => !(rate > 0) || !double.IsFinite(rate)) || part.LearningRates.Distinct().Count() != part.LearningRates.Count)
            yield return "edge.learningRates must hold at least one number, each positive, none twice.";
    }

    private static IEnumerable<string> Scatter(ScatterConfig part)
    {
        foreach (var problem in Counts("scatter", ("seeds", part.Seeds), ("starts", part.Starts), ("samples", part.Samples)).Concat(Nodes("scatter", part.Hidden)).Concat(Descent("scatter", part.Training)))
            yield return problem;
        var parameters = Parameters([2, .. part.Hidden, 2]);
        foreach (var problem in Whole("scatter.hidden", parameters))
            yield return problem;
        if ((double)parameters * part.Starts > MostNumbers)
            yield return Invariant($"scatter.starts times the {parameters:N0} parameters of scatter.hidden must be at most {MostNumbers:N0}.");
        if (!(part.Radius > 0) || !double.IsFinite(part.Radius))
            yield return Invariant($"scatter.radius ({part.Radius}) must be positive.");
        if (!(part.Deviation > 0) || !double.IsFinite(part.Deviation))
            yield return Invariant($"scatter.deviation ({part.Deviation}) must be positive.");
    }

    private static IEnumerable<string> Sizes(SizesConfig part)
    {
        foreach (var problem in Counts("sizes", ("seeds", part.Seeds), ("samples", part.Samples)).Concat(Nodes("sizes", part.Hidden)).Concat(Descent("sizes", part.Training)))
            yield return problem;
        if (part.Hidden.Distinct().Count() != part.Hidden.Count)
            yield return "sizes.hidden must not hold a number twice.";
        var widest = part.Hidden.DefaultIfEmpty(0).Max();
        foreach (var problem in Whole("sizes.hidden", Parameters([2, widest, widest, 2])))
            yield return problem;
        if (part.Training.Steps > MostSteps)
            yield return Invariant($"sizes.training.steps ({part.Training.Steps:N0}) must be at most {MostSteps:N0}.");
        if (!(part.GradientNorm >= 0) || !double.IsFinite(part.GradientNorm))
            yield return Invariant($"sizes.gradientNorm ({part.GradientNorm}) must not be negative.");
        if (!(part.Deviation > 0) || !double.IsFinite(part.Deviation))
            yield return Invariant($"sizes.deviation ({part.Deviation}) must be positive.");
    }

    private static long Parameters(IReadOnlyList<int> widths) => widths.Zip(widths.Skip(1)).Sum(pair => (pair.First + 1L) * pair.Second);

    private static IEnumerable<string> Filters(string part, PictureSet set, IReadOnlyList<int> filters, int kernel = 3)
    {
        if (filters.Any(count => count is < 1 or > 10_000))
            yield return $"{part}.filters must hold numbers from 1 to 10000, or be empty for a fully connected network.";
        var side = Examples.Side(set);
        if (filters.Count > Math.Log2(side))
            yield return $"{part}.filters ({filters.Count} blocks) is too deep: every block halves images of {side} × {side} pixels.";
        if (kernel < 1 || kernel % 2 == 0 || kernel > side)
            yield return $"{part}.kernel ({kernel}) must be an odd number of at most {side}, the rows of an image.";
        if (filters.Zip(filters.Skip(1)).Sum(pair => (double)kernel * kernel * pair.First * pair.Second) > MostWeights)
            yield return Invariant($"{part}.filters asks for more than {MostWeights:N0} weights between filters: take fewer.");
    }

    private static IEnumerable<string> Counts(string part, params (string Path, int Value)[] counts)
        => counts.Where(count => count.Value < 1).Select(count => $"{part}.{count.Path} ({count.Value}) must be at least 1.");

    /// <summary>The memory of a whole matrix where a part takes one.</summary>
    private static IEnumerable<string> Whole(string part, long parameters)
    {
        if (parameters > MostExact)
            yield return Invariant($"{part} asks for all eigenvalues of {parameters:N0} parameters, more than {MostExact:N0}: {8e-9 * parameters * parameters:0.#} GB for each matrix. Take fewer nodes.");
    }

    private static IEnumerable<string> Nodes(string part, IReadOnlyList<int> hidden, string name = "hidden")
    {
        if (hidden.Zip(hidden.Skip(1)).Sum(pair => (double)pair.First * pair.Second) > MostWeights)
            yield return Invariant($"{part}.{name} asks for more than {MostWeights:N0} weights between hidden nodes: take fewer nodes.");
        if (hidden.Count == 0 || hidden.Any(nodes => nodes is < 1 or > 100_000))
            yield return $"{part}.{name} must hold at least one number of nodes, each between 1 and 100,000.";
    }

    private static IEnumerable<string> Descent(string part, DescentConfig training)
    {
        if (!(training.LearningRate > 0) || !double.IsFinite(training.LearningRate))
            yield return Invariant($"{part}.training.learningRate ({training.LearningRate}) must be positive.");
        if (training.Steps < 1)
            yield return $"{part}.training.steps ({training.Steps}) must be at least 1.";
    }

    /// <summary>Enough images, with some left over to test on where that is asked for.</summary>
    private static IEnumerable<string> Pictures(string part, PicturesConfig data, int left)
    {
        var available = Examples.IsDrawn(data.Set) ? (int)MostNumbers / Examples.Inputs(data.Set) : Examples.Available(data.Set);
        if (data.Samples < 1 || data.Samples > available - left)
            yield return $"{part}.data.samples ({data.Samples}) must lie between 1 and {available - left:N0}, of the {available:N0} images of {part}.data.set{(left > 0 ? ", so that some are left to test on" : "")}.";
    }
}
