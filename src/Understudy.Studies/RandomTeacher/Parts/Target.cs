using Understudy.Lab.Runs;
using Understudy.Learning.Distillation;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>What students learn in place of a teacher's outputs.</summary>
internal enum TargetKind
{
    /// <summary>The classes, a share of them drawn at random.</summary>
    Labels,

    /// <summary>Normal numbers as logits, the same whenever an image is seen.</summary>
    Logits,

    /// <summary>The pixels of the image.</summary>
    Inputs,
}

/// <summary>Logits for every image that no network has given.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Value">The share of labels that are drawn, or the temperature.</param>
internal sealed record Target(TargetKind Kind, double Value = 0)
{
    // e^−30 is nothing beside the sum in single precision
    private const float Certain = 30;

    /// <summary>The end of a head whose outputs are free: one fully connected layer.</summary>
    internal const string Shape = "-/lb/-/-/-/-";

    /// <summary>Pixels are compared as numbers, all else as probabilities.</summary>
    internal DistillationObjective Objective => Kind == TargetKind.Inputs ? DistillationObjective.MeanSquared : DistillationObjective.CrossEntropy;

    /// <summary>Whether a seed has rows of its own: pixels are those of all.</summary>
    internal bool HasOwnRows => Kind != TargetKind.Inputs;

    /// <summary>The logits [images, outputs].</summary>
    /// <param name="pictures">The images.</param>
    /// <param name="images">How many of them.</param>
    /// <param name="outputs">m.</param>
    /// <param name="temperature">What the training divides logits by: labels and normal logits are multiplied by it, so that they are as sharp as they say.</param>
    /// <param name="run">Whose random numbers are drawn.</param>
    /// <param name="seed">For which seed.</param>
    internal float[] Rows(Pictures pictures, int images, int outputs, double temperature, RunContext run, int seed) => Kind switch
    {
        TargetKind.Labels => Labels(pictures, images, outputs, temperature, run, seed),
        TargetKind.Logits => Logits(images, outputs, temperature, run, seed),
        _ => pictures.Train.Values[..(images * outputs)].ToArray(),
    };

    private float[] Labels(Pictures pictures, int images, int outputs, double temperature, RunContext run, int seed)
    {
        var (rows, random) = (new float[images * outputs], run.Random(Purposes.Labels, seed));
        var (uniform, drawn) = (new double[images], new int[images]);
        random.FillUniform(0, uniform);
        random.FillIndices(1, outputs, drawn);
        for (var i = 0; i < images; i++)
            rows[(i * outputs) + (uniform[i] < Value ? drawn[i] : pictures.Train.Labels[i])] = (float)(Certain * temperature);
        return rows;
    }

    private float[] Logits(int images, int outputs, double temperature, RunContext run, int seed)
    {
        var (rows, random) = (new float[images * outputs], run.Random(Purposes.Logits, seed));
        for (var i = 0; i < images; i++)
            random.FillNormal(i, rows.AsSpan(i * outputs, outputs));
        foreach (ref var logit in rows.AsSpan())
            logit = logit * (float)temperature / (float)Value;
        return rows;
    }
}
