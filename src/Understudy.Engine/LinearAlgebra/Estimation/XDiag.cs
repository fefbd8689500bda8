namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The diagonal of a matrix most of which lies in a small range, with every probe used for the range and for what is beside it.</summary>
/// <remarks>
/// Epperly, Tropp and Webber 2024, section 4. Half of the products find the range Q, half act on it. Without probe i the estimate is
/// diag(QQᵀA) + Qs∘(c ω − A Qs), s the direction that only this probe reaches and c the part of its image along s; the mean over probes is taken.
/// Costs O(n·products²) beside the products, and memory for three and a half vectors per product.
/// </remarks>
public static class XDiag
{
    /// <summary>A_ii for all i.</summary>
    /// <remarks>The probes are signs; others would divide by their small components. The error of each element is found as that of <see cref="XTrace"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 4 products, or empty blocks.</exception>
    /// <exception cref="ArgumentException">Other probes than signs are asked for.</exception>
    public static DiagonalEstimate Diagonal(ISymmetricOperator matrix, SketchOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        options ??= new SketchOptions();
        options.Check(4);
        if (options.Distribution is not (null or ProbeDistribution.Rademacher))
            throw new ArgumentException($"XDiag divides by the components of probes; it takes signs, not {options.Distribution}.", nameof(options));
        if (options.Products >= matrix.Size)
            return Diagonals.Exact(matrix, options.BlockSize, cancellation);

        var sketch = Sketch.Of(matrix, options.Products / 2, ProbeDistribution.Rademacher, options, cancellation);
        if (sketch.HasDependentProbes)
            return Diagonals.Exact(matrix, options.BlockSize, cancellation);
        int n = matrix.Size;
        int count = sketch.Range.Probes;
        int rank = sketch.Range.Rank;
        var (values, errors) = (new double[n], new double[n]);
        if (rank == count)
            new Repeats(sketch, n, options).MeanAndError(values, errors, cancellation);
        var basis = sketch.Range.Basis;
        for (int row = 0; row < rank; row++)
        {
            for (int i = 0; i < n; i++)
                values[i] += basis[(row * n) + i] * sketch.BasisImages[(row * n) + i];
        }

        return new DiagonalEstimate(values, errors, count, count + rank, options.Seed);
    }

    /// <summary>What the estimate loses or gains beside diag(QQᵀA) when one probe or two are taken out of the basis.</summary>
    private sealed class Repeats
    {
        private readonly Sketch _sketch;
        private readonly int _n;
        private readonly int _count;
        private readonly double[] _own;
        private readonly double[] _images;
        private readonly double[] _reach;

        internal Repeats(Sketch sketch, int n, SketchOptions options)
        {
            (_sketch, _n, _count) = (sketch, n, sketch.Range.Probes);
            _own = new double[_count * n];
            _images = new double[_count * n];
            _reach = new double[_count];
            Products.Multiply(_count, n, _count, sketch.Range.Directions, sketch.Range.Basis, _own, team: options.Team);
            Products.Multiply(_count, n, _count, sketch.Range.Directions, sketch.BasisImages, _images, team: options.Team);
            for (int i = 0; i < _count; i++)
                _reach[i] = RowAlgebra.Dot(sketch.Range.Own(i), sketch.Range.Image(i));
        }

        internal void MeanAndError(double[] mean, double[] errors, CancellationToken cancellation)
        {
            for (int probe = 0; probe < _count; probe++)
            {
                for (int i = 0; i < _n; i++)
                {
                    int at = (probe * _n) + i;
                    double sample = _own[at] * ((_reach[probe] * _sketch.Vectors[at]) - _images[at]);
                    double moved = mean[i] + ((sample - mean[i]) / (probe + 1));
                    errors[i] += (sample - mean[i]) * (sample - moved);
                    mean[i] = moved;
                }
            }

            var without = WithoutOne(cancellation);
            for (int i = 0; i < _n; i++)
            {
                double middle = 0;
                double squares = 0;
                for (int probe = 0; probe < _count; probe++)
                    middle += without[(probe * _n) + i] / _count;
                for (int probe = 0; probe < _count; probe++)
                    squares += (without[(probe * _n) + i] - middle) * (without[(probe * _n) + i] - middle);
                // squared errors by the spread and by the jackknife; their geometric mean
                double spread = errors[i] / (_count * (_count - 1.0));
                double jackknife = squares * (_count - 1) / _count;
                errors[i] = Math.Sqrt(Math.Sqrt(spread) * Math.Sqrt(jackknife));
            }
        }

        /// <summary>Row j: the whole estimate without probe j, a mean over the others.</summary>
        private double[] WithoutOne(CancellationToken cancellation)
        {
            var without = new double[_count * _n];
            var (direction, image) = (new double[_n], new double[_n]);
            for (int i = 0; i < _count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int j = i + 1; j < _count; j++)
                {
                    // the two directions that only these probes reach: that of the first, and what that of the second has beside it
                    var (cosine, scale) = _sketch.Range.Beside(i, j);
                    Sketch.Combine(Row(_own, i), Row(_own, j), cosine, scale, direction);
                    Sketch.Combine(Row(_images, i), Row(_images, j), cosine, scale, image);
                    double alongFirst = _reach[i];
                    double alongSecond = -cosine * _reach[i] * scale;
                    double ofOther = _reach[j] * scale;
                    for (int k = 0; k < _n; k++)
                    {
                        double q = _own[(i * _n) + k];
                        double lost = (q * _images[(i * _n) + k]) + (direction[k] * image[k]);
                        double beside = (alongFirst * q) + (alongSecond * direction[k]);
                        without[(j * _n) + k] += ((_sketch.Vectors[(i * _n) + k] * beside) - lost) / (_count - 1);
                        without[(i * _n) + k] += ((_sketch.Vectors[(j * _n) + k] * ofOther * direction[k]) - lost) / (_count - 1);
                    }
                }
            }

            return without;
        }

        private ReadOnlySpan<double> Row(double[] rows, int row) => rows.AsSpan(row * _n, _n);
    }
}
