using System.Text.Json.Nodes;
using Understudy.Cli.Commands;
using Understudy.Cli.Timing;
using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Speed;
using Understudy.Learning.Curvature;
using Understudy.Learning.Speed;
using Understudy.UnitTests.Lab;
using Understudy.UnitTests.Learning.Curvature;

namespace Understudy.UnitTests.Cli;

public sealed class BenchTests : IDisposable
{
    private readonly Terminal _terminal = new();

    [Fact]
    public void A_workload_is_timed_beside_the_peak_and_written_as_Markdown()
    {
        var file = Path.Combine(_terminal.Folder, "engine.md");

        var answer = _terminal.Run("bench", "engine", "exp", "--slices", "1", "--json", "--out", file);

        Assert.Equal(0, answer.Code);
        var workload = Assert.Single(JsonNode.Parse(answer.Out)!["workloads"]!.AsArray())!;
        Assert.True((double)workload["best"]! > 0);
        Assert.Equal("ns", (string?)workload["unit"]);
        Assert.Contains("| workload | threads | best | median |", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Computations_are_timed_in_milliseconds_beside_their_peers()
    {
        var answer = _terminal.Run("bench", "curvature", "exact hessian", "1075", "--slices", "1", "--json");

        Assert.Equal(0, answer.Code);
        var alone = JsonNode.Parse(answer.Out)!["workloads"]!.AsArray()[0]!;
        Assert.Equal("ms", (string?)alone["unit"]);
        Assert.Equal(530, (double)alone["peers"]!["row by row double backward"]!);
    }

    [Fact]
    public void A_long_workload_is_timed_where_the_words_name_nothing_shorter()
    {
        SpeedCase Named(string name, bool isLong) => new(name, 1, SpeedUnit.Computations, 1, 0, null, "", _ => new SpeedWork(() => { }, () => { })) { IsLong = isLong };
        SpeedCase[] all = [Named("values, n = 10", false), Named("values, n = 5000", true), Named("values, n = 5000, twice", true)];

        var everything = BenchVerb.Chosen(all, ["values"], 1, out var leftOut);

        Assert.Equal([all[0]], everything);
        Assert.Equal(all[1..], leftOut);
        Assert.Equal(all[1..], BenchVerb.Chosen(all, ["values", "5000"], 1, out leftOut));
        Assert.Empty(leftOut);
        Assert.Empty(BenchVerb.Chosen(all, ["nothing"], 1, out leftOut));
    }

    [Theory]
    [InlineData(0.5, 1 + 9)]
    [InlineData(2, 1 + 3)]
    [InlineData(60, 1 + 1)]
    public void Long_runs_are_slices_of_their_own_and_end_after_five_seconds(double seconds, int expected)
    {
        var (time, runs) = (new ManualTime(), 0);
        SpeedCase Taking(double each, Action counted) => new("work", 1, SpeedUnit.Computations, 1, 1, null, "", _ => new SpeedWork(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(each));
                counted();
            },
            () => { }));

        var result = new SliceTimer(time, TimeSpan.FromMilliseconds(20), 9).Measure(Taking(seconds, () => runs++), Taking(0.01, () => { }), CancellationToken.None);

        Assert.Equal(expected, runs);
        Assert.Equal(1e3 * seconds, result.Value, 9);
        Assert.Equal(100, result.Peak, 9);
    }

    [Fact]
    public void Workloads_of_curvature_differ_in_name_or_threads_and_tell_their_sizes()
    {
        Assert.Distinct(CurvatureSpeed.All.Select(item => (item.Name, item.Threads)));
        Assert.Equal(1075, CurvaturePoints.Drawn(1, 20, 25, 15, 10).Size);
        Assert.Equal(4710, CurvaturePoints.Drawn(1, 30, 60, 40, 10).Size);
    }

    [Fact]
    public void Ten_eigenvalues_to_the_loosest_residual_that_is_timed_are_nearer_than_the_peers_first()
    {
        const double OffAtThePeer = 4e-3;
        using var curvature = CurvaturePoints.Curvature(CurvaturePoints.DrawnImages, new CurvatureOptions { Precision = DType.F32 });
        Eigenpairs Top(double tolerance) => ExtremeEigenpairs.Of(curvature.Hessian, new EigenpairOptions { Top = 10, Tolerance = tolerance }).Top;

        var (loose, tight) = (Top(CurvatureSpeed.LooseTolerance).Values.ToArray(), Top(1e-6).Values.ToArray());

        Assert.All(loose.Zip(tight), pair => Assert.InRange(pair.First / pair.Second, 1 - (OffAtThePeer / 10), 1 + (OffAtThePeer / 10)));
    }

