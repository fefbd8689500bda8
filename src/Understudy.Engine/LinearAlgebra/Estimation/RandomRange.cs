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

    private readonly double[] _factor;
    private readonly double[] _directions;

    private RandomRange(int probes, int rank, double[] basis, double[] factor)
    {
        Probes = probes;
        Rank = rank;
        Basis = basis;
        _factor = factor;
        _directions = rank == probes ? Duals(factor, probes) : new double[probes * rank];
    }

    /// <summary>ℓ, the number of probes.</summary>
    internal int Probes { get; }

    /// <summary>The number of vectors in the basis.</summary>
    internal int Rank { get; }

    /// <summary>Q: [rank, n].</summary>
    internal double[] Basis { get; }

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
    internal static RandomRange Of(ReadOnlySpan<double> images, int probes, int n)
    {
        var basis = new double[images.Length];
        var full = new double[probes * probes];
        int rank = 0;
        for (int probe = 0; probe < probes; probe++)
        {
            var current = basis.AsSpan(rank * n, n);
            images.Slice(probe * n, n).CopyTo(current);
            double before = Math.Sqrt(RowAlgebra.Dot(current, current));
            if (!double.IsFinite(before))
                throw new ArithmeticException($"The product with probe {probe + 1} is not finite.");
            for (int sweep = 0; sweep < 2; sweep++)
            {
                for (int i = 0; i < rank; i++)
                {
                    double share = RowAlgebra.Dot(basis.AsSpan(i * n, n), current);
                    RowAlgebra.Add(-share, basis.AsSpan(i * n, n), current);
                    full[(probe * probes) + i] += share;
                }
            }

            double norm = Math.Sqrt(RowAlgebra.Dot(current, current));
            if (!(norm > Negligible * before))
                continue;
            RowAlgebra.Scale(1 / norm, current);
            full[(probe * probes) + rank++] = norm;
        }

        var factor = new double[probes * rank];
        for (int probe = 0; probe < probes; probe++)
            full.AsSpan(probe * probes, rank).CopyTo(factor.AsSpan(probe * rank, rank));
        return new RandomRange(probes, rank, basis[..(rank * n)], factor);
    }

    /// <summary>Takes the part along orthonormal rows out of a vector; twice, because that part may be much the larger one.</summary>
    internal static void Leave(ReadOnlySpan<double> basis, Span<double> vector)
    {
        for (int sweep = 0; sweep < 2; sweep++)
        {
            for (int start = 0; start < basis.Length; start += vector.Length)
            {
                var direction = basis.Slice(start, vector.Length);
                RowAlgebra.Add(-RowAlgebra.Dot(direction, vector), direction, vector);
            }
        }
    }

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
