using static System.FormattableString;

namespace Understudy.Studies.Specialization;

/// <summary>What settings of part online do not fit together, in sentences.</summary>
internal static class OnlineProblems
{
    // the equations cost O(K²(K + M)²) per step
    private const int MostNodes = 50;

    // 400 MB of weights per seed
    private const double MostWeights = 1e8;

    internal static IEnumerable<string> Of(OnlineConfig part)
    {
        foreach (var (path, value) in new[] { ("seeds", part.Seeds), ("inputs", part.Inputs), ("teacherNodes", part.TeacherNodes), ("studentNodes", part.StudentNodes), ("records", part.Records), ("batch", part.Batch), ("noiseFloor.simulatedInputs", part.NoiseFloor.SimulatedInputs) })
        {
            if (value < 1)
                yield return $"online.{path} ({value}) must be at least 1.";
        }

        if ((double)part.TeacherNodes + part.StudentNodes > MostNodes)
            yield return $"online.teacherNodes ({part.TeacherNodes}) and online.studentNodes ({part.StudentNodes}) together must be at most {MostNodes}: the equations cost the fourth power of the number of nodes.";
        else if (part.Inputs * ((double)part.TeacherNodes + part.StudentNodes) > MostWeights)
            yield return Invariant($"online.inputs ({part.Inputs}) gives networks of more than {MostWeights:N0} weights: lower it or the numbers of nodes.");
        foreach (var (path, value) in new[] { ("learningRate", part.LearningRate), ("duration", part.Duration), ("teacherGain", part.TeacherGain), ("equationsDuration", part.EquationsDuration), ("noiseFloor.learningRate", part.NoiseFloor.LearningRate), ("noiseFloor.noise", part.NoiseFloor.Noise), ("noiseFloor.duration", part.NoiseFloor.Duration) })
        {
            if (!(value > 0 && double.IsFinite(value)))
                yield return Invariant($"online.{path} ({value}) must be positive.");
        }

        foreach (var (path, value) in new[] { ("outputLearningRate", part.OutputLearningRate), ("noise", part.Noise), ("weightDecay", part.WeightDecay), ("stopAt", part.StopAt), ("signSamples", part.SignSamples), ("noiseFloor.simulatedDuration", part.NoiseFloor.SimulatedDuration) })
        {
            if (!(value >= 0 && double.IsFinite(value)))
                yield return Invariant($"online.{path} ({value}) must not be negative.");
        }

        if (part.Batch * (part.Inputs + 1.0) > MostWeights)
            yield return Invariant($"online.batch ({part.Batch}) samples of online.inputs ({part.Inputs}) numbers are more than {MostWeights:N0}: lower one of them.");
        if (!(part.TeacherDensity is > 0 and <= 1))
            yield return Invariant($"online.teacherDensity ({part.TeacherDensity}) must be above 0 and at most 1.");
        if (part.TrainingSet is { } alpha && !(alpha > 0 && Math.Round(alpha * part.Inputs) is >= 1 and <= int.MaxValue))
            yield return Invariant($"online.trainingSet ({alpha}) must give at least one sample of online.inputs ({part.Inputs}), and no more than {int.MaxValue:N0}, or be null.");
        // samples are addresses of random numbers, which have 32 bits
        if (part.Inputs >= 1 && part.Inputs * part.Duration * part.Batch > uint.MaxValue)
            yield return Invariant($"online.duration ({part.Duration}) times online.inputs ({part.Inputs}) and online.batch ({part.Batch}) is more than {uint.MaxValue:N0} samples.");
        if (part.NoiseFloor.SimulatedInputs * part.NoiseFloor.SimulatedDuration > uint.MaxValue)
            yield return Invariant($"online.noiseFloor.simulatedDuration ({part.NoiseFloor.SimulatedDuration}) times online.noiseFloor.simulatedInputs ({part.NoiseFloor.SimulatedInputs}) is more than {uint.MaxValue:N0} samples.");
        if (part.NoiseFloor.SimulatedDuration > 0 && part.NoiseFloor.SimulatedInputs < part.TeacherNodes)
            yield return Invariant($"online.noiseFloor.simulatedInputs ({part.NoiseFloor.SimulatedInputs}) must be at least online.teacherNodes ({part.TeacherNodes}): the teacher's nodes are orthogonal.");
        if (part.Records >= 1 && Math.Round(part.Inputs * part.Duration) < part.Records)
            yield return Invariant($"online.records ({part.Records}) is more than the steps of the part, online.inputs times online.duration.");
        if (part.NoiseFloor.ExtraNodes.Any(nodes => nodes < 0 || nodes + (2L * part.TeacherNodes) > MostNodes))
            yield return $"online.noiseFloor.extraNodes must not be negative, and with twice online.teacherNodes ({part.TeacherNodes}) at most {MostNodes}.";
        if (part.NoiseFloor.ExtraNodes.Distinct().Count() != part.NoiseFloor.ExtraNodes.Count)
            yield return "online.noiseFloor.extraNodes must not hold a number twice.";
    }
}
