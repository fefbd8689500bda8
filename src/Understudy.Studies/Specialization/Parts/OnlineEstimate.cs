namespace Understudy.Studies.Specialization.Parts;

/// <summary>What part online costs.</summary>
/// <remarks>The constants were measured with the preset quick on one core of an AMD Zen 3 processor; see <see cref="SpecializationEstimate"/>.</remarks>
internal static class OnlineEstimate
{
    /// <summary>One input of a fresh sample, in seconds.</summary>
    private const double FreshNumber = 10e-9;

    /// <summary>One weight of one product or update.</summary>
    private const double Weight = 0.3e-9;

    /// <summary>Everything about a step that does not grow with N.</summary>
    private const double Step = 0.3e-6;

    /// <summary>One average of four factors, over the steps of the equations from start to fixed point.</summary>
    private const double Equations = 0.4e-3;

    /// <summary>Operations per second that progress compares parts by.</summary>
    private const double Rate = 29e9;

    internal static double Seconds(SpecializationConfig config)
    {
        var part = config.Online;
        var steps = (double)(config.Seeds ?? part.Seeds) * part.Inputs * part.Duration;
        // every student node is multiplied and changed, every teacher node multiplied
        var step = Step + (part.Inputs * (FreshNumber + (Weight * ((2.0 * part.StudentNodes) + part.TeacherNodes))));
        var equations = (config.Seeds ?? part.Seeds) * (Averages(part.StudentNodes) + part.NoiseFloor.ExtraNodes.Sum(extra => Averages(part.TeacherNodes + extra))) * Equations;
        return (steps * step) + equations;

        double Averages(int studentNodes) => Math.Pow(studentNodes * (studentNodes + (double)part.TeacherNodes), 2) / 4;
    }

    internal static double Bytes(SpecializationConfig config)
    {
        var part = config.Online;
        // teachers and students, and a student's copy in a checkpoint
        return (double)(config.Seeds ?? part.Seeds) * part.Inputs * sizeof(float) * (part.TeacherNodes + (2.0 * part.StudentNodes) + 1);
    }

    /// <summary>Relative cost, to share out progress.</summary>
    internal static double Cost(SpecializationConfig config) => Seconds(config) * Rate;
}
