using System.Globalization;
using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Studies.RandomTeacher;
using static Understudy.UnitTests.Studies.RandomTeachers.MadeUp;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Verdicts on rows that were made up: each claim at its bars, below them, and with seeds that scatter.</summary>
/// <remarks>Bars and values are sums of powers of two where a mean or a difference has to be exact.</remarks>
public class RandomTeacherJudgeTests
{
    public static TheoryData<string> Claims => [.. Study.Card.Claims.Select(claim => claim.Id)];

    [Fact]
    public void A_run_of_all_parts_is_judged_by_every_claim()
        => Assert.All(Study.Judge([Run()]), verdict => Assert.Equal((Outcome.Supported, 3), (verdict.Outcome, verdict.Seeds)));

    [Theory]
    [MemberData(nameof(Claims))]
    public void Three_seeds_decide_and_two_do_not(string claim)
    {
        Assert.Equal(Outcome.Supported, Judge(claim, Run()).Outcome);
        Assert.Equal(3, Judge(claim, Run()).Seeds);
        Assert.Equal(Outcome.Inconclusive, Judge(claim, Run(seeds: 2)).Outcome);
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public void Seeds_of_two_runs_are_counted_apart_and_those_of_one_run_once(string claim)
    {
        var (first, second) = (Run(seeds: 2), Run(["seed=2"], seeds: 2));

        var both = Judge(claim, first, second);

        Assert.Equal((Outcome.Supported, 4), (both.Outcome, both.Seeds));
        Assert.Contains(", 4 seeds", both.Scale, StringComparison.Ordinal);
        var twice = Judge(claim, first, first);
        Assert.Equal((Outcome.Inconclusive, 2), (twice.Outcome, twice.Seeds));
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public void Runs_with_another_protocol_are_left_out_and_told(string claim)
    {
        var verdict = Judge(claim, Run(["training.learningRate=0.01"]), Run(["seed=2"], seeds: 2));

        Assert.Equal((Outcome.Inconclusive, 2), (verdict.Outcome, verdict.Seeds));
        Assert.Contains("; 1 run with other settings left out;", verdict.Scale, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_runs_that_are_left_out_are_counted()
        => Assert.Contains("; 2 runs with other settings left out;", Judge("C1", Run(["training.alpha=0.5"]), Run(["training.learningRate=0.01"]), Run()).Scale, StringComparison.Ordinal);

    [Theory]
    [InlineData("C1", "distillation.keep=false")]
    [InlineData("C1", "probes.moments=5")]
    [InlineData("C9", "valley.plane=21")]
    [InlineData("C16", "tickets.rounds=3")]
    public void Settings_that_change_no_result_of_a_part_leave_nothing_out(string claim, string setting)
        => Assert.Equal(4, Judge(claim, Run(seeds: 2), Run(["seed=2", setting], seeds: 2)).Seeds);

    [Theory]
    [InlineData("C1", "distillation", "needs part distillation: run again with parts=[distillation]")]
    [InlineData("C2", "distillation", "needs part distillation: run again with parts=[distillation]")]
    [InlineData("C3", "distillation", "needs part distillation: run again with parts=[distillation]")]
    [InlineData("C4", "distillation", "needs part distillation: run again with parts=[distillation]")]
    [InlineData("C5", "distillation", "needs part distillation: run again with parts=[distillation]")]
    [InlineData("C6", "distillation", "needs part distillation: run again with parts=[distillation]")]
    [InlineData("C7", "sizes", "needs part sizes with at least 4 numbers of images: run again with parts=[sizes]")]
    [InlineData("C8", "", "needs part locality with alpha 1 and two of at most 0.6, or part distillation with distillation.far=true")]
    [InlineData("C9", "valley", "needs part valley: run again with parts=[valley]")]
    [InlineData("C10", "valley", "needs part valley: run again with parts=[valley]")]
    [InlineData("C11", "valley", "needs part valley: run again with parts=[valley]")]
    [InlineData("C12", "transfer", "needs part transfer: run again with parts=[transfer] data.gray=true")]
    [InlineData("C13", "architectures", "needs part architectures: run again with parts=[architectures]")]
    [InlineData("C14", "outputs", "needs part outputs: run again with parts=[outputs]")]
    [InlineData("C15", "bottlenecks", "needs part bottlenecks with -/lb/-/wn/l/-, -/lb/fn/-/l/-: run again with parts=[bottlenecks]")]
    [InlineData("C16", "restart", "needs part restart: run again with parts=[restart]")]
    [InlineData("C16", "restart-again", "needs part restart: run again with parts=[restart]")]
    [InlineData("C17", "tickets", "needs part tickets: run again with parts=[tickets]")]
    [InlineData("C18", "connectivity", "needs part connectivity: run again with parts=[connectivity]")]
    [InlineData("C19", "connectivity", "needs part connectivity: run again with parts=[connectivity]")]
    public void A_part_that_was_not_run_is_asked_for(string claim, string part, string sentence)
    {
        var whole = Run();
        string[] missing = [$"{part}.", $"{part}-supervised."];
        var without = Only(whole, [.. whole.Tables.Where(table => part.Length > 0 && !missing.Any(start => table.StartsWith(start, StringComparison.Ordinal)))]);

        var verdict = Judge(claim, without);

        Assert.Equal((Outcome.NotRun, sentence), (verdict.Outcome, verdict.Measured));
    }

    [Theory]
    [InlineData("C5", "distillation.controls=false", "needs distillation.controls=true")]
    [InlineData("C6", "distillation.noise=false", "needs distillation.noise=true")]
    [InlineData("C7", "sizes.images=[200,1000,5000]", "needs part sizes with at least 4 numbers of images: run again with parts=[sizes]")]
    [InlineData("C14", "outputs.outputs=[16,256]", "needs outputs.outputs of at least 256 and of at most 8")]
    [InlineData("C14", "outputs.outputs=[8,255]", "needs outputs.outputs of at least 256 and of at most 8")]
    [InlineData("C15", "bottlenecks.shapes=[-/lb/fn/wn/l/-,-/lb/fn/-/l/-]", "needs part bottlenecks with -/lb/-/wn/l/-, -/lb/fn/-/l/-: run again with parts=[bottlenecks]")]
    public void A_part_that_was_run_without_what_a_claim_needs_says_so(string claim, string setting, string sentence)
    {
        var verdict = Judge(claim, Run([setting]));

        Assert.Equal((Outcome.NotRun, sentence), (verdict.Outcome, verdict.Measured));
    }

    [Theory]
    [InlineData(2, 1, 0, Outcome.Supported)]
    [InlineData(1.75, 1, 0, Outcome.NotSupported)]
    [InlineData(2, 0.75, 0, Outcome.NotSupported)]
    // the half width of three seeds d apart is 4.3 d / √3
    [InlineData(2, 1, 0.375, Outcome.Supported)]
    [InlineData(2, 1, 0.5, Outcome.Partly)]
    public void A_gain_needs_both_scale_free_linear_probes(double standardized, double ridge, double scatter, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C1", OnStudents("distillation", "images", row => row with
        {
            LinStd = Teacher + standardized,
            Ridge = Teacher + ridge + (scatter * (row.Seed - 1)),
        })));

    [Theory]
    [InlineData(1, 0, Outcome.Supported)]
    [InlineData(0.75, 0, Outcome.NotSupported)]
    [InlineData(1, 0.5, Outcome.Partly)]
    public void A_gain_of_neighbours_reaches_its_bar(double gain, double scatter, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C2", OnStudents("distillation", "images", row => row with { Knn = Teacher + gain + (scatter * (row.Seed - 1)) })));

    [Theory]
    [InlineData(0.25, 0, Outcome.Supported)]
    [InlineData(0.25, 1, Outcome.Partly)]
    [InlineData(-5, 0, Outcome.NotSupported)]
    public void Students_of_whole_images_are_expected_to_beat_pixels(double gain, double scatter, Outcome expected)
        => Assert.Equal(expected, Judge("C3", Run(["data.size=null"], change: OnStudents("distillation", "images", row => row with { Lin = Teacher + gain + (scatter * (row.Seed - 1)) }))).Outcome);

    [Theory]
    [InlineData(0.25, 0, Outcome.Supported)]
    [InlineData(0.25, 1, Outcome.Inconclusive)]
    [InlineData(0, 0, Outcome.Inconclusive)]
    [InlineData(-5, 0, Outcome.Inconclusive)]
    public void Students_of_small_images_are_not_expected_to_beat_pixels(double gain, double scatter, Outcome expected)
    {
        var verdict = Judge("C3", Run(change: OnStudents("distillation", "images", row => row with { Lin = Teacher + gain + (scatter * (row.Seed - 1)) })));

        Assert.Equal(expected, verdict.Outcome);
        Assert.Equal(expected == Outcome.Inconclusive, verdict.Measured.EndsWith("; not expected of images this small", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("C4", 1, 1, Outcome.Supported)]
    [InlineData("C4", 1, -1, Outcome.Partly)]
    [InlineData("C4", -1, 1, Outcome.Partly)]
    [InlineData("C4", 1, 0, Outcome.Partly)]
    [InlineData("C4", 0, 0, Outcome.NotSupported)]
    [InlineData("C12", 1, 1, Outcome.Supported)]
    [InlineData("C12", 1, -1, Outcome.Partly)]
    [InlineData("C12", -1, 1, Outcome.Partly)]
    [InlineData("C12", -1, -1, Outcome.NotSupported)]
    public void One_of_two_gains_that_no_scale_changes_is_half_of_the_claim(string claim, double ridge, double neighbors, Outcome expected)
        => Assert.Equal(expected, OutcomeOf(claim, OnStudents(claim == "C4" ? "distillation" : "transfer", "images", row => claim == "C12" && row.Set == ImageSource.Cifar10 ? row : row with
        {
            Ridge = Teacher + ridge,
            Knn = Teacher + neighbors,
        })));

    [Theory]
    [InlineData(3, 0, Outcome.Supported)]
    [InlineData(2.75, 0, Outcome.NotSupported)]
    [InlineData(3, 1.5, Outcome.Partly)]
    public void A_student_is_better_than_a_teacher_that_was_kicked(double gain, double scatter, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C5", On<ProbeRow>("distillation.probes", row => row.Subject == Subject.Kicked ? row with { Ridge = 43 - gain + (scatter * (row.Seed - 1)) } : row)));

    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0, Outcome.Supported)]
    [InlineData(0.25, 0, 0, 0, 0, 0, Outcome.NotSupported)]
    [InlineData(0, 0.25, 0, 0, 0, 0, Outcome.NotSupported)]
    [InlineData(0, 0, 0.25, 0, 0, 0, Outcome.NotSupported)]
    [InlineData(0, 0, 0, -0.25, 0, 0, Outcome.NotSupported)]
    [InlineData(0, 0, 0, 0, -0.25, 0, Outcome.NotSupported)]
    [InlineData(0, 0, 0, 0, 0, -0.25, Outcome.NotSupported)]
    public void Noise_helps_little_and_less_than_images_under_every_probe(double noiseStandardized, double noiseRidge, double noiseNeighbors, double standardized, double ridge, double neighbors, Outcome expected)
    {
        var (noise, images) = ((Teacher + 2 + noiseStandardized, Teacher + 1 + noiseRidge, Teacher + 0.5 + noiseNeighbors), (1.5 + standardized, 1 + ridge, 2 + neighbors));

        Assert.Equal(expected, OutcomeOf("C6", All(
            OnStudents("distillation", "noise", row => row with { LinStd = noise.Item1, Ridge = noise.Item2, Knn = noise.Item3 }),
            OnStudents("distillation", "images", row => row with { LinStd = noise.Item1 + images.Item1, Ridge = noise.Item2 + images.Item2, Knn = noise.Item3 + images.Item3 }))));
    }

    [Theory]
    [InlineData(0.25, 0, Outcome.Supported)]
    [InlineData(0.25, 2, Outcome.Partly)]
    [InlineData(0, 0, Outcome.NotSupported)]
    [InlineData(-1, 0, Outcome.NotSupported)]
    public void More_images_are_judged_by_their_slope(double slope, double scatter, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C7", On<ProbeRow>("sizes.probes", row => row.Subject != Subject.Student ? row : row with
        {
            LinStd = Teacher + ((slope + (scatter * (row.Seed - 1))) * Math.Log10(int.Parse(row.Condition, CultureInfo.InvariantCulture))),
        })));

    [Theory]
    [InlineData(0.5, 2, 1, 2, Outcome.Supported)]
    [InlineData(0.25, 2, 1, 2, Outcome.NotSupported)]
    [InlineData(0.5, 1.75, 1, 2, Outcome.NotSupported)]
    [InlineData(0.5, 2, 0.75, 2, Outcome.NotSupported)]
    [InlineData(0.5, 2, 1, 2.25, Outcome.NotSupported)]
    public void Near_starts_are_alike_and_better_than_far_ones_that_gain(double standardized, double neighbors, double far, double spread, Outcome expected)
    {
        ProbeRow Far(ProbeRow row) => row with { LinStd = Teacher + far, Knn = Teacher };
        ProbeRow Near(ProbeRow row) => row with { LinStd = Teacher + far + standardized, Knn = Teacher + neighbors };
        var locality = All(
            OnStudents("locality", "alpha 0.0001", Near), OnStudents("locality", "alpha 1", Far), OnStudents("locality", "alpha 0.2", Near), OnStudents("locality", "alpha 0.4", Near),
            OnStudents("locality", "alpha 0.6", row => row with { LinStd = Teacher + far + standardized - spread }));

        Assert.Equal(expected, OutcomeOf("C8", locality));
        // without the part the two ends of part distillation are judged, which say nothing of the spread
        var verdict = Judge("C8", Run(["locality.alphas=[0.7,1]"], change: All(OnStudents("distillation", "images", Near), OnStudents("distillation", "far", Far))));
        Assert.Equal(expected == Outcome.Supported || spread > 2 ? Outcome.Partly : expected, verdict.Outcome);
        Assert.EndsWith("; the spread over alpha needs parts=[locality]", verdict.Measured, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, 3, 10, 10, Outcome.Supported)]
    [InlineData(29, 3, 9, 9, Outcome.NotSupported)]
    [InlineData(30, 3, 10.5, 10, Outcome.NotSupported)]
    [InlineData(60, 3, 10, 5, Outcome.Supported)]
    [InlineData(60, 3, 5, 10, Outcome.Supported)]
    [InlineData(60, 3, 10.5, 5, Outcome.NotSupported)]
    [InlineData(60, 3, 5, 10.5, Outcome.NotSupported)]
    public void A_valley_is_steep_behind_and_random_ways_are_even(double behind, double ahead, double randomBehind, double randomAhead, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C9", On<SegmentRow>("valley.segment", row => Segment(row, behind, ahead, randomBehind, randomAhead))));

    [Fact]
    public void A_random_way_of_one_seed_that_is_not_even_makes_the_valley_partly_asymmetric()
        => Assert.Equal(Outcome.Partly, OutcomeOf("C9", On<SegmentRow>("valley.segment", row => Segment(row, 60, 3, row.Seed == 1 ? 10.5 : 10, 5))));

    [Theory]
    [InlineData(3, 5, 3, Outcome.Supported)]
    [InlineData(2.875, 5, 3, Outcome.NotSupported)]
    [InlineData(3, 4.875, 3, Outcome.NotSupported)]
    [InlineData(3, 5, 2.875, Outcome.Partly)]
    public void A_barrier_needs_its_height_and_the_way_its_length(double barrier, double way, double last, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C10", On<SegmentRow>("valley.segment", row => row with
        {
            Divergences = [90, 20, 0, row.Seed == 2 ? last : barrier, 1, 1],
            Distance = way,
            TeacherNorm = 100,
        })));

    [Theory]
    [InlineData(1, 0, Outcome.Supported)]
    [InlineData(0.75, 0, Outcome.NotSupported)]
    [InlineData(1, 0.5, Outcome.Partly)]
    public void Probes_ahead_are_better_than_behind(double gain, double scatter, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C11", On<SegmentRow>("valley.segment", row => row with { RidgeAhead = row.RidgeBehind + gain + (scatter * (row.Seed - 1)) })));

    [Theory]
    [InlineData(0, 0, Outcome.Supported)]
    [InlineData(1, 0, Outcome.Supported)]
    [InlineData(2, 0, Outcome.NotSupported)]
    [InlineData(1, 2, Outcome.Supported)]
    public void Four_of_five_encoders_gain_and_fully_connected_ones_do_not_count(int failing, int connected, Outcome expected)
    {
        string[] encoders = [.. Enumerable.Range(0, 5).Select(i => $"{16 + i} M"), .. Enumerable.Range(0, connected).Select(i => $"mlp-{16 + i}-1")];
        var losing = encoders[..failing].Concat(encoders[5..]).ToArray();

        var verdict = Judge("C13", Run(
            [$"architectures.encoders=[{string.Join(',', encoders)}]"], change: On<ProbeRow>("architectures.probes", row => row.Subject == Subject.Student && losing.Contains(row.Condition) ? row with { Ridge = Teacher } : row)));

        Assert.Equal(expected, verdict.Outcome);
        Assert.StartsWith($"{5 - failing} of 5 encoders that are not fully connected gain", verdict.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void Fully_connected_encoders_alone_decide_nothing()
        => Assert.Equal(Outcome.Inconclusive, Judge("C13", Run(["architectures.encoders=[mlp-16-1]"])).Outcome);

    [Theory]
    [InlineData(1, 0, 1.5, Outcome.Supported)]
    [InlineData(0.75, 0, 1.5, Outcome.NotSupported)]
    [InlineData(1, 0, 1.75, Outcome.NotSupported)]
    [InlineData(1, 0.5, 0, Outcome.Partly)]
    public void Outputs_matter_below_the_bottleneck_alone(double jump, double scatter, double spread, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C14", On<ProbeRow>("outputs.probes", row => row.Subject != Subject.Student ? row : row.Condition switch
        {
            "256" or "1024" => row with { Ridge = Teacher + jump + (scatter * (row.Seed - 1)) },
            "128" => row with { Ridge = Teacher + jump - spread },
            // between k/8 and 2k anything goes
            "32" or "64" => row with { Ridge = 0 },
            _ => row with { Ridge = Teacher },
        })));

    [Theory]
    [InlineData(0.25, 0, Outcome.Supported)]
    [InlineData(0, 0, Outcome.NotSupported)]
    [InlineData(-1, 0, Outcome.NotSupported)]
    [InlineData(0.25, 1, Outcome.Partly)]
    public void Without_feature_norm_more_is_lost(double more, double scatter, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C15", All(
            OnStudents("bottlenecks", "-/lb/fn/-/l/-", row => row with { Ridge = 42 + more + (scatter * (row.Seed - 1)) }), OnStudents("bottlenecks", "-/lb/-/wn/l/-", row => row with { Ridge = 42 }))));

