namespace Understudy.Studies.RandomTeacher;

/// <summary>Part targets.</summary>
public sealed record TargetsConfig
{
    /// <summary>Shares of training labels that are drawn at random: 0 is supervised training, 1 has labels that say nothing. Empty for no labels.</summary>
    public IReadOnlyList<double> LabelNoise { get; init; } = [0, 0.5, 1];

    /// <summary>Temperatures of normal logits, which are drawn once for every image and output and divided by it, whatever training.teacherTemperature is. Empty for none.</summary>
    public IReadOnlyList<double> Temperatures { get; init; } = [1];

    /// <summary>Outputs that have such logits.</summary>
    public int Outputs { get; init; } = 256;

    /// <summary>Whether the pixels of an image are a target too, under the squared difference, which needs training.teacherTemperature and training.studentTemperature of 1.</summary>
    public bool Inputs { get; init; } = true;
}