    [Fact]
    public void A_density_behind_the_outliers_that_is_timed_is_as_near_as_one_of_a_hundred_steps()
    {
        const int Seeds = 6;
        var reference = ReferenceCase.Load("mlp-relu-ce-trained");
        using var curvature = CurvaturePoints.Curvature(reference.Point, new CurvatureOptions { Precision = DType.F32 });
        var exact = SpectralMeasure.Exact(SymmetricEigenvalues.Of(ExactHessian.Of(reference.Point), curvature.Size).Values);
        var density = SpectralDensity.Of(exact);

        // eigenvalues that are known have to be smoothed like the others
        double Distance(SpectralMeasure measure)
        {
            var own = SpectralDensity.Of(measure, sigma: density.Sigma, grid: density.Grid);
            var stems = SpectralDensity.Of(SpectralMeasure.Exact(measure.Stems.Length == 0 ? [0] : measure.Stems), sigma: density.Sigma, grid: density.Grid);
            var share = (double)measure.Stems.Length / measure.Size;
            return Enumerable.Range(0, density.Grid.Points).Sum(i => Math.Abs(own.Mean[i] + (share * stems.Mean[i]) - density.Mean[i])) * (density.Grid.Coordinate(1) - density.Grid.Coordinate(0));
        }

        var seeds = Enumerable.Range(1, Seeds).Select(seed => (ulong)seed).ToArray();
        var whole = seeds.Average(seed => Distance(SpectralMeasure.Estimate(curvature.Hessian, new QuadratureOptions { Probes = 10, Steps = 100, Seed = seed })));
        var behind = seeds.Average(seed => Distance(CurvatureSpeed.BehindOutliers(curvature.Hessian, seed, null)));

        Assert.InRange(behind, 0, whole);
        Assert.InRange(whole, 1e-6, 0.02);
    }

    [Fact]
    public void The_share_of_a_workload_in_double_precision_is_one_of_the_peak_in_double_precision()
    {
        var product = Assert.Single(CurvatureSpeed.All, item => item.Name.StartsWith("Hessian-vector product, one vector, F64: 64-64-10", StringComparison.Ordinal));

        Assert.True(product.IsDouble);
        Assert.False((product with { Precision = DType.F32 }).IsDouble);
        Assert.True((product with { Precision = DType.F32, Unit = SpeedUnit.DoubleOperations }).IsDouble);
    }

    [Fact]
    public void Operations_are_shares_of_the_peak_of_all_threads()
    {
        var workload = new SpeedCase("product", 2, SpeedUnit.SingleOperations, 1e9, 1e9, 50, "", _ => new SpeedWork(() => { }, () => { }));

        var result = new SpeedResult(workload, Best: 0.01, Median: 0.02, Peak: 1e11, PeakSpread: 0);

        Assert.Equal(50, result.Value, 9);
        Assert.Equal(25, result.MedianValue, 9);
    }

    [Fact]
    public void Elements_are_nanoseconds_steps_microseconds_and_computations_milliseconds_each()
    {
        var elements = new SpeedCase("exp", 1, SpeedUnit.Elements, 1000, 0, null, "", _ => new SpeedWork(() => { }, () => { }));

        Assert.Equal(2, new SpeedResult(elements, 2e-6, 3e-6, 1, 0).Value, 9);
        Assert.Equal(2e-6, new SpeedResult(elements with { Unit = SpeedUnit.Computations }, 2e-6, 3e-6, 1, 0).Value, 15);
        Assert.Equal(0.002, new SpeedResult(elements with { Unit = SpeedUnit.StudentSteps }, 2e-6, 3e-6, 1, 0).Value, 9);
    }

    [Fact]
    public void Several_passes_keep_the_best_of_each_workload_beside_the_highest_peak()
    {
        var workload = new SpeedCase("product", 1, SpeedUnit.SingleOperations, 1e9, 1e9, 50, "", _ => new SpeedWork(() => { }, () => { }));

        var better = new SpeedResult(workload, 0.02, 0.04, 1e11, 0.2).Better(new SpeedResult(workload, 0.03, 0.03, 2e11, 0.1));

        Assert.Equal(new SpeedResult(workload, 0.02, 0.03, 2e11, 0.2), better);
    }

    [Fact]
    public void A_recorded_time_becomes_a_ratio_and_counted_operations_a_share()
    {
        var steps = new SpeedCase("step", 1, SpeedUnit.StudentSteps, 10, 2e5, null, "", _ => new SpeedWork(() => { }, () => { })) { Peers = [new SpeedPeer("another program", 30)] };

        var result = new SpeedResult(steps, Best: 2e-5, Median: 3e-5, Peak: 1e11, PeakSpread: 0);

        Assert.Equal("15.0 times as fast as another program (30 µs)", result.Recorded);
        Assert.Equal(10, result.Share!.Value, 9);
    }

    public void Dispose() => _terminal.Dispose();
}
