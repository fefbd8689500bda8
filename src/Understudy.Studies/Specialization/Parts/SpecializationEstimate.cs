using Understudy.Lab;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>What a run costs, from the numbers of steps and evaluations and what one of each took.</summary>
/// <remarks>
/// The constants were measured with the preset quick, part by part on one thread of an AMD Zen 3 core with 256-bit registers; without part multi-layer,
/// whose training takes the same rate, they give 27 s on two threads, and the run took 29. Other machines differ by a factor of two or so.
/// </remarks>
internal static class SpecializationEstimate
{
    /// <summary>Multiplications and additions per second while training in 32 bits.</summary>
    private const double TrainingRate = 29e9;

    private const double PrecisionFactor = 2;

    /// <summary>One normal number of a fresh sample, in seconds.</summary>
    private const double FreshNumber = 10e-9;

    /// <summary>Everything about one sample of an evaluation but its products.</summary>
    private const double EvaluatedSample = 0.8e-6;

    private const double ForwardRate = 15e9;

    /// <summary>One entry of a correlation matrix, per sample.</summary>
    private const double CorrelationEntry = 1e-9;

    /// <summary>Multiplications and additions of a Jacobian per second, those of inactive nodes counted although they are skipped.</summary>
    private const double JacobianRate = 3e9;

    /// <summary>Starting, judging, drawing and writing the report.</summary>
    private const double Around = 1.6;

    private const double Efficiency = 0.95;

    private const double ProgramBytes = 90e6;

    /// <summary>What the sample tables take in memory, over their own size.</summary>
    private const double TableFactor = 1.5;

    /// <summary>Rate of the sums over pixels behind a principal component analysis.</summary>
    private const double PixelRate = 10e9;

    /// <summary>What reading and transforming images takes in memory, over the size of the images; measured with mnist and cifar10.</summary>
    private const double PixelFactor = 2;

    internal static RunEstimate Of(SpecializationConfig config, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var parts = config.Parts.SelectMany(part => part switch
        {
            SpecializationPart.Lucky => [Lucky(config)],
            SpecializationPart.MultiLayer => [MultiLayer(config)],
            SpecializationPart.Online => [(OnlineEstimate.Seconds(config), OnlineEstimate.Bytes(config))],
            _ => TwoLayer(config, part),
        }).ToArray();
        var seconds = Around + ((Pixels(config) + parts.Sum(part => part.Seconds)) / (threads == 1 ? 1 : threads * Efficiency));
        // one part after the other, so memory is that of the largest
        return new RunEstimate(TimeSpan.FromSeconds(seconds), (long)(ProgramBytes + PixelBytes(config) + parts.Max(part => part.Bytes)));
    }

    private static IEnumerable<(double Seconds, double Bytes)> TwoLayer(SpecializationConfig config, SpecializationPart part)
        => SpecializationParts.Plans(config, part).Select(plan => TwoLayer(config, plan, Dimension(config, part)));

    private static (double Seconds, double Bytes) TwoLayer(SpecializationConfig config, ExperimentPlan plan, int dimension)
    {
        double cells = (double)plan.Seeds * plan.Teacher.FanOutDecay.Count;
        double samples = plan.Sets.Sum(set => (double)set.Samples);
        var seconds = Training(config, plan.Cost(dimension)) + GeometryCost.Seconds(plan, dimension);
        var parameters = 0.0;
        foreach (var overRealization in plan.Student.OverRealization)
        {
            var nodes = InitialStudent.Nodes(overRealization, plan.Teacher.Nodes);
            // after every epoch and before the first; training samples at the early epoch and the end
            var evaluated = (plan.Evaluation * (plan.Training.Epochs + 1.0) * plan.Sets.Count) + (2 * samples);
            seconds += cells * evaluated * Evaluated(dimension, nodes, plan.Teacher);
            parameters += cells * plan.Sets.Count * nodes * (dimension + plan.Teacher.Outputs + 1.0);
        }

        // inputs are shared by the cells of a seed, labels by those of a teacher
        var perSample = (plan.Seeds * (double)dimension) + (cells * (plan.Teacher.Outputs + plan.Teacher.Nodes));
        return (seconds, (TableFactor * sizeof(float) * (samples + plan.Evaluation) * perSample) + (4 * sizeof(double) * parameters));
    }

