using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>The largest eigenvalues and their eigenvectors of a large positive semidefinite matrix, such as a covariance.</summary>
/// <remarks>
/// Subspace iteration with a Chebyshev filter that damps everything below the subspace (Zhou, Saad, Tiago, Chelikowsky 2006), and a
/// Rayleigh-Ritz step after each filter. Costs about 20 products of the matrix with one and a half times as many vectors as are asked for.
/// The same to the bit with any team.
/// </remarks>
public sealed class LeadingEigenvectors
{
    private const int Degree = 8;

    private readonly double[] _values;
    private readonly double[] _vectors;

    private LeadingEigenvectors(double[] values, double[] vectors, double residual, int iterations, bool isConverged)
    {
        _values = values;
        _vectors = vectors;
        Residual = residual;
        Iterations = iterations;
        IsConverged = isConverged;
    }

    /// <summary>The eigenvalues [count] in descending order.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The eigenvectors [count, n]: row i belongs to value i, has length 1, and its component of largest magnitude is positive.</summary>
    public ReadOnlySpan<double> Vectors => _vectors;

    /// <summary>The largest of the norms |A v - λ v|, divided by the largest eigenvalue.</summary>
    public double Residual { get; }

    /// <summary>The number of Rayleigh-Ritz steps that were made; 0 where the whole spectrum was computed.</summary>
    public int Iterations { get; }

    /// <summary>Whether the residual met the tolerance.</summary>
    public bool IsConverged { get; }

    /// <summary>Finds the <paramref name="count"/> largest.</summary>
    /// <param name="matrix">A: [n, n], symmetric and positive semidefinite.</param>
    /// <param name="size">n.</param>
    /// <param name="count">How many, at most n.</param>
    /// <param name="start">The random numbers of the first subspace.</param>
    /// <param name="tolerance">The largest acceptable <see cref="Residual"/>.</param>
    /// <param name="maximumIterations">After so many Rayleigh-Ritz steps the result is given as it is.</param>
    /// <param name="team">Threads for the products; null for the caller's alone.</param>
    /// <param name="cancellation">Looked at once per product.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements, or more vectors are asked for than there are.</exception>
    public static LeadingEigenvectors Of(
        ReadOnlySpan<double> matrix,
        int size,
        int count,
        RandomSequence start,
        double tolerance = 1e-9,
        int maximumIterations = 100,
        Team? team = null,
        CancellationToken cancellation = default)
    {
        if (matrix.Length != (long)size * size)
            throw new ArgumentException($"A matrix of {size} x {size} does not have {matrix.Length} elements.", nameof(matrix));
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, size);
        int block = count + Math.Max(8, count / 2);
        if (size <= 128 || 2 * block > size)
            return FromAll(SymmetricEigen.Of(matrix, size, team, cancellation), size, count);

