using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Runs;
using Understudy.Studies;
using Understudy.Studies.Hessian;
using Understudy.Studies.Kept;
using Understudy.UnitTests.Cli;

namespace Understudy.UnitTests.Studies;

/// <summary>Networks that are opened from runs, beside what these runs recorded themselves.</summary>
public sealed class KeptNetworksTests(SmokeRuns runs)
{
    /// <summary>Studies, and the networks whose losses they record.</summary>
    public static TheoryData<string, int, int> Studies => new()
    {
        { "specialization", 16, 16 },
        { "hessian", 16, 16 },
        { "random-teacher", 7, 2 },
    };

    [Theory]
    [MemberData(nameof(Studies))]
    public void The_loss_of_every_network_is_the_one_its_run_recorded(string name, int kept, int recorded)
    {
        using var team = new Team(2);
        var networks = Open(name, team);

        var opened = networks.SelectMany(network => network.Sets.Select(set => network.Open(network.Count - 1, network.Steps[^1], set, team))).ToArray();

        var known = opened.Where(one => one.Recorded is not null).ToArray();
        Assert.Equal(kept, networks.Count);
        Assert.Equal(recorded, known.Select(one => one.Of.Name).Distinct().Count());
        // passes of the runs are in single precision, over some hundred terms
        Assert.All(known, one => Assert.Equal(one.Recorded!.Value, one.Value, 1e-5 * Math.Abs(one.Recorded.Value)));
    }

    [Fact]
    public void Every_kept_step_of_a_training_is_opened_with_the_loss_it_had()
    {
        using var team = new Team(2);
        var path = Open("hessian", team).Single(network => network.Name == "path.phases");

        var opened = path.Steps.Select(step => path.Open(1, step, "training", team)).ToArray();

        Assert.Equal([0, 60, 120], new[] { path.Steps[0], path.Steps[15], path.Steps[^1] });
        // evaluated by the same passes
        Assert.All(opened, one => Assert.Equal(one.Recorded!.Value, one.Value, 1e-12));
        Assert.True(opened[^1].Value < opened[0].Value);
    }

    [Fact]
    public void A_run_whose_settings_were_changed_is_refused_by_its_loss()
    {
        using var team = new Team(1);
        var run = Copy("hessian");
        Change(run, "\"deviations\": [\n      0.2,", "\"deviations\": [\n      0.3,");
        var blobs = Networks(new HessianStudy(), run, team).Single(network => network.Name == "blobs.d0.3");

        var error = Assert.Throws<RunException>(() => blobs.Open(0, 200, KeptNetwork.Training, team));

        Assert.Contains("the loss of blobs.d0.3, seed 0, at step 200 is ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("its settings, its data or its files were changed, or another version ran it\n  put them back, or run it again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_that_is_not_the_one_that_was_kept_is_refused()
    {
        using var team = new Team(1);
        var run = Copy("specialization");
        Change(run, "\"seed\": 1\n", "\"seed\": 2\n");
        var student = Networks(StudyCatalog.Find("specialization")!, run, team)[0];

        var error = Assert.Throws<UnreadableFileException>(() => student.Open(0, student.Steps[^1], KeptNetwork.Training, team));

        Assert.Contains("the teacher of seed 0 that the settings of the run give is not the one it kept", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_diverged_is_refused_with_what_else_there_is()
    {
        using var team = new Team(1);
        var run = Copy("specialization");
        var path = run.File(Path.Combine("arrays", "boundaries.weights-200.safetensors"));
        var tensors = InputFile.Read(path, SafeTensors.Read).Tensors;
        var weights = tensors["r3.hidden.weight"];
        using (var file = File.Create(path))
            SafeTensors.Write(file, [.. tensors.Values.Where(tensor => tensor != weights), Tensor.Of(weights.Name, [float.NaN, .. weights.Floats[1..]], [.. weights.Shape])]);
        var student = Networks(StudyCatalog.Find("specialization")!, run, team).Single(network => network.Name == "boundaries.r3");

        var error = Assert.Throws<RunException>(() => student.Open(0, 200, KeptNetwork.Training, team));

        Assert.Contains("boundaries.r3, seed 0, diverged: its parameters at step 200 are not finite\n  take another one of 2, or an earlier step of 0, 50, 100, 150, 200", error.Message, StringComparison.Ordinal);
        Assert.NotNull(student.Open(1, 200, KeptNetwork.Training, team).Recorded);
    }

    [Fact]
    public void Runs_without_networks_and_runs_that_are_not_finished_are_refused()
    {
        using var team = new Team(1);
        var hessian = Copy("hessian");
        Directory.Delete(hessian.File("checkpoints"), recursive: true);
        var begun = runs.Create(new HessianStudy());
        var fake = RunDirectory.CreateAt(runs.NewPath(), new FakeStudy(), new FakeStudy().DefaultConfig, []);

        string Refused(IStudy study, RunDirectory run) => Assert.Throws<RunException>(() => Networks(study, run, team)).Message;

        Assert.StartsWith($"{hessian.Path} kept no networks: of its parts widths, clusters, batches, path, blobs, matrices, lines, edge, scatter, sizes none keeps any, or their checkpoints were removed\n", Refused(new HessianStudy(), hessian), StringComparison.Ordinal);
        Assert.Equal($"{begun.Path} is not finished: it is pending\n  finish it: understudy resume {begun.Path}", Refused(new HessianStudy(), begun));
        Assert.Contains(", which keeps no networks\n", Refused(new FakeStudy(), fake), StringComparison.Ordinal);
    }

    /// <summary>Changes a setting of a run, as nobody should.</summary>
    private static void Change(RunDirectory run, string from, string to)
    {
        var text = File.ReadAllText(run.File("config.json"));
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(run.File("config.json"), text.Replace(from, to, StringComparison.Ordinal));
    }

    private static IReadOnlyList<KeptNetwork> Networks(IStudy study, RunDirectory run, Team team)
        => KeptNetworks.Of(study, run, team, set => throw new InvalidOperationException($"{set} is not there."));

    private IReadOnlyList<KeptNetwork> Open(string name, Team team) => Networks(StudyCatalog.Find(name)!, runs.Whole(StudyCatalog.Find(name)!), team);

    private RunDirectory Copy(string name) => runs.Remains(runs.Whole(StudyCatalog.Find(name)!));
}
