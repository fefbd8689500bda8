using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;

namespace Understudy.Benchmarks;

/// <summary>How much faster is a dense product than three loops, and than the usual managed library?</summary>
[MemoryDiagnoser]
public class ProductBenchmarks
{
    private float[] _a = [], _b = [], _c = [];
    private Matrix<float> _left = Matrix<float>.Build.Dense(1, 1), _right = Matrix<float>.Build.Dense(1, 1), _product = Matrix<float>.Build.Dense(1, 1);

    [Params(50, 200, 512)]
    public int Extent { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        (_a, _b, _c) = (new float[Extent * Extent], new float[Extent * Extent], new float[Extent * Extent]);
        new RandomSequence(1, "benchmark").FillNormal(0, _a);
        new RandomSequence(1, "benchmark").FillNormal(1, _b);
        _left = Matrix<float>.Build.Dense(Extent, Extent, (i, j) => _a[(i * Extent) + j]);
        _right = Matrix<float>.Build.Dense(Extent, Extent, (i, j) => _b[(i * Extent) + j]);
        _product = Matrix<float>.Build.Dense(Extent, Extent);
    }

    [Benchmark(Baseline = true)]
    public void ThreeLoops()
    {
        for (var i = 0; i < Extent; i++)
        {
            for (var j = 0; j < Extent; j++)
            {
                var sum = 0f;
                for (var k = 0; k < Extent; k++)
                    sum += _a[(i * Extent) + k] * _b[(k * Extent) + j];
                _c[(i * Extent) + j] = sum;
            }
        }
    }

    [Benchmark]
    public void MathNet() => _left.Multiply(_right, _product);

    [Benchmark]
    public void Understudy() => Products.Multiply(Extent, Extent, Extent, _a, _b, _c);
}
