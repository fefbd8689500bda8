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

    /// <summary>tr QᵀAQ with the basis that probe i had no part in.</summary>
    internal double InRangeWithout(int probe)
    {
        var own = Range.Own(probe);
        return TraceInRange - Form(own, own);
    }

    /// <summary>pᵀAp, p the part of probe i that is orthogonal to the basis of the other probes.</summary>
    internal double BesideRangeWithout(int probe, bool isOnSphere)
    {
        var own = Range.Own(probe);
        _probesInRange.AsSpan(probe * Range.Rank, Range.Rank).CopyTo(_work);
        RowAlgebra.Add(-RowAlgebra.Dot(own, _work), own, _work);
        double form = _forms[probe] - (2 * RowAlgebra.Dot(Range.Image(probe), _work)) + Form(_work, _work);
        if (!isOnSphere)
            return form;
        double square = _squares[probe] - RowAlgebra.Dot(_work, _work);
        return square > 0 ? form * (_size - Range.RankWithoutOne) / square : 0;
    }

    private double Form(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * RowAlgebra.Dot(_inner.AsSpan(i * x.Length, x.Length), y);
        return sum;
    }
}
