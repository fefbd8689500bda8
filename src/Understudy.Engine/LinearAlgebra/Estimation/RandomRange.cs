using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>An orthonormal basis of the images of some probes, and what is left of it when one probe is taken out.</summary>
/// <remarks>
/// Y = A Ω = Q R with vectors as rows here. Taking probe i out turns Q into Q (I − s sᵀ), s the unit vector that is orthogonal to all
/// columns of R but the i-th (Epperly, Tropp and Webber 2024, section 2). Costs O(n ℓ²) for ℓ probes.
/// </remarks>
internal sealed class RandomRange
{
    // what is left of an image by rounding alone stays below
    private const double Negligible = 1e-13;

    private readonly OrthonormalRows _rows;
    private readonly int _size;
    private readonly double[] _factor;
    private readonly double[] _directions;

    private RandomRange(OrthonormalRows rows, int probes, int n, double[] factor)
    {
        _rows = rows;
        _size = n;
        Probes = probes;
        _factor = factor;
        _directions = Rank == probes ? Duals(factor, probes) : new double[probes * Rank];
    }

    /// <summary>ℓ, the number of probes.</summary>
    internal int Probes { get; }

    /// <summary>The number of vectors in the basis.</summary>
    internal int Rank => _rows.Count;

    /// <summary>Q: [rank, n].</summary>
    internal ReadOnlySpan<double> Basis => _rows.Rows.AsSpan(0, Rank * _size);

    /// <summary>Column i of R, [rank]: the image of probe i in the basis.</summary>
    internal ReadOnlySpan<double> Image(int probe) => _factor.AsSpan(probe * Rank, Rank);

    /// <summary>The direction s [rank] that only probe i reaches, of length 1, or zeros where the other probes span the whole range.</summary>
    /// <remarks>The latter holds for every probe as soon as one image depends on others: for random probes the matrix then has no more rank.</remarks>
    internal ReadOnlySpan<double> Own(int probe) => _directions.AsSpan(probe * Rank, Rank);

    /// <summary>The own directions of all probes as rows, [probes, rank].</summary>
    internal ReadOnlySpan<double> Directions => _directions;

    /// <summary>What own direction j has beside own direction i, of length 1, is (s_j − cosine · s_i) · scale; a scale of 0 where it has nothing.</summary>
    internal (double Cosine, double Scale) Beside(int i, int j)
    {
        double cosine = RowAlgebra.Dot(Own(i), Own(j));
        double square = 0;
        for (int k = 0; k < Rank; k++)
        {
            double beside = Own(j)[k] - (cosine * Own(i)[k]);
            square += beside * beside;
        }

        return (cosine, square > 0 ? 1 / Math.Sqrt(square) : 0);
    }

    /// <summary>The rank of the basis without probe i.</summary>
    internal int RankWithoutOne => Rank == Probes ? Rank - 1 : Rank;

    /// <summary>Gram-Schmidt, each image projected twice; images [probes, n] that depend on earlier ones are left out.</summary>
    internal static RandomRange Of(ReadOnlySpan<double> images, int probes, int n, Team? team)
    {
        var (rows, image, full) = (new OrthonormalRows(n, probes, team), new double[n], new double[probes * probes]);
        for (int probe = 0; probe < probes; probe++)
        {
            images.Slice(probe * n, n).CopyTo(image);
            double before = Math.Sqrt(RowAlgebra.Dot(image, image));
            if (!double.IsFinite(before))
                throw new ArithmeticException($"The product with probe {probe + 1} is not finite.");
            var coefficients = full.AsSpan(probe * probes, probes);
            double length = rows.Append(image, 0, coefficients, Negligible * before);
            if (length > 0)
                coefficients[rows.Count - 1] = length;
        }

        var factor = new double[probes * rows.Count];
        for (int probe = 0; probe < probes; probe++)
            full.AsSpan(probe * probes, rows.Count).CopyTo(factor.AsSpan(probe * rows.Count, rows.Count));
        return new RandomRange(rows, probes, n, factor);
    }

    /// <summary>Takes the part along the basis out of the vector at an offset; twice, because that part may be much the larger one.</summary>
    internal void Leave(double[] target, int offset) => _rows.RemoveTwice(target, offset, []);

    /// <summary>X Yᵀ for rows of the same length n.</summary>
    internal static double[] Gram(int rows, int columns, int n, ReadOnlySpan<double> x, ReadOnlySpan<double> y, Team? team)
    {
        var gram = new double[rows * columns];
        Products.Multiply(rows, columns, n, x, y, gram, transposeRight: true, team: team);
        return gram;
    }

    /// <summary>Row i of the result is column i of the inverse of Rᵀ, with length 1.</summary>
    private static double[] Duals(double[] factor, int count)
    {
        var directions = new double[count * count];
        for (int i = 0; i < count; i++)
        {
            var s = directions.AsSpan(i * count, count);
            s[i] = 1;
            for (int k = i + 1; k < count; k++)
                s[k] = -RowAlgebra.Dot(factor.AsSpan((k * count) + i, k - i), s[i..k]) / factor[(k * count) + k];
            Estimation.Probes.Rescale(s, 1);
        }

        return directions;
    }
}
