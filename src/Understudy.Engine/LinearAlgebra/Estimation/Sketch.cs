using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>A matrix seen through the range of its images of random probes.</summary>
internal sealed class Sketch
{
    private readonly int _size;
    private readonly Team? _team;
    private readonly double[] _inRange;
    private readonly double[] _inRangeImages;
    private readonly double[] _ownImages;
    private readonly double[] _squares;
    private readonly double[] _forms;

    // what is left of a probe, and of the second direction without it, in terms of the basis; and QᵀAQ times them
    private readonly double[] _left;
    private readonly double[] _leftImage;
    private readonly double[] _second;
    private readonly double[] _secondImage;

    private Sketch(RandomRange range, double[] vectors, double[] images, double[] basisImages, SketchOptions options)
    {
        (Range, Vectors, BasisImages, _team) = (range, vectors, basisImages, options.Team);
        int rank = range.Rank;
        _size = vectors.Length / range.Probes;
        var inner = RandomRange.Gram(rank, rank, _size, range.Basis, basisImages, options.Team);
        _inRange = RandomRange.Gram(range.Probes, rank, _size, vectors, range.Basis, options.Team);
        _inRangeImages = RandomRange.Gram(range.Probes, rank, rank, _inRange, inner, options.Team);
        _ownImages = RandomRange.Gram(range.Probes, rank, rank, range.Directions, inner, options.Team);
        _squares = new double[range.Probes];
        _forms = new double[range.Probes];
        for (int i = 0; i < range.Probes; i++)
        {
            var v = vectors.AsSpan(i * _size, _size);
            _squares[i] = RowAlgebra.Dot(v, v);
            _forms[i] = RowAlgebra.Dot(v, images.AsSpan(i * _size, _size));
        }

        (_left, _leftImage, _second, _secondImage) = (new double[rank], new double[rank], new double[rank], new double[rank]);
        for (int i = 0; i < rank; i++)
            TraceInRange += inner[(i * rank) + i];
    }

    internal RandomRange Range { get; }

    /// <summary>The probes [ℓ, n].</summary>
    internal double[] Vectors { get; }

    /// <summary>A times the basis, [rank, n].</summary>
    internal double[] BasisImages { get; }

    /// <summary>tr QᵀAQ.</summary>
    internal double TraceInRange { get; }

    /// <summary>Whether the images depend on each other because the probes do, as signs may in a few dimensions, rather than for the rank of the matrix.</summary>
    internal bool HasDependentProbes => Range.Rank < Range.Probes && RandomRange.Of(Vectors, Range.Probes, _size, _team).Rank < Range.Probes;

    internal static Sketch Of(
        ISymmetricOperator matrix, int count, ProbeDistribution distribution, SketchOptions options, CancellationToken cancellation)
    {
        var vectors = new double[checked(count * matrix.Size)];
        new Probes(distribution, options.Seed, matrix.Size).Fill(0, vectors);
        var images = Multiply(matrix, vectors, options.BlockSize, cancellation);
        var range = RandomRange.Of(images, count, matrix.Size, options.Team);
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
        Row(_inRange, probe).CopyTo(_left);
        Row(_inRangeImages, probe).CopyTo(_leftImage);
        double trace = TraceInRange - TakeOut(Range.Own(probe), Row(_ownImages, probe));
        return trace + Beside(probe, Range.RankWithoutOne, isOnSphere);
    }

    /// <summary>The error of the mean of the leave-one-out estimates, by the jackknife over probes.</summary>
    /// <remarks>
    /// The whole estimate is repeated without probe j, for every j. Its expectation is at least the variance with one probe less (Efron and Stein 1981).
    /// Costs O(ℓ³), and nothing of length n.
    /// </remarks>
    internal double JackknifeError(bool isOnSphere)
    {
        int count = Range.Probes;
        if (Range.Rank < count)
            return 0;
        var without = new double[count];
        for (int j = 0; j < count; j++)
        {
            for (int i = 0; i < count; i++)
            {
                if (i != j)
                    without[j] += LeaveTwoOut(i, j, isOnSphere) / (count - 1);
            }
        }

        return (count - 1) * SampledValue.MeanOf(without).StandardError;
    }

    /// <summary>The estimate of probe i with a basis that probe j has no part in either.</summary>
    private double LeaveTwoOut(int i, int j, bool isOnSphere)
    {
        var (cosine, scale) = Range.Beside(i, j);
        Combine(Range.Own(i), Range.Own(j), cosine, scale, _second);
        Combine(Row(_ownImages, i), Row(_ownImages, j), cosine, scale, _secondImage);
        Row(_inRange, i).CopyTo(_left);
        Row(_inRangeImages, i).CopyTo(_leftImage);
        double trace = TraceInRange - TakeOut(Range.Own(i), Row(_ownImages, i)) - TakeOut(_second, _secondImage);
        return trace + Beside(i, Range.Rank - 2, isOnSphere);
    }

    /// <summary>(y − cosine · x) · scale.</summary>
    internal static void Combine(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double cosine, double scale, Span<double> result)
    {
        y.CopyTo(result);
        RowAlgebra.Add(-cosine, x, result);
        RowAlgebra.Scale(scale, result);
    }

    /// <summary>Takes a direction out of what is left of the probe; returns the direction's part of the trace.</summary>
    private double TakeOut(ReadOnlySpan<double> direction, ReadOnlySpan<double> image)
    {
        double share = RowAlgebra.Dot(direction, _left);
        RowAlgebra.Add(-share, direction, _left);
        RowAlgebra.Add(-share, image, _leftImage);
        return RowAlgebra.Dot(direction, image);
    }

    /// <summary>pᵀAp, p the part of a probe beside a basis of some rank, along which it has the components that are left.</summary>
    private double Beside(int probe, int rank, bool isOnSphere)
    {
        double form = _forms[probe] - (2 * RowAlgebra.Dot(Range.Image(probe), _left)) + RowAlgebra.Dot(_left, _leftImage);
        if (!isOnSphere)
            return form;
        double square = _squares[probe] - RowAlgebra.Dot(_left, _left);
        return square > 0 ? form * (_size - rank) / square : 0;
    }

    private ReadOnlySpan<double> Row(double[] rows, int row) => rows.AsSpan(row * Range.Rank, Range.Rank);
}
