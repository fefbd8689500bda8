namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>A matrix seen through the range of its images of random probes.</summary>
internal sealed class Sketch
{
    private readonly double[] _inner;
    private readonly double[] _probesInRange;
    private readonly double[] _squares;
    private readonly double[] _forms;
    private readonly double[] _work;
    private readonly int _size;

    private Sketch(RandomRange range, double[] vectors, double[] images, double[] basisImages, SketchOptions options)
    {
        (Range, Vectors, BasisImages) = (range, vectors, basisImages);
        int rank = range.Rank;
        _size = vectors.Length / range.Probes;
        _inner = RandomRange.Gram(rank, rank, _size, range.Basis, basisImages, options.Team);
        _probesInRange = RandomRange.Gram(range.Probes, rank, _size, vectors, range.Basis, options.Team);
        _squares = new double[range.Probes];
        _forms = new double[range.Probes];
        for (int i = 0; i < range.Probes; i++)
        {
            var v = vectors.AsSpan(i * _size, _size);
            _squares[i] = RowAlgebra.Dot(v, v);
            _forms[i] = RowAlgebra.Dot(v, images.AsSpan(i * _size, _size));
        }

        _work = new double[rank];
        for (int i = 0; i < rank; i++)
            TraceInRange += _inner[(i * rank) + i];
    }

    internal RandomRange Range { get; }

    /// <summary>The probes [ℓ, n].</summary>
    internal double[] Vectors { get; }

    /// <summary>A times the basis, [rank, n].</summary>
    internal double[] BasisImages { get; }

    /// <summary>tr QᵀAQ.</summary>
    internal double TraceInRange { get; }

    internal static Sketch Of(
        ISymmetricOperator matrix, int count, ProbeDistribution distribution, SketchOptions options, CancellationToken cancellation)
    {
        var vectors = new double[checked(count * matrix.Size)];
        new Probes(distribution, options.Seed, matrix.Size).Fill(0, vectors);
        var images = Multiply(matrix, vectors, options.BlockSize, cancellation);
        var range = RandomRange.Of(images, count, matrix.Size);
        return new Sketch(range, vectors, images, Multiply(matrix, range.Basis, options.BlockSize, cancellation), options);
    }

    /// <summary>A times every row, a block at a time.</summary>
    internal static double[] Multiply(ISymmetricOperator matrix, ReadOnlySpan<double> vectors, int blockSize, CancellationToken cancellation)
    {
        var products = new double[vectors.Length];
        for (int start = 0, length; start < vectors.Length; start += length)
        {
            cancellation.ThrowIfCancellationRequested();
            length = (int)Math.Min((long)blockSize * matrix.Size, vectors.Length - start);
            matrix.Apply(vectors.Slice(start, length), products.AsSpan(start, length));
        }

        return products;
    }

    /// <summary>The estimate of the trace that probe i gives: exact in the range of the others, vᵀAv beside it.</summary>
    internal double LeaveOneOut(int probe, bool isOnSphere)
    {
        var own = Range.Own(probe);
        InRange(probe).CopyTo(_work);
        RowAlgebra.Add(-RowAlgebra.Dot(own, _work), own, _work);
        return TraceInRange - Form(own, own) + Beside(probe, Range.RankWithoutOne, isOnSphere);
    }

    /// <summary>The error of the mean of the leave-one-out estimates, by the jackknife over probes.</summary>
    /// <remarks>
    /// The whole estimate is repeated without probe j, for every j. Its expectation is at least the variance with one probe less (Efron and Stein 1981).
    /// Costs O(ℓ⁴) at most, and nothing of length n.
    /// </remarks>
    internal double JackknifeError(bool isOnSphere)
    {
        int count = Range.Probes;
        if (Range.Rank < count)
            return 0;
        var second = new double[count];
        var without = new double[count];
        for (int j = 0; j < count; j++)
        {
            for (int i = 0; i < count; i++)
            {
                if (i != j)
                    without[j] += LeaveTwoOut(i, j, second, isOnSphere) / (count - 1);
            }
        }

        return (count - 1) * SampledValue.MeanOf(without).StandardError;
    }

    /// <summary>The estimate of probe i with a basis that probe j has no part in either.</summary>
    private double LeaveTwoOut(int i, int j, double[] second, bool isOnSphere)
    {
        var first = Range.Own(i);
        Range.Own(j).CopyTo(second);
        RandomRange.Leave(first, second);
        double square = RowAlgebra.Dot(second, second);
        RowAlgebra.Scale(square > 0 ? 1 / Math.Sqrt(square) : 0, second);
        InRange(i).CopyTo(_work);
        RowAlgebra.Add(-RowAlgebra.Dot(first, _work), first, _work);
        RowAlgebra.Add(-RowAlgebra.Dot(second, _work), second, _work);
        return TraceInRange - Form(first, first) - Form(second, second) + Beside(i, Range.Rank - 2, isOnSphere);
    }

    /// <summary>pᵀAp, p what is left of a probe beside a basis of some rank; the components along that basis, in terms of Q, are in the work vector.</summary>
    private double Beside(int probe, int rank, bool isOnSphere)
    {
        double form = _forms[probe] - (2 * RowAlgebra.Dot(Range.Image(probe), _work)) + Form(_work, _work);
        if (!isOnSphere)
            return form;
        double square = _squares[probe] - RowAlgebra.Dot(_work, _work);
        return square > 0 ? form * (_size - rank) / square : 0;
    }

    private ReadOnlySpan<double> InRange(int probe) => _probesInRange.AsSpan(probe * Range.Rank, Range.Rank);

    private double Form(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * RowAlgebra.Dot(_inner.AsSpan(i * x.Length, x.Length), y);
        return sum;
    }
}
