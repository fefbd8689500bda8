using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Benchmarks;

/// <summary>How long do the eigenvalues of a symmetric matrix take, with all, ten and no eigenvectors, next to the usual managed library?</summary>
/// <remarks>A short run: the baseline, which has one thread and always finds all vectors, takes half a minute for the largest.</remarks>
[ShortRunJob]
public class EigenBenchmarks
{
    private double[] _matrix = [];
    private Matrix<double> _same = Matrix<double>.Build.Dense(1, 1);
    private Team? _two;

    [Params(300, 1000, 2000)]
    public int Extent { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _two = new Team(2);
        _matrix = new double[Extent * Extent];
        new RandomSequence(1, "benchmark").FillNormal(0, _matrix);
        for (var i = 0; i < Extent; i++)
        {
            for (var j = 0; j < i; j++)
                _matrix[(i * Extent) + j] = _matrix[(j * Extent) + i];
        }

        _same = Matrix<double>.Build.Dense(Extent, Extent, (i, j) => _matrix[(i * Extent) + j]);
    }

    [GlobalCleanup]
    public void End() => _two?.Dispose();

    [Benchmark(Baseline = true)]
    public double MathNet() => _same.Evd(Symmetricity.Symmetric).EigenValues[0].Real;

    [Benchmark]
    [Arguments(1)]
    [Arguments(2)]
    public double AllVectors(int threads) => SymmetricEigen.Of(_matrix, Extent, Team(threads)).Values[0];

    [Benchmark]
    [Arguments(1)]
    [Arguments(2)]
    public double TenVectors(int threads) => SymmetricEigen.Of(_matrix, Extent, ^10.., Team(threads)).Values[0];

    [Benchmark]
    [Arguments(1)]
    [Arguments(2)]
    public double Values(int threads) => SymmetricEigenvalues.Of(_matrix, Extent, Team(threads)).Values[0];

    private Team? Team(int threads) => threads == 1 ? null : _two;
}
