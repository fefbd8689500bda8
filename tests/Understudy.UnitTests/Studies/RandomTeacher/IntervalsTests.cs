using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Intervals over test images, and moments that are chosen: of real runs of a second, and of rows that nobody computed.</summary>
public sealed class IntervalsTests
{
    private static readonly string[] Small = ["@smoke", "parts=[distillation]", "seeds=1", "distillation.noise=false", "distillation.far=false", "distillation.controls=false", "distillation.keep=false", "probes.keep=true", "probes.moments=2"];

    private static readonly string[] Probes = [RightImages.Lin, RightImages.LinStd, RightImages.Ridge, RightImages.Knn];

    [Fact]
    public void The_bits_of_a_probe_add_up_to_its_accuracy_and_validation_has_a_row_for_every_moment()
    {
        var run = MemoryRun.Of(MadeUp.Study, [.. Small, "distillation.noise=true"]).Recorded();
        ProbeRow[] Of(Subject subject) => [.. run.Table<ProbeRow>("distillation.probes").Where(row => row.Subject == subject && row.Condition == "images")];

        // what nobody reads is not kept: pixels, students of noise and earlier moments
        ProbeRow[] kept = [Of(Subject.Teacher).Single(), Of(Subject.Student)[^1]];
        Assert.Equal(kept.Select(row => row.Step), run.Steps("distillation.right"));
        Assert.All(kept, row =>
        {
            var bits = run.Arrays("distillation.right", row.Step);
            double Percent(string probe) => 100 * Enumerable.Range(0, 40).Sum(i => (bits[probe].Bytes[i / 8] >> (i % 8)) & 1) / 40.0;
            // of 40 images; a share times 100 is rounded
            Assert.All(Probes.Zip([row.Lin, row.LinStd, row.Ridge, row.Knn]), probe => Assert.Equal(probe.Second, Percent(probe.First), 1e-12));
        });
        Assert.Equal(
            Of(Subject.Student).Select(row => (row.Step, row.TrainingSteps)),
            run.Table<ValidationRow>("distillation.validation").Select(row => (row.Step, row.TrainingSteps)));
        // 8 of 80 images are held out
        Assert.All(run.Table<ValidationRow>("distillation.validation"), row => Assert.Equal(Math.Round(row.Ridge / 12.5), row.Ridge / 12.5, 1e-9));
    }

    [Fact]
    public void Test_images_have_no_part_in_what_is_validated()
    {
        ValidationRow[] Validated(string test) => [.. MemoryRun.Of(MadeUp.Study, [.. Small, $"data.test={test}"]).Recorded().Table<ValidationRow>("distillation.validation")];

        Assert.Equal(Validated("40"), Validated("15"));
    }

    [Fact]
    public void Every_rule_takes_its_moment()
    {
        // the first moment is better on held-out images, and the last on test images
        var verdict = MadeUp.Judge("C1", Chosen(validation: (50, 45)));

        Assert.Contains("last 44.00, best by held-out training images 10.00, best by test images (paper style, too high) 44.00", verdict.Measured, StringComparison.Ordinal);
        // of equally good moments the first
        Assert.Contains("training images 10.00", MadeUp.Judge("C1", Chosen(validation: (50, 50))).Measured, StringComparison.Ordinal);
        Assert.Contains("training images 44.00", MadeUp.Judge("C1", Chosen(validation: (50, 50.1))).Measured, StringComparison.Ordinal);
        Assert.Equal(MadeUp.Judge("C1", MadeUp.Run()).Outcome, verdict.Outcome);
        Assert.DoesNotContain("held-out", MadeUp.Judge("C1", MadeUp.Run()).Measured, StringComparison.Ordinal);
        Assert.Contains("selection", MadeUp.Study.Draw([Chosen(validation: (50, 45))]).Select(figure => figure.Name));
    }

