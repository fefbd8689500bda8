using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Parts;
using Understudy.UnitTests.Lab;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public sealed class RandomTeacherStudyTests(SmokeRuns runs)
{
    private static readonly RandomTeacherStudy Study = new();

    private static readonly string[] Connectivity =
    [
        "@smoke", "parts=[connectivity]", "connectivity.steps=4", "connectivity.orders=2", "connectivity.positions=3", "connectivity.lineImages=20",
        "connectivity.training.images=40", "connectivity.training.batch=20", "connectivity.training.epochs=2",
    ];

    private static readonly string[] Tickets =
    [
        "@smoke", "parts=[tickets]", "tickets.steps=4", "tickets.rounds=3", "tickets.evaluation=1", "tickets.rewind=0.5",
        "tickets.training.images=40", "tickets.training.batch=20", "tickets.training.epochs=2",
    ];

    /// <summary>The main result at the smallest size that shows it; random-teacher specification, section 13.</summary>
    /// <remarks>
    /// Its gain under ridge, measured there on one seed, is not among it: over twelve seeds of this preset (2026-11) ridge gains 0.5 with a standard error of 0.7,
    /// the standardized probe 7.7 with 1.7, neighbours 2.8 with 0.7.
    /// </remarks>
    [Fact]
    public void A_student_of_digits_beats_its_random_teacher()
    {
        var rows = MemoryRun.Of(
            Study, ["@digits", "seeds=1", "parts=[distillation]", "distillation.noise=false", "distillation.far=false", "distillation.controls=false", "distillation.keep=false", "probes.moments=1"])
            .Recorded().Table<ProbeRow>("distillation.probes");

        var (teacher, student) = (rows.Single(row => row.Subject == Subject.Teacher), rows.Single(row => row.Subject == Subject.Student));
        Assert.InRange(teacher.Ridge, 70, 88);
        Assert.True(student.LinStd - teacher.LinStd >= 5, $"{teacher} {student}");
        Assert.True(student.Knn - teacher.Knn >= 1, $"{teacher} {student}");
        Assert.Equal(315, student.TrainingSteps);
    }

    [Fact]
    public void Encoders_that_are_kept_give_the_embeddings_that_were_probed()
    {
        var run = MemoryRun.Of(Study, ["@smoke", "seeds=1", "parts=[distillation]"]);
        var config = (RandomTeacherConfig)run.Recorded().Config;
        var cancellation = TestContext.Current.CancellationToken;
        using var team = new Team(2);
        var context = new MemoryRun(config, team);
        var pictures = Pictures.Load(config.Data, context);
        var encoder = Condition.Build(config.Network, pictures.Image).Encoder;
        var probing = new Probing(config, config.Data.Set, pictures, context);
        var rows = run.Recorded().Table<ProbeRow>("distillation.probes");
        var students = rows.Where(row => row.Subject == Subject.Student).ToArray();

        Assert.Equal(["images", "noise", "far"], students.Select(row => row.Condition));
        Assert.All(students, row =>
        {
            var (student, statistics) = Kept("student", row);
            var network = encoder.InEvaluationMode(statistics);
            var embedding = NetworkOutputs.Of(network, pictures.Test.Values, student, Teachers.Passes(config.Training, context), cancellation);

            Assert.NotNull(statistics);
            Assert.Equal(row.Ridge, probing.Ridge(network, student, cancellation));
            var imported = ImportedNetwork.Of(Onnx.Read(new MemoryStream(run.Artifacts[$"student-{row.Condition}-{row.Seed}.onnx"].ToArray()), "student.onnx"));
            // one channel: an image has the same order in both
            var other = NetworkOutputs.Of(imported, pictures.Test.Values, imported.Parameters, Teachers.Passes(config.Training, context), cancellation);
            // in single precision sums round a few times 1e-7
            Assert.Equal(embedding.Length, other.Length);
            Assert.All(embedding.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 3e-6 * embedding.Max(Math.Abs)));
        });
        Assert.All(students, row =>
        {
            var (teacher, statistics) = Kept("teacher", row);
            var probed = rows.Single(one => one.Subject == Subject.Teacher && one.Seed == row.Seed);

            Assert.Null(statistics);
            Assert.Equal(probed.Ridge, probing.Ridge(encoder.InEvaluationMode(), teacher, cancellation));
        });

        (double[] Parameters, IReadOnlyList<ChannelStatistics>? Statistics) Kept(string who, ProbeRow row)
        {
            // the conditions share the teacher of a seed
            var name = who == "teacher" ? $"distillation.teacher-{row.Seed}" : $"distillation.student-{row.Condition}-{row.Seed}";
            using var file = new MemoryStream();
            SafeTensors.Write(file, run.Saved.Single(item => item.Key.Name == name).Value);
            file.Position = 0;
            var tensors = SafeTensors.Read(file, name).Tensors;
            return (NetworkTensors.Parameters(encoder, tensors, name), NetworkTensors.Statistics(encoder, tensors, name));
        }
    }

    [Theory]
    [InlineData("none", "connectivity: epoch 1 of 2", "connectivity: epoch 2 of 2", "connectivity: lines from fresh starts, seed 1")]
    [InlineData("batch", "connectivity: epoch 1 of 2", "connectivity: lines from student starts, seed 0")]
    public void Connectivity_that_is_stopped_goes_on_to_the_same_bytes(string normalization, params string[] stages)
        => AssertResumes([.. Connectivity, $"connectivity.normalization={normalization}"], stages);

    [Fact]
    public void Connectivity_from_the_best_moment_that_is_stopped_goes_on_to_the_same_bytes()
        => AssertResumes([.. Connectivity, "connectivity.normalization=batch", "connectivity.moment=best", "probes.moments=2"], ["connectivity: images, seed 1", "connectivity: moments of students", "connectivity: epoch 1 of 2"]);

    [Theory]
    [InlineData("distillation", "probes.moments=2", "distillation: images, seed 0")]
    [InlineData("distillation", "probes.moments=4", "distillation: images, seed 0", "distillation: keeping images, seed 0")]
    [InlineData("valley", "tracking.tables=[vectors,features]", "valley: step 2 of 6")]
    [InlineData("distillation", "tracking.images=4", "distillation: step 2 of 8")]
    [InlineData("distillation", "network.normalizedHead=true", "distillation: step 5 of 8", "distillation: images, seed 0")]
    [InlineData("valley", "valley.plane=0", "valley: a glance", "valley: step 6 of 6")]
    [InlineData("distillation", "training.precision=f64", "distillation: images, seed 0")]
    [InlineData("layers", "layers.width=20", "layers: images, seed 0", "layers: layers of the teacher, seed 0")]
    [InlineData("controls", "controls.permuted=true", "controls: shuffled student, seed 0", "controls: convergence of the teacher's probe, seed 0")]
    [InlineData("targets", "targets.outputs=12", "targets: step 8 of 8", "targets: normal logits, T 1, seed 0")]
    public void Probes_that_are_stopped_go_on_to_the_same_bytes(string part, string setting, params string[] stages)
        => AssertResumes(["@smoke", "seeds=1", $"parts=[{part}]", "probes.keep=true", "distillation.noise=false", "distillation.far=false", "distillation.controls=false", setting], stages);

    [Fact]
    public void Tickets_that_are_stopped_go_on_to_the_same_bytes()
        => AssertResumes(Tickets, ["tickets: step 4 of 4", "tickets: round 1 of 3", "tickets: round 2 of 3"]);

    [Fact]
    public void Supervised_trainings_record_every_start_order_and_round()
    {
        var lines = MemoryRun.Of(Study, Connectivity).Recorded();
        var tickets = MemoryRun.Of(Study, Tickets).Recorded().Table<TicketRow>("tickets-supervised.rounds");

        Assert.Equal(2 * 2 * 2, lines.Table<ErrorsRow>("connectivity-supervised.errors").Select(row => (row.Seed, row.Start, row.Order)).Distinct().Count());
        Assert.All(lines.Table<ErrorsRow>("connectivity-supervised.errors"), row => Assert.Equal([1, 2], row.Epochs));
        Assert.Equal(2 * 2, lines.Table<InstabilityRow>("connectivity-supervised.lines").Select(row => (row.Seed, row.Start)).Distinct().Count());
        Assert.All(lines.Table<InstabilityRow>("connectivity-supervised.lines"), row =>
        {
            Assert.Equal([0, 0.5, 1], row.Positions);
            Assert.Equal(row.TestErrors.Max() - ((row.TestErrors[0] + row.TestErrors[^1]) / 2), row.TestBarrier, 1e-9);
        });
        Assert.Equal(2 * 2 * 3, tickets.Select(row => (row.Seed, row.Start, row.Round)).Distinct().Count());
        Assert.All(tickets, row => Assert.Equal(Math.Pow(0.8, row.Round), row.Remaining, 0.01));
    }

    /// <summary>A run that is cancelled when it tells of a stage, and what a kill at that moment would leave, end as the run that was left alone.</summary>
    private void AssertResumes(string[] settings, string[] stages)
    {
        var remains = new List<RunDirectory>();
        var whole = Create(settings);
        var told = new HashSet<string>();
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, whole, told: progress =>
        {
            if (stages.Contains(progress.Stage) && told.Add(progress.Stage))
                remains.Add(runs.Remains(whole));
        }));
        var expected = SmokeRuns.Everything(whole);

        Assert.Equal(stages.Order(), told.Order());
        Assert.All(stages, stage =>
        {
            var run = Create(settings);
            using var source = new CancellationTokenSource();
            Assert.Equal(RunStatus.Cancelled, SmokeRuns.Go(Study, run, cancellation: source.Token, told: progress =>
            {
                if (progress.Stage == stage)
                    source.Cancel();
            }));
            Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, run));
            Assert.Equal(expected, SmokeRuns.Everything(run));
        });
        Assert.All(remains, run =>
        {
            Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, run));
            Assert.Equal(expected, SmokeRuns.Everything(run));
        });
    }

    [Fact]
    public void A_student_that_diverges_is_named_with_what_to_lower()
    {
        var problem = Assert.ThrowsAny<Exception>(() => MemoryRun.Of(Study, ["@smoke", "seeds=1", "parts=[distillation]", "training.learningRate=1e30"]));

        var diverged = Assert.IsType<DivergedException>(problem);
        Assert.Equal("a student of images, seed 0, diverged: its parameters are not numbers any more, or beyond all use\n  lower training.learningRate", diverged.Message);
    }

    [Fact]
    public void A_supervised_training_that_diverges_is_named_with_what_to_lower()
    {
        var problem = Assert.ThrowsAny<Exception>(() => MemoryRun.Of(Study, [.. Connectivity, "seeds=1", "connectivity.training.learningRate=1e30"]));

        Assert.EndsWith("\n  lower connectivity.training.learningRate", Assert.IsType<DivergedException>(problem).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_a_folder_that_is_sorted_by_class_stands_for_all_classes()
    {
        using var folder = new TestFolder();
        // the binary files of CIFAR-10: a label and 3,072 bytes for each image, here all of one class after those of another
        byte[] Sorted(int classes, int first) => [.. Enumerable.Range(0, 20).SelectMany(i => Enumerable.Repeat((byte)(10 * i), 3073).Select((value, at) => at == 0 ? (byte)(first + (i * classes / 20)) : value))];
        for (var batch = 1; batch <= 5; batch++)
            File.WriteAllBytes(Path.Combine(folder.Path, $"data_batch_{batch}.bin"), Sorted(2, 2 * (batch - 1)));
        File.WriteAllBytes(Path.Combine(folder.Path, "test_batch.bin"), Sorted(10, 0));
        var config = (RandomTeacherConfig)ConfigReader.Read(Study, ["@smoke", "data.set=folder", $"data.folder={folder.Path}", "data.size=8", "data.train=100", "data.test=20"]);
        using var team = new Team(1);

        var pictures = Pictures.Load(config.Data, new MemoryRun(config, team));

        Assert.Equal(new Understudy.Engine.Shape(8, 8, 3), pictures.Image);
        Assert.All(pictures.Train.Labels.GroupBy(label => label), one => Assert.Equal(10, one.Count()));
        // the fifth that a ridge probe holds out has more than one class, unlike that of the folder
        Assert.InRange(pictures.Train.Labels.Take(20).Distinct().Count(), 6, 10);
        Assert.Equal(pictures.Train.Labels, Pictures.Load(config.Data, new MemoryRun(config, team)).Train.Labels);
    }

    private RunDirectory Create(string[] settings) => RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, settings), settings);
}
