using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Studies.Hessian;
using Understudy.Studies.Hessian.Judging;
using Understudy.Studies.Hessian.Parts;
using Understudy.UnitTests.Lab;

namespace Understudy.UnitTests.Studies.Hessian;

public class HessianStudyTests
{
    private static readonly HessianStudy Study = new();

    [Fact]
    public void One_hidden_layer_of_rectifiers_keeps_the_bounds_that_are_proved()
    {
        var run = Run("parts=[widths]", "widths.hidden=[2,3]").Recorded();

        Assert.All(run.Table<SpectrumRow>("widths.spectra"), row =>
        {
            Assert.InRange(row.Negative, 0, row.Hidden * 9);
            Assert.Equal(row.Parameters, row.Hidden * (64 + 1 + 10) + 10);
        });
        Assert.All(run.Table<ZerosRow>("widths.zeros"), row => Assert.True(row.Zeros >= row.Bound));
        Assert.All(run.Table<RescalingRow>("widths.rescaling"), row => Assert.InRange(row.OutputChange, 0, 1e-12));
        // tr H = tr G, and the class structure leaves nothing of G out
        var ends = run.Table<SpectrumRow>("widths.spectra").Where(row => row.Stage == TrainingStage.End).ToDictionary(row => (row.Seed, row.Hidden));
        Assert.All(run.Table<ClassStructureRow>("widths.classes"), row =>
        {
            var trace = ends[(row.Seed, row.Hidden)].Trace;
            Assert.Equal(trace, row.TraceClass + row.TraceCross + row.TraceWithin + row.TraceSame, 1e-9 * trace);
            Assert.InRange(row.Overlap, 0, 1 + 1e-12);
        });
    }

    [Fact]
    public void The_first_moments_of_a_random_matrix_are_those_of_the_law()
    {
        var rows = Run("parts=[matrices]", "matrices.area=20000", "matrices.ratios=[0.5]").Recorded().Table<MatrixRow>("matrices.spectra");

        var one = rows.First(row => row.Blobs == 1 && row.Spectrum.Count > 0);
        // mean 1 and second moment 1 + α, within a few deviations of a matrix of this size
        Assert.Equal(1, one.Spectrum.Average(), 0.05);
        Assert.Equal(1.5, one.Spectrum.Average(value => value * value), 0.15);
        Assert.All(rows.Where(row => row.Blobs == 1), row => Assert.InRange(row.Distance, 0, 0.05));
        Assert.All(rows.Where(row => row.Blobs == 2), row => Assert.True(row.Largest > 10 * row.Second));
    }

    [Theory]
    [InlineData("batches", 2)]
    [InlineData("path", 16)]
    [InlineData("path", 25)]
    [InlineData("widths", 3)]
    [InlineData("clusters", 1)]
    [InlineData("sizes", 2)]
    [InlineData("sizes", 4)]
    public void A_part_that_is_stopped_while_it_trains_goes_on_from_there(string part, int stop)
    {
        // more steps than one chunk, so that the run is stopped in the middle of a call, too
        string[] settings = ["@smoke", $"parts=[{part}]", $"{part}.training.steps=1100"];
        var written = 0;

        var resumed = MemoryRun.Of(Study, settings, stopAt: (at, _) => at == $"{part}-training" && ++written == stop);

        var whole = MemoryRun.Of(Study, settings);
        Assert.Equal(whole.Text(), resumed.Text());
        // training that began anew would have told again of what was written
        Assert.InRange(resumed.Progress.Count - whole.Progress.Count, 0, stop - 1);
    }