        var subspace = new Subspace(size, block, start, team, cancellation);
        subspace.Filter(matrix, 1);
        for (int iteration = 1; ; iteration++)
        {
            double residual = subspace.Refine(matrix, count);
            if (residual <= tolerance || iteration == maximumIterations)
                return new LeadingEigenvectors(subspace.Values[..count], subspace.Vectors(count), residual, iteration, residual <= tolerance);
            subspace.Filter(matrix, Degree);
        }
    }

    private static LeadingEigenvectors FromAll(SymmetricEigen all, int size, int count)
    {
        var values = new double[count];
        var vectors = new double[count * size];
        for (int i = 0; i < count; i++)
        {
            values[i] = all.Values[size - 1 - i];
            all.Vector(size - 1 - i).CopyTo(vectors.AsSpan(i * size, size));
        }

        return new LeadingEigenvectors(values, vectors, 0, 0, all.IsConverged);
    }

    /// <summary>A block of vectors as rows, turned towards the leading eigenvectors.</summary>
    private sealed class Subspace
    {
        private readonly int _size;
        private readonly int _block;
        private readonly RandomSequence _start;
        private readonly Team? _team;
        private readonly CancellationToken _cancellation;
        private readonly double[] _small;
        private double[] _rows;
        private double[] _images;
        private double[] _spare;
        private int _replaced;

        internal Subspace(int size, int block, RandomSequence start, Team? team, CancellationToken cancellation)
        {
            _size = size;
            _block = block;
            _start = start;
            _team = team;
            _cancellation = cancellation;
            _small = new double[block * block];
            _rows = new double[block * size];
            _images = new double[block * size];
            _spare = new double[block * size];
            Values = new double[block];
            start.FillNormal(0, _rows.AsSpan());
        }

        /// <summary>The Ritz values, largest first.</summary>
        internal double[] Values { get; }

        internal double[] Vectors(int count)
        {
            var vectors = _rows[..(count * _size)];
            for (int row = 0; row < count; row++)
                RowAlgebra.FixSign(vectors.AsSpan(row * _size, _size));
            return vectors;
        }

        /// <summary>Multiplies by a Chebyshev polynomial of the matrix that is small on [0, smallest Ritz value] and 1 at the largest.</summary>
        internal void Filter(ReadOnlySpan<double> matrix, int degree)
        {
            double half = Values[_block - 1] / 2;
            if (degree == 1 || half <= 1e-14 * Values[0])
            {
                Multiply(matrix, _rows, _images);
                (_rows, _images) = (_images, _rows);
                return;
            }

            double first = half / (Values[0] - half);
            double sigma = first;
            Advance(matrix, half, sigma / half, 0);
            for (int step = 2; step <= degree; step++)
            {
                double next = 1 / ((2 / first) - sigma);
                Advance(matrix, half, 2 * next / half, sigma * next);
                sigma = next;
            }
        }

        /// <summary>Orthonormalizes, solves the small problem inside the subspace, and returns the relative residual of the leading vectors.</summary>
        internal double Refine(ReadOnlySpan<double> matrix, int count)
        {
            Orthonormalize();
            Multiply(matrix, _rows, _images);
            Products.Multiply(_block, _block, _size, _images, _rows, _small, transposeRight: true, team: _team);
            var inner = SymmetricEigen.Of(_small, _block, _team, _cancellation);
            for (int i = 0; i < _block; i++)
            {
                Values[i] = inner.Values[_block - 1 - i];
                inner.Vector(_block - 1 - i).CopyTo(_small.AsSpan(i * _block, _block));
            }

            Products.Multiply(_block, _size, _block, _small, _rows, _spare, team: _team);
            (_rows, _spare) = (_spare, _rows);
            Products.Multiply(_block, _size, _block, _small, _images, _spare, team: _team);
            double largest = 0;
            for (int row = 0; row < count; row++)
            {
                var image = _spare.AsSpan(row * _size, _size);
                RowAlgebra.Add(-Values[row], _rows.AsSpan(row * _size, _size), image);
                largest = Math.Max(largest, RowAlgebra.Dot(image, image));
            }

            return Values[0] > 0 ? Math.Sqrt(largest) / Values[0] : Math.Sqrt(largest);
        }

        private void Multiply(ReadOnlySpan<double> matrix, double[] rows, double[] images)
        {
            _cancellation.ThrowIfCancellationRequested();
            Products.Multiply(_block, _size, _size, rows, matrix, images, team: _team);
        }

        /// <summary>One step of the recurrence; the previous polynomial is in the spare rows from the second step on.</summary>
        private void Advance(ReadOnlySpan<double> matrix, double center, double factor, double back)
        {
            Multiply(matrix, _rows, _images);
            RowAlgebra.Add(-center, _rows, _images);
            RowAlgebra.Scale(factor, _images);
            if (back != 0)
                RowAlgebra.Add(-back, _spare, _images);
            (_spare, _rows, _images) = (_rows, _images, _spare);
        }

        /// <summary>Modified Gram-Schmidt, each row twice; a row that vanishes is replaced by a random one.</summary>
        private void Orthonormalize()
        {
            for (int row = 0; row < _block; row++)
            {
                var current = _rows.AsSpan(row * _size, _size);
                while (!Project(current, row))
                    _start.FillNormal(++_replaced, current);
            }
        }

        private bool Project(Span<double> current, int rows)
        {
            double before = Math.Sqrt(RowAlgebra.Dot(current, current));
            if (!(before > 0))
                return false;
            RowAlgebra.Scale(1 / before, current);
            for (int sweep = 0; sweep < 2; sweep++)
            {
                for (int row = 0; row < rows; row++)
                {
                    var other = _rows.AsSpan(row * _size, _size);
                    RowAlgebra.Add(-RowAlgebra.Dot(other, current), other, current);
                }

                double norm = Math.Sqrt(RowAlgebra.Dot(current, current));
                if (norm < 1e-10)
                    return false;
                RowAlgebra.Scale(1 / norm, current);
            }

            return true;
        }
    }
}
