using Understudy.Engine.Random;

namespace Understudy.Studies.Specialization;

/// <summary>The augmentations of the theorem, specification section 3: a base point and points a step away from it.</summary>
internal static class AugmentedSamples
{
    /// <summary>A base point and one on either side of it.</summary>
    internal const int Triple = 3;

    /// <summary>⌈N/(2d + 1)⌉ base points for a teacher-agnostic set of N points.</summary>
    internal static int Bases(int samples, int dimension) => (samples + (2 * dimension)) / ((2 * dimension) + 1);

    /// <summary>x, x + c·e_1, x − c·e_1, x + c·e_2, … for every base x: [(2d + 1)·bases, d].</summary>
    /// <param name="bases">[bases, d].</param>
    /// <param name="step">c.</param>
    /// <param name="basis">[d, d], orthonormal rows e_u.</param>
    internal static float[] TeacherAgnostic(ReadOnlySpan<float> bases, double step, double[] basis)
    {
        var d = (int)Math.Sqrt(basis.Length);
        var rows = new float[checked(bases.Length * ((2 * d) + 1))];
        var row = rows.AsSpan();
        for (var i = 0; i < bases.Length / d; i++)
        {
            var x = bases.Slice(i * d, d);
            x.CopyTo(row);
            row = row[d..];
            for (var u = 0; u < d; u++)
            {
                foreach (var c in (ReadOnlySpan<double>)[step, -step])
                {
                    for (var coordinate = 0; coordinate < d; coordinate++)
                        row[coordinate] = (float)(x[coordinate] + (c * basis[(u * d) + coordinate]));
                    row = row[d..];
                }
            }
        }

        return rows;
    }

    /// <summary>x, x + c·ŵ*_j, x − c·ŵ*_j for points x on the boundary of every teacher node j: [3·m·q, d], node by node, with q as for the boundary set.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="samples">N.</param>
    /// <param name="step">c.</param>
    /// <param name="point">Writes the point of an address, which is then moved onto the boundary along its normal.</param>
    internal static float[] TeacherAware(TwoLayerNetwork teacher, int samples, double step, Action<long, double[]> point)
    {
        var (d, q) = (teacher.Inputs, BoundarySamples.TriplesPerNode(samples, teacher.Nodes));
        var rows = new float[checked(Triple * teacher.Nodes * q * d)];
        var (row, x) = (0, new double[d]);
        for (var j = 0; j < teacher.Nodes; j++)
        {
            var (normal, norm) = (teacher.Weight(j).ToArray(), teacher.WeightNorm(j));
            for (var i = 0; i < q; i++)
            {
                point(BoundarySamples.Address(j, i), x);
                var distance = teacher.Biases[j];
                for (var u = 0; u < d; u++)
                    distance += normal[u] * x[u];
                foreach (var c in (ReadOnlySpan<double>)[0, step, -step])
                {
                    for (var u = 0; u < d; u++)
                        rows[(row * d) + u] = (float)(x[u] + (((c / norm) - (distance / (norm * norm))) * normal[u]));
                    row++;
                }
            }
        }

        return rows;
    }

    /// <summary>An orthonormal basis of R^d: the axes, or uniformly random from normal numbers by Gram and Schmidt.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="random">Normal numbers, or null for the axes.</param>
    /// <param name="count">How many of the vectors; all where null.</param>
    internal static double[] Basis(int dimension, RandomSequence? random, int? count = null)
    {
        var basis = new double[checked((count ?? dimension) * dimension)];
        for (var u = 0; u < basis.Length / dimension; u++)
        {
            var row = basis.AsSpan(u * dimension, dimension);
            if (random is not { } sequence)
            {
                row[u] = 1;
                continue;
            }

            sequence.FillNormal(u, row);
            // twice is enough against rounding
            for (var pass = 0; pass < 2; pass++)
            {
                for (var before = 0; before < u; before++)
                    Subtract(row, basis.AsSpan(before * dimension, dimension));
                Normalize(row);
            }
        }

        return basis;
    }

    private static void Subtract(Span<double> row, ReadOnlySpan<double> unit)
    {
        var inner = 0.0;
        for (var i = 0; i < row.Length; i++)
            inner += row[i] * unit[i];
        for (var i = 0; i < row.Length; i++)
            row[i] -= inner * unit[i];
    }

    private static void Normalize(Span<double> row)
    {
        var square = 0.0;
        foreach (var value in row)
            square += value * value;
        foreach (ref var value in row)
            value /= Math.Sqrt(square);
    }
}