    [Theory]
    [InlineData(1.5, 0, 3, Outcome.Supported)]
    [InlineData(-1.5, 0, 3, Outcome.Supported)]
    [InlineData(1.75, 0, 3, Outcome.NotSupported)]
    [InlineData(-1.75, 0, 3, Outcome.NotSupported)]
    [InlineData(0, 2, 3, Outcome.Partly)]
    [InlineData(0, 0, 3.5, Outcome.NotSupported)]
    public void A_second_round_neither_gains_nor_goes_far(double gain, double scatter, double way, Outcome expected)
    {
        // the sum of four times 3 / 10 has no rounding error, so that the bar is met exactly
        var change = OnStudents("restart-again", "images", row => row with { Ridge = 43 + gain + (scatter * (row.Seed - 1)), Distance = way });

        Assert.Equal(expected, OutcomeOf("C16", change, seeds: 4));
    }

    private static SegmentRow Segment(SegmentRow row, double behind, double ahead, double randomBehind, double randomAhead) => row with
    {
        Divergences = [90, behind, 0, 8, ahead, 0.5],
        RandomDivergences = [5, randomBehind, 0, randomAhead, 5],
    };

    [Fact]
    public void A_seed_of_two_runs_is_that_of_the_last()
    {
        var first = Run(change: OnStudents("distillation", "images", row => row with { Knn = 0 }));

        Assert.Equal(Outcome.NotSupported, Judge("C2", Run(), first).Outcome);
        Assert.Equal(Outcome.Supported, Judge("C2", first, Run()).Outcome);
    }

