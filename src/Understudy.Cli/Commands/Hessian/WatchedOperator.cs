using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>A matrix whose products are told of, and vᵀAv of the first of them kept, whole and by blocks on the diagonal.</summary>
/// <param name="matrix">A.</param>
/// <param name="total">The products that are expected.</param>
/// <param name="probes">How many of the first products are those of random vectors with E vvᵀ = 1, so that each vᵀAv estimates the trace.</param>
/// <param name="offsets">Where each block begins, and where the last one ends; null for none.</param>
internal sealed class WatchedOperator(ISymmetricOperator matrix, long total, int probes = 0, int[]? offsets = null) : ISymmetricOperator
{
    private readonly List<double> _forms = [];
    private readonly List<double[]> _byBlock = [];
    private long _products;

    /// <summary>Told the share of the products that is done; null for nobody.</summary>
    internal IProgress<double>? Progress { get; set; }

    public int Size => matrix.Size;

    /// <summary>The trace as the probes so far tell it; null with fewer than two, which have no error.</summary>
    internal SampledValue? Trace => _forms.Count < 2 ? null : SampledValue.MeanOf(_forms.ToArray());

    /// <summary>The traces of the blocks as the probes so far tell them.</summary>
    internal SampledValue[] Blocks() => [.. Enumerable.Range(0, offsets!.Length - 1).Select(block => SampledValue.MeanOf([.. _byBlock.Select(forms => forms[block])]))];

    /// <summary>The traces of the blocks where the probes were all unit vectors.</summary>
    internal SampledValue[] Sums() => [.. Enumerable.Range(0, offsets!.Length - 1).Select(block => SampledValue.Exact(_byBlock.Sum(forms => forms[block])))];

    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        matrix.Apply(vectors, products);
        for (var start = 0; start < vectors.Length; start += Size)
        {
            if (_forms.Count < probes)
                Keep(vectors.Slice(start, Size), products.Slice(start, Size));
            _products++;
        }

        Progress?.Report(Math.Min(1, _products / (double)total));
    }

    private void Keep(ReadOnlySpan<double> vector, ReadOnlySpan<double> product)
    {
        _forms.Add(Dot(vector, product));
        if (offsets is null)
            return;
        var forms = new double[offsets.Length - 1];
        for (var block = 0; block < forms.Length; block++)
            forms[block] = Dot(vector[offsets[block]..offsets[block + 1]], product[offsets[block]..offsets[block + 1]]);
        _byBlock.Add(forms);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
