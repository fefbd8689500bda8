using Understudy.Lab.Figures;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class RunTests
{
    private static readonly SpecializationStudy Study = new();
    private static readonly string[] Tiny =
    [
        "@smoke", "twoLayer.training.epochSteps=20", "dynamics.training.epochSteps=20", "samples.training.epochSteps=20",
        "leaky.training.epochSteps=20", "lucky.training.epochSteps=20", "boundaries.training.epochSteps=20", "phase.training.epochSteps=20",
    ];

    /// <summary>Nothing specializes within a few steps, so there is neither an order of learning nor a sufficient number of samples to draw.</summary>
    private static readonly string[] Names =
    [
        "recovery", "phase-decay", "convergence", "l-shape", "matching", "criteria", "creases", "certificates", "fan-out-bound", "gradient",
        "node-dynamics", "matching-movie", "sample-size", "leaky-recovery", "optimizers", "lucky-nodes",
        "layers-samples", "layers-epochs", "layers-l-shape", "boundaries", "boundary-movie", "online-learning", "images-layers", "images-channels", "images-accuracy", "phase-diagram",
    ];

    private static readonly Lazy<MemoryRun> OnTwoThreads = new(() => MemoryRun.Of(Study, Tiny));

    [Fact]
    public void A_run_records_every_part_and_can_be_judged_and_drawn()
    {
        var run = OnTwoThreads.Value;

        // 2 decays x 2 widths x 2 seeds x 5 evaluations; nodes at the early epoch and the end, 4 of them
        Assert.Equal(40, run.Rows["two-layer.evaluations"].Count);
        Assert.Equal(2 * 8 * 4, run.Rows["two-layer.nodes"].Count);
        Assert.Equal(2 * 2 * (4 + 8), run.Rows["two-layer.students"].Count);
        Assert.Equal(2 * 2 * 2 * 5, run.Rows["samples.evaluations"].Count);
        Assert.Equal([0, 20, 40, 60, 80], run.Recorded().Steps("boundaries.weights"));
        Assert.All(["leaky-0-1.evaluations", "leaky-0-5.evaluations"], table => Assert.Equal(2 * 2 * 3, run.Rows[table].Count));
        Assert.Equal(5, run.Recorded().Steps("dynamics.correlations").Count);
        Assert.Equal(run.Progress.Order(), run.Progress);
        Assert.Equal(Study.Card.Claims, Study.Judge([run.Recorded()]).Select(verdict => verdict.Claim));
        Assert.Equal(
            Names,
            Study.Draw([run.Recorded()]).Select(figure => figure.Name));
    }

    [Fact]
    public void Figures_name_their_axes_and_stay_small()
    {
        foreach (var figure in Study.Draw([OnTwoThreads.Value.Recorded()]))
        {
            Assert.NotEmpty(figure.Caption);
            Assert.All(figure.Panels, panel => Assert.NotEmpty(panel.X.Title + panel.Y.Title));
            Assert.InRange(figure.Panels.SelectMany(panel => panel.Layers).Sum(Points), 1, 5000);
        }
    }

    [Fact]
    public void Threads_do_not_change_what_is_recorded() => Assert.Equal(MemoryRun.Of(Study, Tiny, threads: 1).Text(), MemoryRun.Of(Study, Tiny, threads: 3).Text());

    [Theory]
    [InlineData("two-layer", 40)]
    [InlineData("samples", 20)]
    [InlineData("leaky-0-1", 20)]
    [InlineData("leaky-0-5", 20)]
    [InlineData("optimizers-momentum", 50)]
    [InlineData("optimizers-adam", 50)]
    [InlineData("lucky", 60)]
    [InlineData("online", 120)]
    public void A_cancelled_run_goes_on_to_the_same_rows(string part, long step)
        => Assert.Equal(OnTwoThreads.Value.Text(), MemoryRun.Of(Study, Tiny, stopAt: (at, done) => at == part && done == step).Text());

    [Fact]
    public void Cells_of_one_seed_share_teacher_and_data()
    {
        var rows = OnTwoThreads.Value.Recorded().Table<EvaluationRow>("two-layer.evaluations");
        var before = rows.Where(row => row.Epoch == 0 && row.Seed == 1).ToArray();

        // the untrained students of one width see the same hidden teacher whatever the decay
        Assert.All(before.GroupBy(row => row.OverRealization), group => Assert.Single(group.Select(row => row.MeanBest).Distinct()));
    }

    private static int Points(Layer layer) => layer switch
    {
        LineLayer line => line.Points.Count,
        BandLayer band => band.Lower.Count,
        PointLayer points => points.Points.Count,
        MatrixLayer matrix => matrix.Values.Count,
        _ => 1,
    };
}