    [Theory]
    [InlineData("C1", "distillation.probes")]
    [InlineData("C13", "architectures.probes")]
    [InlineData("C16", "restart-again.probes")]
    [InlineData("C17", "tickets-supervised.rounds")]
    [InlineData("C18", "connectivity-supervised.lines")]
    public void A_run_that_was_stopped_is_not_judged_and_hides_none_that_was_finished(string claim, string table)
    {
        // the last row that was recorded is missing for every seed
        var stopped = Without(Run(["training.learningRate=0.01"]), table);

        Assert.Equal(Outcome.NotRun, Judge(claim, stopped).Outcome);
        Assert.Equal((Outcome.Supported, 3), (Judge(claim, Run(), stopped).Outcome, Judge(claim, Run(), stopped).Seeds));
    }

    [Fact]
    public void Without_a_gain_nothing_is_said_of_the_kick()
        => Assert.Equal(Outcome.Inconclusive, OutcomeOf("C5", All(
            OnStudents("distillation", "images", row => row with { Ridge = Teacher }), On<ProbeRow>("distillation.probes", row => row.Subject == Subject.Kicked ? row with { Ridge = Teacher - 10 } : row))));

    [Theory]
    [InlineData("C4", "distillation")]
    [InlineData("C12", "transfer")]
    public void Means_without_their_intervals_leave_it_open(string claim, string part)
        => Assert.Equal(Outcome.Inconclusive, OutcomeOf(claim, OnStudents(part, "images", row => row with { Ridge = Teacher + 0.5 + (2 * (row.Seed - 1)), Knn = Teacher + 0.5 + (2 * (row.Seed - 1)) })));

    /// <summary>A run without the last row of every seed of a table, as one that was stopped leaves it.</summary>
    private static MemoryRecord Without(MemoryRecord run, string table) => new(
        run.Config, run.Tables.ToDictionary(name => name, name => name == table ? Cut(run.Table<object>(name)) : [.. run.Table<object>(name)]), new Dictionary<(string, long), IReadOnlyList<Tensor>>());

    private static List<object> Cut(IReadOnlyList<object> rows)
        => [.. rows.GroupBy(Seed).SelectMany(own => own.Take(own.Count() - own.Reverse().TakeWhile(row => row is ProbeRow { Subject: not Subject.Student }).Count() - 1))];

    private static int Seed(object row) => row switch
    {
        ProbeRow probe => probe.Seed,
        TicketRow ticket => ticket.Seed,
        InstabilityRow line => line.Seed,
        _ => 0,
    };
}
