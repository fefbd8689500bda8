using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>A matrix whose products are told of, and vᵀAv of the first of them kept.</summary>
/// <param name="matrix">A.</param>
/// <param name="total">The products that are expected.</param>
/// <param name="probes">How many of the first products are those of random vectors with E vvᵀ = 1, so that each vᵀAv estimates the trace.</param>
internal sealed class WatchedOperator(ISymmetricOperator matrix, long total, int probes = 0) : ISymmetricOperator
{
    private readonly List<double> _forms = [];
    private long _products;

    /// <summary>Told the share of the products that is done; null for nobody.</summary>
    internal IProgress<double>? Progress { get; set; }

    public int Size => matrix.Size;

    /// <summary>The trace as the probes so far tell it; null with fewer than two, which have no error.</summary>
    internal SampledValue? Trace => _forms.Count < 2 ? null : SampledValue.MeanOf(_forms.ToArray());

    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        matrix.Apply(vectors, products);
        for (var start = 0; start < vectors.Length; start += Size)
        {
            if (_forms.Count < probes)
                _forms.Add(Dot(vectors.Slice(start, Size), products.Slice(start, Size)));
            _products++;
        }

        Progress?.Report(Math.Min(1, _products / (double)total));
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
