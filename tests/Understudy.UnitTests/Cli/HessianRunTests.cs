using System.Text.Json.Nodes;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Studies;
using Understudy.Studies.Hessian;
using Understudy.Studies.RandomTeacher.FollowUps;
using Understudy.Studies.Specialization;
using Understudy.UnitTests.Studies;

namespace Understudy.UnitTests.Cli;

/// <summary>The tool on runs of ours, beside what these runs measured themselves.</summary>
public sealed class HessianRunTests(SmokeRuns runs) : IDisposable
{
    private readonly Terminal _terminal = new() { Studies = StudyCatalog.All };

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void Largest_eigenvalues_are_those_that_the_run_recorded()
    {
        var record = RecordedRun.Open(new HessianStudy(), RunDirectory.Open(Hessian));
        (string Network, IReadOnlyList<double> Top)[] recorded =
        [
            ("widths.n3", record.Table<SpectrumRow>("widths.spectra").Single(row => row is { Seed: 1, Hidden: 3, Stage: TrainingStage.End }).Top),
            ("clusters.k3", record.Table<OutlierRow>("clusters.outliers").Single(row => row is { Seed: 1, Classes: 3 }).Top),
            ("batches.large", record.Table<BatchRow>("batches.spectra").Single(row => row is { Seed: 1, Batch: 40 }).Top),
            ("blobs.d0.6", record.Table<BlobRow>("blobs.spectra").Single(row => row is { Seed: 1, Deviation: 0.6 }).Top),
            ("scatter", [record.Table<StartRow>("scatter.starts").Single(row => row is { Seed: 0, Start: 1 }).Largest]),
        ];

        var edge = record.Table<EdgeRow>("edge.sharpness").Single(row => row.Seed == 1);
        Assert.Equal(2 * edge.Sharpness[^1] / edge.LearningRate, (double)Json("top", Hessian, "--network", "edge", "--index", "1", "--top", "1", "--bottom", "0")["top"]![0]!["value"]!, 1e-3 * edge.Sharpness[^1]);
        Assert.All(recorded, of =>
        {
            var found = Json("top", Hessian, "--network", of.Network, "--index", "1", "--top", "2", "--bottom", "0")["top"]!.AsArray().Select(pair => (double)pair!["value"]!).ToArray();
            // part batches stops its search at 1e-4
            Assert.All(found.Zip(of.Top), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * of.Top[0]));
        });
    }

    [Fact]
    public void The_spectrum_of_a_student_is_the_one_that_its_run_took()
    {
        var run = Train("parts=[two-layer]", "seeds=2", "twoLayer.teacher.nodes=3", "twoLayer.data.samples=80", "twoLayer.training.epochs=2", "twoLayer.measures.curvature=50");
        var recorded = RecordedRun.Open(new SpecializationStudy(), run).Table<CurvatureRow>("two-layer.curvature").Single(row => row is { Seed: 1, OverRealization: 2, FanOutDecay: 1 });

        var document = Json("spectrum", run.Path, "--network", "two-layer.r2.p1", "--index", "1", "--examples", "50");

        var values = HessianFiles.Numbers(document["eigenvalues"]);
        Assert.Equal(recorded.Parameters, values.Length);
        // weights are kept in single precision, in which they were trained
        Assert.Equal(recorded.Largest, values[0], 1e-9 * recorded.Largest);
        Assert.Equal(recorded.Negative, values.Count(value => value < -1e-10 * values[0]));
        Assert.Equal(200, (int)document["model"]!["run"]!["models"]![0]!["step"]!);
    }

    [Fact]
    public void A_student_of_random_teacher_has_the_curvature_that_its_follow_up_finds()
    {
        using var team = new Team(1);
        var directory = runs.Whole(StudyCatalog.Find("random-teacher")!);
        var follow = CurvatureFollowUp.Of(FinishedRun.Open(directory, null, team, _ => ""), new StudentCurvatureOptions { Seed = 1, Top = 2, Tolerance = 1e-8 });

        var student = Json("top", directory.Path, "--network", "valley.images", "--index", "1", "--top", "2", "--bottom", "1");

        Assert.Equal(follow.AtStudent.Hessian[1], (double)student["top"]![1]!["value"]!, 1e-6 * follow.AtStudent.Hessian[0]);
        Assert.Equal(follow.AtStudent.Smallest, (double)student["bottom"]![0]!["value"]!, 1e-6 * follow.AtStudent.Hessian[0]);
        Assert.Equal(follow.AtStudent.Divergence, (double)student["loss"]!, 1e-9);
    }

    [Fact]
    public void A_track_goes_over_all_kept_steps_and_says_which_each_is()
    {
        var track = Json("track", Hessian, "--network", "lines.stochastic", "--index", "1", "--top", "2", "--bottom", "1");

        var rows = track["models"]!.AsArray().Select(row => row!.AsObject()).ToArray();
        Assert.Equal([0, 20, 40, 60], rows.Select(row => (int)row["step"]!));
        Assert.All(rows, row => Assert.Equal(($"step {row["step"]}", "lines.stochastic", 1), ((string)row["model"]!, (string)row["network"]!, (int)row["index"]!)));
        Assert.All(rows, row => Assert.EndsWith(".safetensors", (string)row["file"]!, StringComparison.Ordinal));
        // each as it is found alone, from random starts
        Assert.All(rows, row =>
        {
            var alone = Json("top", Hessian, "--network", "lines.stochastic", "--index", "1", "--step", $"{row["step"]}", "--top", "2", "--bottom", "1");
            Assert.Equal((double)alone["loss"]!, (double)row["loss"]!);
            Assert.All(new[] { ("top", 0), ("top", 1), ("bottom", 0) }, at => Assert.Equal((double)alone[at.Item1]![at.Item2]!["value"]!, (double)row[at.Item1]![at.Item2]!["value"]!, 1e-5));
        });
        var figure = Path.Combine(_terminal.Folder, "track.svg");
        Assert.Contains("\nstep 40  loss ", Out("track", Hessian, "--network", "lines.stochastic", "--top", "1", "--bottom", "0", "--figure", figure), StringComparison.Ordinal);
        Assert.Contains("training step", File.ReadAllText(figure), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_has_the_barrier_that_the_run_recorded_between_two_of_its_networks()
    {
        var recorded = RecordedRun.Open(new HessianStudy(), RunDirectory.Open(Hessian)).Table<LineRow>("lines.losses").Single(row => row is { Seed: 1, TrainingStep: 60, Line: LineKind.Independent });

        var line = Json("line", Hessian, "--network", "lines.full,lines.independent", "--index", "1", "--points", "13");

        // four steps of the run's five points from 0 to 1, of thirteen from -1 to 2
        Assert.Equal(recorded.Losses, HessianFiles.Numbers(line["losses"])[4..9], (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(["lines.full", "lines.independent"], line["model"]!["run"]!["models"]!.AsArray().Select(model => (string)model!["model"]!));
    }

    [Fact]
    public void Without_flags_a_line_goes_from_the_first_step_to_the_last_and_a_plane_along_all()
    {
        var specialization = runs.Whole(StudyCatalog.Find("specialization")!).Path;
        var (line, plane) = (Json("line", specialization, "--network", "boundaries", "--points", "4"), Json("plane", specialization, "--network", "boundaries", "--points", "4"));
        var two = Json("line", Hessian, runs.Whole(new HessianStudy()).Path, "--network", "scatter", "--index", "0,3", "--points", "4");

        static int[] Steps(JsonObject document) => [.. document["model"]!["run"]!["models"]!.AsArray().Select(model => (int)model!["step"]!)];
        Assert.Equal([0, 200], Steps(line));
        Assert.Equal([0, 50, 100, 150, 200], Steps(plane));
        Assert.Equal([0, 50, 100, 150, 200], plane["models"]!.AsArray().Select(model => (int)model!["step"]!));
        Assert.NotNull(plane["explainedVariance"]);
        Assert.Equal(["start 0", "start 3"], two["model"]!["run"]!["models"]!.AsArray().Select(model => (string)model!["model"]!));
    }

    [Fact]
    public void What_was_taken_is_said_before_the_result()
    {
        var specialization = runs.Whole(StudyCatalog.Find("specialization")!).Path;

        var lines = Out("top", specialization, "--top", "1", "--bottom", "0").Split('\n');
        var evaluated = Out("top", specialization, "--network", "multi-layer.r2.cross-entropy.n80", "--step", "first", "--data", "evaluation", "--examples", "20", "--top", "1", "--bottom", "0").Split('\n');

        Assert.Equal($"run {specialization}, two-layer.r1.p0 (the first of 16; --network names another, such as images.pruned.r1), seed 0 of 2, step 400 of 0, 400: r1, 0 in two-layer.weights-400.safetensors", lines[0]);
        Assert.Matches("^network 10-4-6, relu, half-squared, 300 training examples; the run recorded a loss of 0\\.[0-9]+ on them$", lines[1]);
        Assert.Equal($"run {specialization}, multi-layer.r2.cross-entropy.n80, seed 0 of 2, step 0 of 0, 15: r2.cross-entropy.n80, 0 in multi-layer.weights-0.safetensors", evaluated[0]);
        Assert.Equal("network 5-6-8-6, relu, cross-entropy, 20 evaluation examples", evaluated[1]);
    }

    [Theory]
    [InlineData("top RUN --network wide", "RUN kept no network wide\n  networks there: widths.n2, widths.n3, widths.n4, clusters.k2, ")]
    [InlineData("top RUN --network widths.n9", "RUN kept no network widths.n9; did you mean widths.n2?\n  networks there: widths.n2, ")]
    [InlineData("top RUN --network lines", "lines may be several networks of RUN\n  one of: lines.full, lines.stochastic, lines.independent\n")]
    [InlineData("top RUN --index 2", "--index 2 is not a seed of widths.n2\n  they go from 0 to 1\n")]
    [InlineData("top RUN --step 7", "widths.n2 was not kept at step 7\n  steps there: 0, 3, 15, 60; or first, or last\n")]
    [InlineData("top RUN --step all", "--step all is for one run with line, curve, plane or track, not top\n")]
    [InlineData("top RUN --index 0,1", "top takes one model, not 2\n")]
    [InlineData("line RUN --index 0,1 --network a,b,c", "2 --index and 3 --network do not go together\n  give one value for all models, or one for each\n")]
    [InlineData("line RUN --network widths.n2,widths.n3", "widths.n3 and widths.n2 are not networks of one shape: ")]
    [InlineData("line RUN --network batches.small", "batches.small was kept at step 60 only, and line takes two models\n  name two, as in: --index 0,1, ")]
    [InlineData("line RUN net.safetensors", "RUN is a folder, but net.safetensors is not\n  give runs, or files\n")]
    [InlineData("top RUN --data evaluation", "widths.n2 has examples training, not evaluation\n  take --data training, or leave it out\n")]
    [InlineData("top RUN --examples 61", "--examples 61 is more than the 60 there are\n")]
    [InlineData("top RUN --activation relu", "--activation is for files of weights: RUN is a run, which says itself what it holds, and brings its examples\n  leave it out; ")]
    [InlineData("top net.safetensors --data digits --step 3", "--step is for runs, but net.safetensors is a file\n")]
    [InlineData("line STUDENTS --network distillation.images,distillation.far", "distillation.images has batch normalizations with statistics of its own, so that line cannot go from it to another one\n  take it alone, or see: ")]
    [InlineData("top FOLDER", "FOLDER is a folder, not a model, and no run: there is no run.json in it\n  give a run, or a .safetensors or .onnx file; ")]
    public void What_a_run_does_not_have_is_refused_with_what_it_has(string line, string expected)
    {
        string Placed(string text) => text.Replace("RUN", Hessian, StringComparison.Ordinal).Replace("FOLDER", _terminal.Folder, StringComparison.Ordinal)
            .Replace("STUDENTS", runs.Whole(StudyCatalog.Find("random-teacher")!).Path, StringComparison.Ordinal);

        var answer = _terminal.Run(["hessian", .. line.Split(' ').Select(Placed)]);

        Assert.Equal(2, answer.Code);
        Assert.StartsWith("error: " + Placed(expected), answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Out);
    }

    private string Hessian => runs.Whole(new HessianStudy()).Path;

    private RunDirectory Train(params string[] settings)
    {
        string[] words = ["@smoke", .. settings];
        var study = new SpecializationStudy();
        var run = RunDirectory.CreateAt(runs.NewPath(), study, ConfigReader.Read(study, words), words);
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(study, run));
        return run;
    }

    private string Out(params string[] words)
    {
        var answer = _terminal.Run(["hessian", .. words, "--threads", "1"]);
        Assert.True(answer.Code == 0, answer.Error);
        return answer.Out;
    }

    private JsonObject Json(params string[] words) => JsonNode.Parse(Out([.. words, "--json"]))!.AsObject();
}
