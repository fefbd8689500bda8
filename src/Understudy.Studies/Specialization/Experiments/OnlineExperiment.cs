using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Learning.OnlineLearning;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Q6: students that see few samples at a time, beside the equations of many inputs started from the same order parameters (P14).</summary>
internal sealed class OnlineExperiment(SpecializationConfig config, RunContext run)
{
    private const string Name = PartNames.Online;
    internal const string Evaluations = Name + ".evaluations";
    internal const string Floor = Name + ".floor";
    internal const string FloorSimulated = Name + ".floor-simulated";
    internal const string EquationsTable = Name + ".equations";

    private const string SignFields = Name + "/sign-fields";

    /// <summary>Distance of the times at which the equations are recorded alone, as a ratio.</summary>
    private const double Later = 1.15;

    private OnlineSimulation[] _simulations = [];
    private Trajectory[] _equations = [];
    private double[] _largest = [];
    private (string Name, double Value)[] _values = [];

    private OnlineConfig Part => config.Online;

    private int Seeds => config.Seeds ?? Part.Seeds;

    private long Steps => (long)Math.Round(Part.Inputs * Part.Duration);

    /// <summary>Does what is still to be done of the part.</summary>
    internal void Run(PartProgress progress, CancellationToken cancellation)
    {
        _simulations = [.. Enumerable.Range(0, Seeds).Select(seed => OnlineNetworks.Simulation(Part, run, seed))];
        _equations = new Trajectory[Seeds];
        // cheap, and a function of the initial networks: found again when a run goes on
        run.Team.Run(Seeds, seed => _equations[seed] = Equations(_simulations[seed].Measure()));
        _largest = new double[Seeds];
        var done = Restore();
        if (done < 0)
        {
            if (Part.NoiseFloor.SimulatedDuration > 0)
                progress(0, $"{Name}: noise floor", []);
            new OnlineFloors(config, run).Run(cancellation);
            foreach (var row in _equations.SelectMany((equations, seed) => equations.Alone.Select(row => row with { Seed = seed })))
                run.Record(EquationsTable, row);
            Evaluate(done = 0);
        }

        while (done < Part.Records && !IsLearned(done))
        {
            progress((double)done / Part.Records, FormattableString.Invariant($"{Name}: t = {Time(done):0.#} of {Part.Duration:0.#}"), _values);
            if (!OnlineSimulation.RunAll(_simulations, Step(done + 1), run.Team, cancellation))
            {
                run.Checkpoint(Name, Step(done), Tensors, force: true);
                cancellation.ThrowIfCancellationRequested();
            }

            Evaluate(++done);
            run.Checkpoint(Name, Step(done), Tensors);
        }
    }

    /// <summary>Whether every seed has come down to <see cref="OnlineConfig.StopAt"/> at a record; between records, where a cancelled run may begin, nobody asks.</summary>
    private bool IsLearned(int record) => Part.StopAt > 0 && _simulations.All(
        simulation => simulation.Step == Step(record) && simulation.Measure().GeneralizationError(Part.Activation) <= Part.StopAt);

    private long Step(int record) => Steps * record / Part.Records;

    private double Time(int record) => (double)Step(record) / Part.Inputs;

    private Trajectory Equations(OrderParameters start)
    {
        var flow = new OrderParameterFlow(Part.Options, start);
        var records = new OrderParameters[Part.Records + 1];
        for (var record = 0; record < records.Length; record++)
        {
            flow.AdvanceTo(Time(record));
            records[record] = flow.Now.Copy();
            // what cannot be followed any further is told as such
            if (!flow.IsFinite)
                records[record].Q.Fill(double.NaN);
        }

        var alone = new List<OnlineEquationsRow>();
        for (var time = Part.Duration * Later; time < Part.EquationsDuration * Later && flow.IsFinite; time *= Later)
        {
            flow.AdvanceTo(Math.Min(time, Part.EquationsDuration));
            var now = flow.Now;
            alone.Add(new OnlineEquationsRow(0, 0, flow.Time, now.GeneralizationError(Part.Activation), now.Q.ToArray(), now.R.ToArray(), now.FanOut.ToArray()));
        }

        return new Trajectory(records, alone);
    }

    private void Evaluate(int record)
    {
        var rows = new OnlineRow[Seeds];
        run.Team.Run(Seeds, seed => rows[seed] = Row(seed, record, _simulations[seed].Measure(), _equations[seed].Records[record]));
        var errors = new List<double>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var row = rows[seed];
            run.Record(Evaluations, row);
            if (row.Diverged)
                continue;
            errors.Add(row.Error);
            _largest[seed] = Math.Max(_largest[seed], row.Deviation);
        }

        _values = errors.Count == 0 ? [] : [("error", Statistics.Median(errors)), ("deviation", Statistics.Median(_largest))];
    }

    private OnlineRow Row(int seed, int record, OrderParameters student, OrderParameters equations)
    {
        var (error, expected) = (student.GeneralizationError(Part.Activation), equations.GeneralizationError(Part.Activation));
        return new OnlineRow(
            seed, Step(record), Time(record), !double.IsFinite(error) || !double.IsFinite(expected), error, expected,
            student.Q.ToArray(), student.R.ToArray(), student.FanOut.ToArray(),
            equations.Q.ToArray(), equations.R.ToArray(), equations.FanOut.ToArray(),
            SignError(student), SignError(equations));

        double? SignError(OrderParameters overlaps)
            => Part.SignSamples > 0 ? ClassificationError.Of(overlaps, Part.Activation, run.Random(SignFields, seed), Part.SignSamples) : null;
    }

    private int Restore()
    {
        if (run.Restore(Name) is not { } checkpoint)
            return -1;
        var weights = checkpoint.Tensors["weights"].Floats;
        var fanOuts = checkpoint.Tensors["fanOuts"].Doubles;
        var steps = checkpoint.Tensors["steps"].Doubles;
        checkpoint.Tensors["deviations"].Doubles.CopyTo(_largest);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var student = _simulations[seed].Student;
            var (size, nodes) = (student.Weights.Length, student.Nodes);
            _simulations[seed].Restore((long)steps[seed], weights.Slice(seed * size, size), fanOuts.Slice(seed * nodes, nodes));
        }

        return Enumerable.Range(0, Part.Records + 1).First(record => Step(record) >= checkpoint.Step);
    }

    /// <summary>Every simulation where it stands: when cancelled they stop at steps of their own.</summary>
    private Tensor[] Tensors()
    {
        var students = _simulations.Select(simulation => simulation.Student).ToArray();
        return
        [
            Tensor.Of("weights", students.SelectMany(student => student.Weights).ToArray(), Seeds, Part.StudentNodes, Part.Inputs),
            Tensor.Of("fanOuts", students.SelectMany(student => student.FanOut).ToArray(), Seeds, Part.StudentNodes),
            Tensor.Of("steps", _simulations.Select(simulation => (double)simulation.Step).ToArray(), Seeds),
            Tensor.Of("deviations", [.. _largest], Seeds),
        ];
    }

    /// <summary>The equations of one seed: at the time of every record, and what comes after the simulation.</summary>
    private sealed record Trajectory(OrderParameters[] Records, IReadOnlyList<OnlineEquationsRow> Alone);
}