    private static (double Seconds, double Bytes) Lucky(SpecializationConfig config)
    {
        var lucky = config.Lucky;
        var (widths, seeds) = (lucky.Widths, (double)(config.Seeds ?? lucky.Seeds));
        var teacher = new TeacherConfig { Nodes = widths[1], Outputs = widths[2] };
        var groups = lucky.OverRealization.Count;
        // every step draws its samples and labels them
        var fresh = seeds * groups * lucky.Training.Epochs * lucky.Training.EpochSteps * lucky.Training.Batch;
        var labels = 2.0 * widths[1] * (widths[0] + widths[2]);
        // lucky nodes always use 32 bits
        var seconds = (LuckyPart.Cost(config) / TrainingRate) + (fresh * ((FreshNumber * widths[0]) + (labels / TrainingRate)));
        foreach (var overRealization in lucky.OverRealization)
            seconds += seeds * lucky.Evaluation * (lucky.Training.Epochs + 1.0) * Evaluated(widths[0], InitialStudent.Nodes(overRealization, widths[1]), teacher);
        return (seconds, TableFactor * sizeof(float) * seeds * groups * lucky.Evaluation * widths.Sum());
    }

    private static (double Seconds, double Bytes) MultiLayer(SpecializationConfig config)
    {
        var (plan, part) = (new MultiLayerPlan(config), config.MultiLayer);
        var seconds = Training(config, plan.Cost(config.Precision == TrainingPrecision.F64 ? 4 : 8));
        var bytes = TableFactor * sizeof(float) * plan.Seeds * (part.Data.Samples.Max() + (double)part.Measures.Evaluation) * (part.Data.Dimension + part.Networks.Outputs);
        foreach (var cell in plan.Cells)
        {
            var student = plan.Network(cell.OverRealization);
            double weights = student.Layout.Count + plan.Teacher.Layout.Count;
            var (pairs, chain) = (0.0, 0.0);
            for (var layer = 1; layer < student.Layers; layer++)
            {
                pairs += (double)student.Widths[layer] * plan.Teacher.Widths[layer];
                chain += layer == student.Layers - 1 ? 0 : (double)student.Widths[layer] * student.Widths[layer + 1];
            }

            var evaluated = ((part.Measures.Stages + part.Training.RateStarts.Count) * (double)part.Measures.During) + part.Measures.Evaluation + cell.Samples;
            seconds += plan.Seeds * evaluated * (EvaluatedSample + (weights / ForwardRate) + (CorrelationEntry * pairs));
            seconds += plan.Seeds * part.Measures.Jacobians * chain * part.Networks.Outputs / JacobianRate;
            bytes += plan.Seeds * ((sizeof(float) * (double)cell.Samples * (part.Data.Dimension + part.Networks.Outputs)) + (4.0 * sizeof(double) * student.Layout.Count));
        }

        return (seconds, bytes);
    }

    private static double Training(SpecializationConfig config, double operations)
        => operations / TrainingRate * (config.Precision == TrainingPrecision.F64 ? PrecisionFactor : 1);

    /// <summary>Seconds of one sample of one student.</summary>
    private static double Evaluated(int dimension, int nodes, TeacherConfig teacher)
        => EvaluatedSample + (nodes * (dimension + teacher.Outputs) / ForwardRate) + (CorrelationEntry * nodes * teacher.Nodes);

    /// <summary>Inputs of a part; pixels may be fewer where some have no variance.</summary>
    private static int Dimension(SpecializationConfig config, SpecializationPart part)
        => part != SpecializationPart.Boundaries && PixelInputs.IsPixels(config.Data.Kind)
            ? config.Data.Dimension.Count ?? PixelInputs.Pixels(config.Data.Kind)
            : SpecializationParts.DrawnDimension(config, part);

    private static double Pixels(SpecializationConfig config)
    {
        if (PixelInputs.Needs(config).Count == 0)
            return 0;
        double pixels = PixelInputs.Pixels(config.Data.Kind);
        return PixelRows(config) * pixels * (config.Data.Dimension.Count is null ? 2 : pixels) / PixelRate;
    }

    /// <summary>The whole set as bytes, and the chosen images as they are read and transformed.</summary>
    private static double PixelBytes(SpecializationConfig config)
    {
        if (PixelInputs.Needs(config).Count == 0)
            return 0;
        double pixels = PixelInputs.Pixels(config.Data.Kind);
        return PixelFactor * ((pixels * PixelInputs.TrainingImages(config.Data.Kind)) + (PixelRows(config) * (pixels + (sizeof(float) * (config.Data.Dimension.Count ?? pixels)))));
    }

    private static double PixelRows(SpecializationConfig config)
        => PixelInputs.Sizes(config).Where(size => config.Parts.Contains(size.Part)).Max(size => size.Samples + (double)size.Evaluation);
}
