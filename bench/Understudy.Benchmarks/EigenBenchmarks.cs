using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;

namespace Understudy.Benchmarks;

/// <summary>How long do all eigenvalues and eigenvectors of a symmetric matrix take, next to the usual managed library?</summary>
public class EigenBenchmarks
{
    private double[] _matrix = [];
    private Matrix<double> _same = Matrix<double>.Build.Dense(1, 1);

    [Params(100, 300)]
    public int Extent { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _matrix = new double[Extent * Extent];
        new RandomSequence(1, "benchmark").FillNormal(0, _matrix);
        for (var i = 0; i < Extent; i++)
        {
            for (var j = 0; j < i; j++)
                _matrix[(i * Extent) + j] = _matrix[(j * Extent) + i];
        }

        _same = Matrix<double>.Build.Dense(Extent, Extent, (i, j) => _matrix[(i * Extent) + j]);
    }

    [Benchmark(Baseline = true)]
    public double MathNet() => _same.Evd(Symmetricity.Symmetric).EigenValues[0].Real;

    [Benchmark]
    public double Understudy() => SymmetricEigen.Of(_matrix, Extent).Values[0];
}
