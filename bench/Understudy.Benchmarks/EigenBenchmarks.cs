using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Benchmarks;

/// <summary>How long do the eigenvalues of a symmetric matrix take, with all, some and no eigenvectors, next to the usual managed library?</summary>
public class EigenBenchmarks
{
    private double[] _matrix = [];
    private Matrix<double> _same = Matrix<double>.Build.Dense(1, 1);
    private Team? _team;

    [Params(300, 1000, 2000)]
    public int Extent { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _team = Threads == 1 ? null : new Team(Threads);
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
    public void End() => _team?.Dispose();

    /// <summary>With all vectors, on one thread: it has no other way.</summary>
    [Benchmark(Baseline = true)]
    public double MathNet() => _same.Evd(Symmetricity.Symmetric).EigenValues[0].Real;

    [Benchmark]
    public double AllVectors() => SymmetricEigen.Of(_matrix, Extent, _team).Values[0];

    [Benchmark]
    public double TenVectors() => SymmetricEigen.Of(_matrix, Extent, ^10.., _team).Values[0];

    [Benchmark]
    public double Values() => SymmetricEigenvalues.Of(_matrix, Extent, _team).Values[0];
}