    /// <summary>Three seeds agree to a tenth of a point, but of which images there are depends whether there is a gain.</summary>
    [Fact]
    public void An_interval_over_test_images_can_take_a_verdict_away_but_gives_none()
    {
        var sure = WithBits(onlyStudent: 60, onlyTeacher: 20);
        var unsure = WithBits(onlyStudent: 8, onlyTeacher: 4);

        Assert.Equal(Outcome.Supported, MadeUp.Judge("C2", MadeUp.Run()).Outcome);
        Assert.Equal(Outcome.Supported, Judge(sure).Outcome);
        Assert.Equal(Outcome.Partly, Judge(unsure).Outcome);
        Assert.Equal(Outcome.Inconclusive, Judge(WithBits(onlyStudent: 60, onlyTeacher: 20, seeds: 1)).Outcome);
        Assert.Contains("(drawing test images anew [", Judge(sure).Measured, StringComparison.Ordinal);
        Assert.Contains("intervals", MadeUp.Study.Draw([sure]).Select(figure => figure.Name));
    }

    /// <summary>Another run that did not keep which images are right must not lift the bar for those that did.</summary>
    [Fact]
    public void Seeds_without_their_images_leave_the_interval_of_the_others()
    {
        var (unsure, without) = (WithBits(onlyStudent: 8, onlyTeacher: 4), MadeUp.Only(MadeUp.Run(["data.test=200", "seed=2"]), "distillation"));
        var verdict = Judge(unsure, without);

        Assert.Equal((Outcome.Partly, 6), (verdict.Outcome, verdict.Seeds));
        Assert.Contains("], 3 of 6 seeds)", verdict.Measured, StringComparison.Ordinal);
        Assert.Contains("3 of 6 seeds tell which test images are right", MadeUp.Study.Draw([unsure, without]).Single(figure => figure.Name == "intervals").Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_of_two_runs_has_the_moments_of_the_last_alone()
    {
        var (first, last) = (Chosen(validation: (50, 45)), MadeUp.Only(MadeUp.Run(), "distillation"));

        Assert.Contains("best by held-out training images", MadeUp.Study.Judge([last, first]).Single(verdict => verdict.Claim.Id == "C1").Measured, StringComparison.Ordinal);
        Assert.DoesNotContain("best by held-out training images", MadeUp.Study.Judge([first, last]).Single(verdict => verdict.Claim.Id == "C1").Measured, StringComparison.Ordinal);
    }

    private static Verdict Judge(params IReadOnlyList<MemoryRecord> runs) => MadeUp.Study.Judge(runs).Single(verdict => verdict.Claim.Id == "C2");

    private static MemoryRecord Chosen((double First, double Last) validation)
    {
        var run = MadeUp.Only(MadeUp.Run(), "distillation");
        var tables = run.Tables.ToDictionary(table => table, table => run.Table<object>(table).ToList());
        var steps = ((RandomTeacherConfig)run.Config).Training.Steps;
        ValidationRow Row(int seed, int at, double value) => new(seed, 1, "images", at, value, value, value, value);
        tables["distillation.validation"] = [.. Enumerable.Range(0, 3).SelectMany(seed => new object[] { Row(seed, steps / 2, validation.First), Row(seed, steps, validation.Last) })];
        return new MemoryRecord(run.Config, tables, new Dictionary<(string, long), IReadOnlyList<Tensor>>());
    }

    /// <summary>A run of rows that nobody computed with bits in which teacher and student differ on some of 200 images.</summary>
    private static MemoryRecord WithBits(int onlyStudent, int onlyTeacher, int seeds = 3)
    {
        var run = MadeUp.Only(MadeUp.Run(["data.test=200"], seeds, (_, row) => row is ProbeRow { Subject: Subject.Teacher } teacher ? teacher with { Step = 2 } : row), "distillation");
        Tensor[] Bits(bool isStudent) =>
        [
            .. Probes.Select(probe => RightImages.Pack(probe, [.. Enumerable.Range(0, 200).Select(i => i < onlyStudent ? isStudent ? 1 : 0 : i < onlyStudent + onlyTeacher ? isStudent ? 0 : 1 : i % 2)], [.. Enumerable.Repeat(1, 200)])),
        ];
        return new MemoryRecord(
            run.Config, run.Tables.ToDictionary(table => table, table => run.Table<object>(table).ToList()),
            new Dictionary<(string, long), IReadOnlyList<Tensor>> { [("distillation.right", 1)] = Bits(isStudent: true), [("distillation.right", 2)] = Bits(isStudent: false) });
    }
}
