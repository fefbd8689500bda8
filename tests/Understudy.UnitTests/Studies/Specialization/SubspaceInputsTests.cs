using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Configuration;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class SubspaceInputsTests
{
    private const int Dimension = 12;
    private const int Subspace = 3;
    private static readonly IStudy Study = new SpecializationStudy();

    [Fact]
    public void Inputs_lie_in_the_subspace_of_their_seed_with_the_deviation_along_each_direction()
    {
        using var team = new Team(1);
        var inputs = Inputs(team, noise: 0);
        var (basis, rows) = (inputs.Basis(2), inputs.Training(2, 2000));

        var squares = new double[Subspace];
        foreach (var row in rows.Chunk(Dimension))
        {
            double[] along = [.. Enumerable.Range(0, Subspace).Select(i => Enumerable.Range(0, Dimension).Sum(u => row[u] * basis[(i * Dimension) + u]))];
            for (var u = 0; u < Dimension; u++)
                Assert.Equal(Enumerable.Range(0, Subspace).Sum(i => along[i] * basis[(i * Dimension) + u]), row[u], 1e-6);
            for (var i = 0; i < Subspace; i++)
                squares[i] += along[i] * along[i] / 2000;
        }

        // the deviation of a variance of 2,000 samples is 3.2 %
        Assert.All(squares, square => Assert.Equal(1.5 * 1.5, square, 0.3));
        Assert.NotEqual(basis, inputs.Basis(3));
        Assert.False(inputs.IsGaussian);
    }

    [Fact]
    public void Noise_moves_the_same_inputs_off_the_subspace()
    {
        using var team = new Team(1);
        var (clean, noisy) = (Inputs(team, noise: 0).Evaluation(0, 500), Inputs(team, noise: 0.1).Evaluation(0, 500));

        Assert.Equal(0.1, Math.Sqrt(clean.Zip(noisy, (a, b) => (double)(a - b) * (a - b)).Average()), 0.005);
    }

    [Theory]
    [InlineData(InputKind.Gaussian, null)]
    [InlineData(InputKind.Uniform, null)]
    [InlineData(InputKind.Gaussian, 3)]
    public void Inputs_have_the_root_mean_square_that_is_said(InputKind kind, int? subspace)
    {
        using var team = new Team(1);
        var config = new InputsConfig { Kind = kind, Deviation = 1.5, Subspace = subspace, SubspaceNoise = subspace is null ? 0 : 0.3 };
        var run = new MemoryRun(new SpecializationConfig(), team);
        InputSource source = subspace is { } dimensions ? new SubspaceInputs(config, dimensions, 12, run) : new DrawnInputs(config, 12, run);

        var rows = source.Training(0, 20_000);

        Assert.Equal(source.RootMeanSquare, Math.Sqrt(rows.Average(value => (double)value * value)), 0.01);
    }

    [Fact]
    public void Teacher_nodes_whose_boundary_the_data_do_not_cross_are_not_observed_and_not_counted_as_failures()
    {
        using var team = new Team(2);
        // on a line every node has a single crease; biases of −4 put most beyond the data
        var run = new MemoryRun(
            ConfigReader.Read(Study, ["@smoke", "parts=[two-layer]", "data.subspace=1", "twoLayer.teacher.bias=-4", "twoLayer.measures.geometry.probes=50", "seeds=6"]), team);
        Study.Run(run.Recorded().Config, run, CancellationToken.None);

        var nodes = run.Recorded().Table<NodeRow>("two-layer.nodes").Where(row => row.Epoch == 4).ToArray();
        var end = run.Recorded().Table<EvaluationRow>("two-layer.evaluations").Where(row => row.Epoch == 4).ToArray();
        Assert.Contains(nodes, row => !row.Observed);
        foreach (var row in end)
        {
            var own = nodes.Where(node => node.Seed == row.Seed && node.OverRealization.Equals(row.OverRealization) && node.FanOutDecay.Equals(row.FanOutDecay)).ToArray();
            Assert.Equal(own.Count(node => !node.Observed), row.Unobserved);
            // of a seed whose data cross no boundary nothing is said
            Assert.Equal(own.Where(node => node.Observed).Select(node => node.Recovered ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average(), row.Recovered, 1e-12);
        }

        var roles = run.Recorded().Table<CertificateRow>("two-layer.certificates").Select(row => (row.Seed, row.Node, row.OverRealization, row.FanOutDecay, row.Role == TeacherRole.NotObserved));
        Assert.Equal(nodes.Select(row => (row.Seed, row.Node, row.OverRealization, row.FanOutDecay, !row.Observed)).Order(), roles.Order());
    }

    [Fact]
    public void Settings_that_do_not_fit_are_told_in_sentences()
    {
        Assert.Equal(
            ["data.subspace needs data.kind=gaussian.", "data.subspace (60) is more than twoLayer.data.dimension (50)."],
            new SpecializationConfig { Parts = [SpecializationPart.TwoLayer], Data = new InputsConfig { Kind = InputKind.Uniform, Subspace = 60 } }.Problems());
        Assert.Equal(
            ["data.subspaceNoise needs data.subspace."],
            new SpecializationConfig { Parts = [SpecializationPart.TwoLayer], Data = new InputsConfig { SubspaceNoise = 0.1 } }.Problems());
    }

    private static SubspaceInputs Inputs(Team team, double noise) => new(
        new InputsConfig { Subspace = Subspace, SubspaceNoise = noise }, Subspace, Dimension, new MemoryRun(ConfigReader.Read(Study, ["@smoke"]), team));
}