    // chunks of 250 steps: written down 4 times on the way to each of 2 moments and 3 times at one, 7 times for each learning rate, and once when it is done
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(29)]
    public void A_descent_whose_sharpness_is_measured_on_the_way_goes_on_within_its_learning_rate(int stop)
    {
        string[] settings = ["@smoke", "parts=[edge]", "seeds=2", "edge.learningRates=[0.02,0.1]", "edge.steps=800", "edge.every=400"];
        var written = 0;

        var resumed = MemoryRun.Of(Study, settings, stopAt: (at, _) => at == "edge" && ++written == stop);

        var whole = MemoryRun.Of(Study, settings);
        Assert.Equal(whole.Text(), resumed.Text());
        Assert.Equal(4, whole.Recorded().Table<EdgeRow>("edge.sharpness").Count);
        // a learning rate that began anew would have told again of what was written
        Assert.InRange(resumed.Progress.Count - whole.Progress.Count, 0, 1);
    }

    [Fact]
    public void A_descent_that_left_the_numbers_before_its_run_was_stopped_ends_where_it_did()
    {
        string[] settings = ["@smoke", "parts=[edge]", "seeds=1", "edge.learningRates=[1e200]", "edge.steps=900", "edge.every=450"];
        var written = 0;

        var resumed = MemoryRun.Of(Study, settings, stopAt: (at, _) => at == "edge" && ++written == 3);

        Assert.Equal([0], Assert.Single(resumed.Recorded().Table<EdgeRow>("edge.sharpness")).TrainingSteps);
        Assert.Equal(MemoryRun.Of(Study, settings).Text(), resumed.Text());
    }

    [Fact]
    public void Lines_begin_and_end_at_the_networks_they_join()
    {
        var run = Run("parts=[path,lines]").Recorded();
        var training = run.Table<PhasesRow>("path.training");

        Assert.All(run.Table<LineRow>("path.lines").Where(row => row.Line == LineKind.Phases), row =>
        {
            var own = training.First(one => one.Seed == row.Seed);
            Assert.Equal(own.Losses[^1], row.Losses[row.Positions.Index().First(at => at.Item.Equals(1)).Index], 1e-12);
            Assert.Equal(own.Losses[15], row.Losses[row.Positions.Index().First(at => at.Item.Equals(0)).Index], 1e-12);
        });
        // one start: before the first step both runs are the same network
        Assert.All(run.Table<LineRow>("lines.losses").Where(row => row is { Line: LineKind.SameStart, TrainingStep: 0 }), row => Assert.Equal(0, row.Barrier));
    }

    [Fact]
    public void Top_eigenvalues_of_clusters_are_those_of_the_whole_spectrum()
    {
        string[] settings = ["parts=[clusters]", "clusters.classes=[3]"];
        var top = Run([.. settings, "clusters.top=8"]).Recorded().Table<OutlierRow>("clusters.outliers");
        var whole = Run([.. settings, "clusters.top=5000"]).Recorded().Table<OutlierRow>("clusters.outliers");

        Assert.All(top.Zip(whole), pair =>
        {
            Assert.All(pair.First.Top.Zip(pair.Second.Top), values => Assert.Equal(values.Second, values.First, 1e-6 * pair.Second.Top[0]));
            Assert.Equal(0, pair.Second.Products);
        });
        // of tanh the trace has no form of its own
        var tanh = Run([.. settings, "clusters.top=5000", "clusters.activation=tanh"]).Recorded().Table<OutlierRow>("clusters.outliers");
        Assert.All(whole.Concat(tanh), row => Assert.Equal(row.Trace!.Value, row.Top.Sum(), 1e-10 * row.Top[0]));
        Assert.All(Run([.. settings, "clusters.top=8", "clusters.activation=tanh"]).Recorded().Table<OutlierRow>("clusters.outliers"), row => Assert.Null(row.Trace));
    }

    [Theory]
    [InlineData("full-batch", "clusters.batch=0")]
    [InlineData("full-batch-tanh", "clusters.batch=0", "clusters.activation=tanh")]
    [InlineData("tenfold-covariance", "clusters.covariance=10")]
    public void A_variant_of_the_clusters_is_the_part_with_its_settings_and_changes_nothing_beside_it(string variant, params string[] settings)
    {
        string[] part = ["parts=[clusters]", "clusters.batch=5"];
        var both = Run([.. part, $"clusters.variants=[{variant}]"]).Recorded();
        var (own, apart) = (Run(part).Recorded(), Run([.. part, .. settings]).Recorded());

        AssertSame(own.Table<OutlierRow>("clusters.outliers"), both.Table<OutlierRow>("clusters.outliers"));
        AssertSame(apart.Table<OutlierRow>("clusters.outliers"), both.Table<OutlierRow>($"clusters.{variant}"));
        Assert.Equal(2, Study.Draw([both]).Count());
        var verdicts = Study.Judge([both]).Single(verdict => verdict.Claim.Id == "H2");
        Assert.Equal(Study.Judge([own]).Single(verdict => verdict.Claim.Id == "H2").Outcome, verdicts.Outcome);
        Assert.Contains($"; beside it {variant}, within ±1 of k in 4: gap ", verdicts.Measured, StringComparison.Ordinal);

        static void AssertSame(IEnumerable<OutlierRow> expected, IEnumerable<OutlierRow> actual) => Assert.Equal(expected.Select(Text), actual.Select(Text));

        static string Text(OutlierRow row) => FormattableString.Invariant($"{row.Seed} {row.Classes} {row.Loss} {row.GradientNorm} {row.Gap} {string.Join(" ", row.Top)}");
    }

    [Fact]
    public void The_spectrum_before_a_rescaling_is_the_one_measured_already_or_found_again_after_a_stop()
    {
        string[] settings = ["@smoke", "parts=[widths]"];
        var whole = MemoryRun.Of(Study, settings);

        // right after the second spectrum of the first width, before what is measured with it
        var resumed = MemoryRun.Of(Study, settings, stopAt: (part, step) => part == "widths" && step == 2);

        Assert.Equal(whole.Text(), resumed.Text());
        var (end, row) = (whole.Recorded().Table<SpectrumRow>("widths.spectra").First(spectrum => spectrum.Stage == TrainingStage.End), whole.Recorded().Table<RescalingRow>("widths.rescaling")[0]);
        Assert.Equal((end.Seed, end.Hidden, end.Top[0], end.Positive, end.Negative), (row.Seed, row.Hidden, row.Largest, row.Positive, row.Negative));
    }

    [Fact]
    public void Shapes_of_spectra_hold_all_of_their_mass_trace_and_norm()
    {
        var run = Run("parts=[widths]").Recorded();
        var spectra = run.Table<SpectrumRow>("widths.spectra").ToArray();
        var shapes = run.Table<SpectrumShapeRow>("widths.shapes").ToArray();

        Assert.Equal(spectra.Select(row => (row.Seed, row.Hidden, row.Stage)), shapes.Select(row => (row.Seed, row.Hidden, row.Stage)));
        foreach (var (spectrum, shape) in spectra.Zip(shapes))
        {
            var step = (shape.Last - shape.First) / (shape.Density.Count - 1);
            Assert.Equal((double)(spectrum.Parameters - shape.Outliers) / spectrum.Parameters, shape.Density.Sum() * step, 1e-6);
            Assert.Equal(spectrum.Trace, shape.HessianTraces.Sum(), 1e-12 * spectrum.Trace);
            Assert.Equal(spectrum.Norm, Math.Sqrt(shape.BlockNorms.Sum(norm => norm * norm)), 1e-12 * spectrum.Norm);
            // with rectifiers R has no diagonal blocks
            for (var tensor = 0; tensor < 4; tensor++)
                Assert.Equal(shape.GaussNewtonTraces[tensor], shape.HessianTraces[tensor], 1e-10 * spectrum.Trace);
            // R has pairs of eigenvalues, so the largest are half of its norm and no more
            Assert.InRange(2 * shape.ResidualTop.Sum(value => value * value), 0.5 * spectrum.ResidualNorm * spectrum.ResidualNorm, (1 + 1e-9) * spectrum.ResidualNorm * spectrum.ResidualNorm);
        }
    }

    [Fact]
    public void Measures_of_sharpness_change_by_a_rescaling_where_theory_says_so()
    {
        var run = Run("parts=[widths]").Recorded();
        var (config, rows, rescalings) = ((HessianConfig)run.Config, run.Table<SharpnessRow>("widths.sharpness").ToArray(), run.Table<RescalingRow>("widths.rescaling").ToArray());
        int At(string measure) => SharpnessMeasures.Names.Index().First(name => name.Item == measure).Index;

        Assert.Equal(2, rows.Length);
        foreach (var (row, rescaling) in rows.Zip(rescalings))
        {
            Assert.Equal((SharpnessMeasures.Names.Count, SharpnessMeasures.Names.Count), (row.Before.Count, row.After.Count));
            Assert.Equal((rescaling.Largest, rescaling.LargestAfter), (row.Before[At("λ₁")], row.After[At("λ₁")]));
            Assert.Equal(row.Before[At("λ₁")] * config.Widths.Training.LearningRate, row.Before[At("λ₁ η")]);
            // no property of the parameters but of the function; that of adaptive balls holds for weights and biases alike
            foreach (var invariant in new[] { "Fisher-Rao", "adaptive, 1 step" })
                Assert.Equal(row.Before[At(invariant)], row.After[At(invariant)], 1e-9 * row.Before[At(invariant)]);
            Assert.True(Math.Abs(row.After[At("‖H‖")] - row.Before[At("‖H‖")]) > 0.01 * row.Before[At("‖H‖")]);
        }
    }

    [Fact]
    public void Every_figure_of_the_widths_is_drawn_and_older_runs_have_those_they_hold()
    {
        var run = Run("parts=[widths]").Recorded();
        var figures = Study.Draw([run]).ToDictionary(figure => figure.Name);

        Assert.Equal(["spectrum", "spectrum-symlog", "density", "outliers", "scree", "negative-tail", "split", "concentration", "blocks", "sharpness", "classes", "subspaces"], figures.Keys);
        Assert.All(figures["spectrum-symlog"].Panels, panel => Assert.NotNull(panel.Y.LinearWithin));
        Assert.All(figures["split"].Panels, panel => Assert.Equal(["H", "G", "R"], panel.Layers.Select(layer => layer.Series)));
        Assert.All(figures["scree"].Panels, panel => Assert.Contains(panel.Layers, layer => layer is RuleLayer { Series: "gap" }));
        Assert.Equal(4, figures["blocks"].Panels.Count);
        var stems = run.Table<SpectrumShapeRow>("widths.shapes").First(row => row.Stage == TrainingStage.End).Outliers;
        Assert.Equal(stems, figures["density"].Panels[0].Layers.Count(layer => layer.Series == "outliers"));

        var older = new MemoryRecord(run.Config, new Dictionary<string, List<object>> { ["widths.spectra"] = [.. run.Table<SpectrumRow>("widths.spectra")] }, new Dictionary<(string, long), IReadOnlyList<Tensor>>());
        Assert.Equal(["spectrum", "spectrum-symlog", "outliers", "scree", "negative-tail", "split"], Study.Draw([older]).Select(figure => figure.Name));
    }

    [Fact]
    public void A_rescaling_takes_the_spectrum_it_is_given()
    {
        var part = new WidthsConfig { Data = new() { Samples = 20 }, Hidden = [2] };
        using var team = new Team(1);
        var run = new MemoryRun(new HessianConfig(), team);
        var (network, examples) = (WidthMeasurement.Network(part, 2), Examples.Load(part.Data, run, 0));
        var known = new SpectrumRow(0, 1, 2, TrainingStage.End, network.Layout.Count, 0, 0, 17, 5, 0, 0, 0, 0, [42.0], [], []);
        RescalingRow Of(SpectrumRow? spectrum)
            => new WidthMeasurement(part).Rescaling(new WidthAddress(0, 1, 2), examples, [.. Enumerable.Range(0, network.Layout.Count).Select(i => Math.Sin(i))], spectrum, team, TestContext.Current.CancellationToken).Row;

        var (given, found) = (Of(known), Of(null));

        Assert.Equal((42.0, 17, 5), (given.Largest, given.Positive, given.Negative));
        Assert.Equal(found with { Largest = 42, Positive = 17, Negative = 5 }, given);
        Assert.NotEqual(42, found.Largest);
    }

    [Fact]
    public void The_estimate_of_the_path_counts_the_batches_of_every_thread()
    {
        string[] settings = ["parts=[path]", "seeds=1", "path.filters=[8,16]", "path.large=20", "path.small=10"];
        long Memory(int threads) => Study.Estimate(ConfigReader.Read(Study, settings), threads).Memory;

        // losses of training and test images in double precision, in batches of 500
        var each = 2 * 2 * Examples.TrainingBytes(PictureSet.Digits, [8, 16], 500);
        Assert.Equal(6 * each, Memory(8) - Memory(2), 2.0);
        Assert.Equal(each, Memory(3) - Memory(2), 2.0);
    }

    [Fact]
    public void The_estimate_of_variants_is_that_of_the_part_with_their_settings()
    {
        TimeSpan Time(params string[] settings) => Study.Estimate(ConfigReader.Read(Study, ["@paper", "parts=[clusters]", .. settings]), threads: 1).Time;
        var around = Study.Estimate(ConfigReader.Read(Study, ["@smoke", "parts=[clusters]", "seeds=1", "clusters.training.steps=1", "clusters.samples=4", "clusters.batch=1"]), threads: 1).Time;

        var all = Time();

        TimeSpan[] parts = [Time("clusters.variants=[]"), Time("clusters.variants=[]", "clusters.batch=0"), Time("clusters.variants=[]", "clusters.batch=0", "clusters.activation=tanh"), Time("clusters.variants=[]", "clusters.covariance=10")];
        Assert.Equal(parts.Sum(part => (part - around).TotalSeconds), (all - around).TotalSeconds, 0.1);
    }

    [Fact]
    public void A_start_ends_where_it_does_whatever_others_there_are()
    {
        // more than are trained together
        string[] settings = ["parts=[scatter]", "seeds=1", "scatter.hidden=[2]", "scatter.samples=10", "scatter.training.steps=20"];
        var many = Run([.. settings, "scatter.starts=260"]).Recorded().Table<StartRow>("scatter.starts").ToArray();
        var few = Run([.. settings, "scatter.starts=3"]).Recorded().Table<StartRow>("scatter.starts").ToArray();

        Assert.Equal(Enumerable.Range(0, 260), many.Select(row => row.Start));
        Assert.Equal(few, many[..3]);
        Assert.Equal(260, many.Select(row => row.Loss).Distinct().Count());
        Assert.All(many, row => Assert.True(row.Smallest <= row.Second && row.Second <= row.Largest));
        var figure = Assert.Single(Study.Draw([Run([.. settings, "scatter.starts=260"]).Recorded()]));
        Assert.Equal(260, figure.Panels[0].Layers.OfType<BarLayer>().Single().Heights.Sum());
    }

    [Fact]
    public void Starts_that_diverge_are_told_and_the_others_measured()
    {
        var run = Run("parts=[scatter]", "seeds=1", "scatter.hidden=[2]", "scatter.samples=10", "scatter.training.steps=20", "scatter.training.learningRate=1e12", "scatter.starts=40").Recorded();
        var rows = run.Table<StartRow>("scatter.starts").ToArray();

        Assert.Equal(40, rows.Length);
        var diverged = rows.Count(row => double.IsNaN(row.Loss));
        Assert.InRange(diverged, 1, 39);
        Assert.All(rows, row => Assert.Equal(double.IsNaN(row.Loss), double.IsNaN(row.Largest)));
        var figure = Assert.Single(Study.Draw([run]));
        Assert.Contains($"; {diverged} more diverged", figure.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_lowers_the_loss_from_a_sphere_and_a_wider_one_has_another()
    {
        double Loss(params string[] settings) => Run(["parts=[scatter]", .. settings]).Recorded().Table<StartRow>("scatter.starts").Average(row => row.Loss);

        Assert.True(Loss("scatter.training.steps=200") < Loss("scatter.training.steps=1"));
        // outputs vanish with the radius, and so do differences between classes
        Assert.Equal(Math.Log(2), Loss("scatter.training.steps=1", "scatter.radius=1e-3"), 1e-3);
        Assert.True(Math.Abs(Math.Log(2) - Loss("scatter.training.steps=1", "scatter.radius=10")) > 0.1);
    }

    [Fact]
    public void Few_seeds_decide_nothing_and_missing_parts_say_what_they_need()
    {
        var verdicts = Study.Judge([Run("parts=[blobs]").Recorded()]).ToDictionary(verdict => verdict.Claim.Id);

        Assert.Equal(Outcome.Inconclusive, verdicts["H10"].Outcome);
        Assert.Equal("needs part widths: run again with parts=[widths]", verdicts["H1"].Measured);
        Assert.Equal(Outcome.NotRun, verdicts["H12"].Outcome);
    }

    [Theory]
    [InlineData("parts=[]", "parts must hold at least one part, none twice.")]
    [InlineData("widths.wide=[10]", "widths.hidden and widths.wide must not hold a number twice.")]
    [InlineData("widths.wide=[20000]", "widths.wide asks for eigenvectors of 1,500,010 parameters, more than 1,000,000: take fewer nodes.")]
    [InlineData("sizes.hidden=[2,2]", "sizes.hidden must not hold a number twice.")]
    [InlineData("sizes.gradientNorm=-1", "sizes.gradientNorm (-1) must not be negative.")]
    [InlineData("widths.hidden=[10,10]", "widths.hidden and widths.wide must not hold a number twice.")]
    [InlineData("widths.hidden=[1000]", "widths.hidden asks for all eigenvalues of 75,010 parameters, more than 24,000: 45 GB for each matrix. Take fewer nodes, smaller images (widths.data.set=digits), or move them to widths.wide, which does without the matrix.")]
    [InlineData("widths.data.samples=1798", "widths.data.samples (1798) must lie between 1 and 1,797, of the 1,797 images of widths.data.set.")]
    [InlineData("clusters.top=5", "clusters.top (5) must be at least 2 above each of clusters.classes: outliers are counted against what is behind them.")]
    [InlineData("clusters.variants=[full-batch,full-batch]", "clusters.variants must not hold a variant twice.")]
    [InlineData("batches.small=600", "batches.small (600) must be below batches.large (512).")]
    [InlineData("path.points=30", "path.points (30) must be one more than a multiple of 3, so that the ends of the line are among them, and at least 13.")]
    [InlineData("scatter.radius=0", "scatter.radius (0) must be positive.")]
    [InlineData("scatter.starts=1000000", "scatter.starts times the 74 parameters of scatter.hidden must be at most 50,000,000.")]
    [InlineData("edge.learningRates=[]", "edge.learningRates must hold at least one number, each positive, none twice.")]
    [InlineData("batches.filters=[1200,1000]", "batches.filters asks for more than 10,000,000 weights between filters: take fewer.")]
    [InlineData("path.kernel=4", "path.kernel (4) must be an odd number of at most 8, the rows of an image.")]
    [InlineData("path.kernel=9", "path.kernel (9) must be an odd number of at most 8, the rows of an image.")]
    [InlineData("path.data.set=cifar10 path.data.samples=60000", "path.data.samples (60000) must lie between 1 and 59,999, of the 60,000 images of path.data.set, so that some are left to test on.")]
    [InlineData("path.filters=[0]", "path.filters must hold numbers from 1 to 10000, or be empty for a fully connected network.")]
    public void Settings_that_cannot_be_are_told(string setting, string sentence)
        => Assert.Contains(sentence, Assert.Throws<ConfigException>(() => ConfigReader.Read(Study, setting.Split(' '))).Message, StringComparison.Ordinal);

    [Fact]
    public void Photographs_are_standardized_and_those_behind_the_training_split_are_tested_on()
    {
        using var folder = new TestFolder();
        // a label and 3,072 bytes: all red, then all green, then all blue; ten pictures a file
        byte[] Pictures(byte value, byte label) => [.. Enumerable.Range(0, 10).SelectMany(_ => (byte[])[label, .. Enumerable.Repeat(value, 1024), .. Enumerable.Repeat((byte)0, 2048)])];
        for (var batch = 1; batch <= 5; batch++)
            File.WriteAllBytes(Path.Combine(folder.Path, $"data_batch_{batch}.bin"), Pictures((byte)(40 * batch), (byte)batch));
        File.WriteAllBytes(Path.Combine(folder.Path, "test_batch.bin"), Pictures(255, 9));
        string[] settings = ["@smoke", "parts=[path]", "seeds=1", "path.data.set=cifar10", "path.data.samples=50", "path.filters=[2,2]", "path.kernel=5", "path.hidden=[6,4]", "path.large=20", "path.small=5", "path.training.steps=15"];
        var config = (HessianConfig)ConfigReader.Read(Study, settings);
        using var team = new Team(2);
        var run = new MemoryRun(config, team) { Data = folder.Path };

        var (training, test) = (Examples.Load(config.Path.Data, run, 0), Examples.Test(config.Path.Data, run, 0));

        Assert.Equal((50, 10, 3072), (training.Count, test.Count, training.InputWidth));
        Assert.Equal([((40 / 255.0) - 0.4914) / 0.2470, -0.4822 / 0.2435, -0.4465 / 0.2616], training.Inputs[..3].ToArray());
        Assert.Equal(((200 / 255.0) - 0.4914) / 0.2470, training.Inputs[^3]);
        Assert.Equal((1.0, 5.0, 9.0), (training.Targets[0], training.Targets[^1], test.Targets[0]));

        ((IStudy)Study).Run(config, run, TestContext.Current.CancellationToken);
        var phases = Assert.Single(run.Recorded().Table<PhasesRow>("path.training"));
        Assert.True(phases.Losses[^1] < phases.Losses[0]);
        Assert.StartsWith(
            "50 CIFAR-10 images, convolutions with 2-2 filters of 5 x 5 and pools of 2 x 2, then 6-4 ReLU nodes",
            Scales.Path(new Evidence([run.Recorded()]).PathLines!), StringComparison.Ordinal);
    }

    // images of 8 x 8 pixels are halved three times; a shift by 32 places is one by none
    [Theory]
    [InlineData("batches", 4)]
    [InlineData("batches", 32)]
    [InlineData("path", 33)]
    public void More_blocks_than_an_image_has_halvings_are_told(string part, int blocks)
        => Assert.Contains(
            $"{part}.filters ({blocks} blocks) is too deep: every block halves images of 8 × 8 pixels.",
            Assert.Throws<ConfigException>(() => ConfigReader.Read(Study, [$"{part}.filters=[{string.Join(',', Enumerable.Repeat(1, blocks))}]"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void As_many_blocks_as_an_image_has_halvings_are_taken()
        => Assert.Equal([1, 2, 3], ((HessianConfig)ConfigReader.Read(Study, ["batches.filters=[1,2,3]"])).Batches.Filters);

    private static MemoryRun Run(params string[] settings) => MemoryRun.Of(Study, ["@smoke", .. settings]);
}
