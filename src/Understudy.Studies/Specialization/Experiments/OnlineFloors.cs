using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Learning.OnlineLearning;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Where students end under label noise: the fixed point of the equations, and simulations beside it where they are asked for.</summary>
internal sealed class OnlineFloors(SpecializationConfig config, RunContext run)
{
    /// <summary>Times of the second half of a simulation over which its error is averaged.</summary>
    private const int Looks = 100;

    private OnlineConfig Part => config.Online;

    private NoiseFloorConfig Floor => config.Online.NoiseFloor;

    private OnlineLearningOptions Options => new() { LearningRate = Floor.LearningRate, Noise = Floor.Noise };

    /// <summary>Records one row for every seed and number of nodes. What is cancelled begins again.</summary>
    internal void Run(CancellationToken cancellation)
    {
        var rows = new NoiseFloorRow[(config.Seeds ?? Part.Seeds) * Floor.ExtraNodes.Count];
        run.Team.Run(rows.Length, at => rows[at] = Equations(at / Floor.ExtraNodes.Count, Floor.ExtraNodes[at % Floor.ExtraNodes.Count]));
        foreach (var row in rows)
            run.Record(OnlineExperiment.Floor, row);
        if (Floor.SimulatedDuration == 0)
            return;
        var simulated = new SimulatedFloorRow[rows.Length];
        run.Team.Run(rows.Length, at => simulated[at] = Simulated(rows[at], cancellation));
        cancellation.ThrowIfCancellationRequested();
        foreach (var row in simulated)
            run.Record(OnlineExperiment.FloorSimulated, row);
    }

    private NoiseFloorRow Equations(int seed, int extra)
    {
        var nodes = Part.TeacherNodes + extra;
        var flow = new OrderParameterFlow(Options, OnlineNetworks.NearTeacher(nodes, Part.TeacherNodes, run, seed));
        flow.AdvanceTo(Floor.Duration);
        var formula = Floor.Noise * Floor.Noise * Floor.LearningRate / (2 * Math.PI) * (extra + (Part.TeacherNodes / Math.Sqrt(3)));
        return new NoiseFloorRow(seed, 0, nodes, flow.Time, flow.Speed(), flow.Now.GeneralizationError(FieldActivation.Erf), formula);
    }

    private SimulatedFloorRow Simulated(NoiseFloorRow expected, CancellationToken cancellation)
    {
        var simulation = OnlineNetworks.Floor(Options, Floor.SimulatedInputs, expected.StudentNodes, Part.TeacherNodes, run, expected.Seed);
        var steps = (long)Math.Round(Floor.SimulatedInputs * Floor.SimulatedDuration);
        var errors = new double[Looks];
        for (var look = 0; look < Looks; look++)
        {
            simulation.Run((steps / 2) + ((steps - (steps / 2)) * (look + 1) / Looks), cancellation);
            errors[look] = simulation.Measure().GeneralizationError(FieldActivation.Erf);
        }

        var mean = Statistics.Mean(errors);
        return new SimulatedFloorRow(
            expected.Seed, simulation.Step, expected.StudentNodes, Floor.SimulatedInputs, (double)simulation.Step / Floor.SimulatedInputs,
            mean, Math.Sqrt(errors.Sum(error => (error - mean) * (error - mean)) / (Looks - 1)), expected.Error, expected.Formula);
    }
}
