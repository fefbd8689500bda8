using Understudy.Lab.Runs;
using Understudy.Studies.Parts;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>One fresh sample per step beside the equations of many inputs (P14).</summary>
internal sealed class OnlinePart(SpecializationConfig config) : IPart
{
    /// <summary>One weight of one product or update, in seconds.</summary>
    private const double Weight = 0.3e-9;

    /// <summary>Everything about a step that does not grow with N.</summary>
    private const double Step = 0.3e-6;

    /// <summary>One average of four factors, over the steps of the equations from start to fixed point.</summary>
    private const double Equations = 0.4e-3;

    private double Seeds => config.Seeds ?? config.Online.Seeds;

    /// <inheritdoc/>
    public string Name => PartNames.Online;

    /// <inheritdoc/>
    public PartCost Cost => new(Seconds, Bytes);

    private double Seconds
    {
        get
        {
            var part = config.Online;
            var steps = Seeds * part.Inputs * part.Duration * part.Batch;
            // every student node is multiplied and changed, every teacher node multiplied
            var step = Sample(part.Inputs, part.StudentNodes);
            var floors = Seeds * part.NoiseFloor.SimulatedDuration * part.NoiseFloor.SimulatedInputs
                * part.NoiseFloor.ExtraNodes.Sum(extra => Sample(part.NoiseFloor.SimulatedInputs, part.TeacherNodes + extra));
            var equations = Seeds * (Averages(part.StudentNodes) + part.NoiseFloor.ExtraNodes.Sum(extra => Averages(part.TeacherNodes + extra))) * Equations;
            return (steps * step) + floors + equations;

            double Sample(int inputs, int studentNodes) => Step + (inputs * (CostModel.FreshNumber + (Weight * ((2.0 * studentNodes) + part.TeacherNodes))));

            double Averages(int studentNodes) => Math.Pow(studentNodes * (studentNodes + (double)part.TeacherNodes), 2) / 4;
        }
    }

    /// <summary>Teachers and students, and a student's copy in a checkpoint.</summary>
    private double Bytes => Seeds * config.Online.Inputs * sizeof(float) * (config.Online.TeacherNodes + (2.0 * config.Online.StudentNodes) + config.Online.Batch);

    /// <inheritdoc/>
    public void Run(RunContext run, SharedInputs inputs, PartProgress progress, CancellationToken cancellation)
        => new OnlineExperiment(config, run).Run(progress, cancellation);
}
