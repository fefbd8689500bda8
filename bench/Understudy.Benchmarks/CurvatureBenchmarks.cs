using BenchmarkDotNet.Attributes;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Benchmarks;

/// <summary>How long does the exact Hessian of a network take, next to products with unit vectors?</summary>
public class ExactHessianBenchmarks
{
    private MlpPoint _point = CurvaturePoints.Of(1, 1, 1);
    private Team? _team;

    /// <summary>P = 1,075, and P = 4,662.</summary>
    [Params("20-25-15-10", "40-60-30-12")]
    public string Widths { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _point = CurvaturePoints.Of(1000, [.. Widths.Split('-').Select(int.Parse)]);
        _team = Threads > 1 ? new Team(Threads) : null;
    }

    [GlobalCleanup]
    public void End() => _team?.Dispose();

    [Benchmark(Baseline = true)]
    public double ByProducts()
    {
        using var products = new NetworkCurvature(_point.Network, _point.Loss, _point.Examples, _point.Parameters, new CurvatureOptions { Team = _team });
        return ExactHessian.ByProducts(products.Hessian, out _)[^1];
    }

    [Benchmark]
    public double ClosedForm() => ExactHessian.Of(_point, new ExactOptions { Team = _team })[^1];
}

/// <summary>How long do the exact traces of a network take?</summary>
public class ExactTracesBenchmarks
{
    private MlpPoint _point = CurvaturePoints.Of(1, 1, 1);

    [Params("64-64-10", "784-128-10")]
    public string Widths { get; set; } = "";

    [GlobalSetup]
    public void Fill() => _point = CurvaturePoints.Of(Widths == "64-64-10" ? 1797 : 2000, [.. Widths.Split('-').Select(int.Parse)]);

    [Benchmark]
    public double Traces() => ExactTraces.Of(_point).GaussNewton;
}

/// <summary>Rectified networks on random examples.</summary>
internal static class CurvaturePoints
{
    internal static MlpPoint Of(int examples, params ReadOnlySpan<int> widths)
    {
        var network = Mlp.Relu(widths);
        var random = new RandomSequence(1, "benchmark");
        var (inputs, targets, parameters) = (new double[examples * network.Inputs], new double[examples], new double[network.Layout.Count]);
        random.FillNormal(0, inputs);
        random.FillNormal(1, parameters);
        for (var i = 0; i < parameters.Length; i++)
            parameters[i] *= 0.2;
        for (var i = 0; i < examples; i++)
            targets[i] = i % network.Outputs;
        return new MlpPoint(network, OutputLoss.CrossEntropy, new ExampleSet(inputs, targets, examples), parameters);
    }
}
