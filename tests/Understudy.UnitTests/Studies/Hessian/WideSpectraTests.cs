using Understudy.Engine.Threading;
using Understudy.Lab.Claims;
using Understudy.Studies.Hessian;

namespace Understudy.UnitTests.Studies.Hessian;

/// <summary>Spectra by products alone beside the same ones by whole matrices, and the networks of several sizes.</summary>
public class WideSpectraTests
{
    private static readonly HessianStudy Study = new();

    [Fact]
    public void Both_ends_by_products_are_those_of_the_whole_matrix()
    {
        var wide = Run("widths.hidden=[2]", "widths.wide=[3]");
        var whole = Run("widths.hidden=[2,3]", "widths.wide=[]").Table<SpectrumRow>("widths.spectra").Where(row => row.Hidden == 3).ToDictionary(row => (row.Seed, row.Stage));

        Assert.Equal(4, wide.Table<WideRow>("widths.wide").Count);
        Assert.All(wide.Table<WideRow>("widths.wide"), row =>
        {
            var exact = whole[(row.Seed, row.Stage)];
            Assert.Equal(exact.Parameters, row.Parameters);
            Assert.Equal(exact.Loss, row.Loss, 1e-12);
            Assert.Equal(exact.Trace, row.Trace, 1e-12 * exact.Trace);
            Assert.All(row.Top.Zip(exact.Top), pair => Assert.Equal(pair.Second, pair.First, 1e-7 * exact.Top[0]));
            Assert.All(row.Bottom.Zip(exact.Bottom), pair => Assert.Equal(pair.Second, pair.First, 1e-7 * exact.Top[0]));
            Assert.True(exact.Negative <= row.MostNegative);
        });
    }

    [Fact]
    public void The_share_away_from_zero_lies_within_the_bounds_of_the_quadrature()
    {
        var byProducts = Concentrations("widths.hidden=[2]", "widths.wide=[3]");
        var exact = Concentrations("widths.hidden=[2,3]", "widths.wide=[]").ToDictionary(row => (row.Seed, row.Stage));

        Assert.All(byProducts, row =>
        {
            var known = exact[(row.Seed, row.Stage)];
            Assert.Equal(known.Magnitudes, row.Magnitudes);
            for (var i = 0; i < row.Magnitudes.Count; i++)
                Assert.InRange(known.Beyond[i], row.Lower[i] - 1e-9, row.Upper[i] + 1e-9);
            // nothing is beyond more than all, and less is beyond more
            Assert.Equal(known.Beyond.OrderDescending(), known.Beyond);
        });

        static IEnumerable<ConcentrationRow> Concentrations(params string[] settings) => Run(settings).Table<ConcentrationRow>("widths.concentration").Where(row => row.Hidden == 3);
    }

    [Fact]
    public void Wide_networks_take_part_in_what_is_said_of_outliers_and_their_bound_is_told()
    {
        var run = Run("widths.hidden=[2]", "widths.wide=[3]", "seeds=3");
        var verdicts = Study.Judge([run]).ToDictionary(verdict => verdict.Claim.Id);

        Assert.NotEqual(Outcome.NotRun, verdicts["H3"].Outcome);
        var ends = run.Table<SpectrumRow>("widths.spectra").Where(row => row.Stage == TrainingStage.End).Zip(run.Table<WideRow>("widths.wide").Where(row => row.Stage == TrainingStage.End));
        var worst = Enumerable.Range(0, 5).Max(rank => Statistics.Mean([.. ends.Select(pair => Math.Max(pair.First.Top[rank], pair.Second.Top[rank]) / Math.Min(pair.First.Top[rank], pair.Second.Top[rank]))]));
        Assert.Equal(worst, verdicts["H3"].Estimate!.Value.Value, 1e-9 * worst);
        // two widths are needed for a spread of counts, and one of these is not counted
        Assert.Equal(Outcome.NotRun, verdicts["H4"].Outcome);
    }

    [Theory]
    [InlineData(PictureSet.Random, 64)]
    [InlineData(PictureSet.RandomPictures, 784)]
    public void Random_inputs_are_normal_numbers_in_every_place_and_differ_by_seed(PictureSet set, int width)
    {
        const int Count = 50;
        using var team = new Team(1);
        var run = new MemoryRun(new HessianConfig(), team);
        double[] Inputs(int seed) => Examples.Load(new PicturesConfig { Set = set, Samples = Count }, run, seed).Inputs.ToArray();

        var inputs = Inputs(0);

        Assert.Equal(Count * width, inputs.Length);
        Assert.DoesNotContain(0.0, inputs);
        Assert.Equal(inputs.Length, inputs.Distinct().Count());
        Assert.Equal(0, inputs.Average(), 5 / Math.Sqrt(inputs.Length));
        Assert.Equal(1, inputs.Average(x => x * x), 8 / Math.Sqrt(inputs.Length));
        Assert.NotEqual(inputs[0], Inputs(1)[0]);
    }

    [Fact]
    public void Two_blobs_leave_two_isolated_eigenvalues_whatever_the_size()
    {
        var rows = Run("parts=[sizes]", "sizes.hidden=[10,14]", "sizes.training.steps=64000", "sizes.gradientNorm=1e-3", "sizes.samples=60").Table<SizeRow>("sizes.spectra");

        Assert.All(rows, row =>
        {
            Assert.Equal((row.Hidden * row.Hidden) + (6 * row.Hidden) + 2, row.Parameters);
            Assert.InRange(row.GradientNorm, 0, 1e-3);
            Assert.Equal(2, row.Gap);
        });
        // looked at when the number of steps has doubled, and not longer than needed
        Assert.All(rows, row => Assert.True(row.TrainingStep < 64_000 && row.TrainingStep % 500 == 0 && int.IsPow2(row.TrainingStep / 500)));
    }

    [Fact]
    public void Training_to_a_small_gradient_ends_at_its_last_step_in_any_case()
        => Assert.All(Run("parts=[sizes]", "sizes.gradientNorm=0", "sizes.training.steps=700").Table<SizeRow>("sizes.spectra"), row => Assert.Equal(700, row.TrainingStep));

    private static MemoryRecord Run(params string[] settings) => MemoryRun.Of(Study, ["@smoke", "parts=[widths]", .. settings]).Recorded();
}
