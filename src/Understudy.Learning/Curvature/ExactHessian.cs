using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>Whole matrices of second order, [P, P] row-major in double precision and exactly symmetric.</summary>
/// <remarks>
/// Fully connected networks have a closed form, whose cost is some N·P²/2 multiply-adds in matrix products and does not depend on the number of classes; see <see cref="Of"/>. Anything
/// else goes by products with unit vectors, see <see cref="ByProducts"/>. Source: engine specification, section 12; hessian specification, section 2.3.
/// </remarks>
public static class ExactHessian
{
    /// <summary>The largest entry of |M − Mᵀ| relative to that of |M| with which products count as those of a symmetric matrix; rounding stays below 2e-15.</summary>
    public const double LargestAsymmetry = 1e-13;

    /// <summary>What the chunk of examples in work and the products take beside the matrix, unless <see cref="MlpPoint.LeastRows"/> examples take more.</summary>
    private const long WorkBytes = 256L << 20;

    // vectors in one call of an operator
    private const int Block = 16;

    /// <summary>The bytes a matrix takes with what is needed beside it, as an estimate from above.</summary>
    public static long Bytes(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var bytes = Bytes(network.Layout.Count);
        return network is Mlp mlp ? bytes + (sizeof(double) * MlpPoint.LeastRows * PreActivationCurvature.NumbersPerExample(mlp)) : bytes;
    }

    /// <summary>The matrix at a point, by the closed form of fully connected networks.</summary>
    /// <param name="point">The network on its examples.</param>
    /// <param name="options">Which matrix, memory and threads.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1.</param>
    /// <param name="cancellation">Looked at many times per chunk of examples.</param>
    /// <exception cref="InvalidOperationException">The matrix takes more than the options allow.</exception>
    public static double[] Of(MlpPoint point, ExactOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(point);
        options ??= new ExactOptions();
        Require(point.Size, Bytes(point.Network), options.MemoryBytes);
        var matrix = new double[point.Size * point.Size];
        new StructuredHessian(point, options, matrix, cancellation).Run(progress);
        return matrix;
    }

    /// <summary>Any matrix that is known by its products, such as those of <see cref="NetworkCurvature"/>: P products with unit vectors, made symmetric.</summary>
    /// <param name="matrix">M, with the products in double precision.</param>
    /// <param name="asymmetry">The largest entry of |M − Mᵀ| over that of |M| before: a test of the products that costs nothing.</param>
    /// <param name="options">Memory; nothing else of them is used.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1.</param>
    /// <param name="cancellation">Looked at once per 16 products.</param>
    /// <exception cref="InvalidOperationException">The matrix takes more than the options allow, or the products are not those of a symmetric matrix.</exception>
    public static double[] ByProducts(
        ISymmetricOperator matrix, out double asymmetry, ExactOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var size = matrix.Size;
        Require(size, Bytes(size), (options ?? new ExactOptions()).MemoryBytes);
        var (entries, units) = (new double[size * size], new double[Block * size]);
        for (var first = 0; first < size; first += Block)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = Math.Min(Block, size - first);
            for (var row = 0; row < rows; row++)
                units[(row * size) + first + row] = 1;
            matrix.Apply(units.AsSpan(0, rows * size), entries.AsSpan(first * size, rows * size));
            for (var row = 0; row < rows; row++)
                units[(row * size) + first + row] = 0;
            progress?.Report((first + rows) / (double)size);
        }

        asymmetry = Symmetrize(entries, size);
        if (!(asymmetry <= LargestAsymmetry))
            throw new InvalidOperationException($"The products are not those of a symmetric matrix in double precision: entries differ from their mirror images by {asymmetry:0.0e0} of the largest.");
        return entries;
    }

    private static long Bytes(long size) => (sizeof(double) * size * size) + WorkBytes;

    private static void Require(int size, long bytes, long limit)
    {
        if (bytes > limit)
        {
            throw new InvalidOperationException(
                $"The exact matrix of {size:N0} parameters takes {bytes:N0} bytes, but {limit:N0} are allowed: allow more, or take its spectrum from products, by Lanczos steps.");
        }

        if ((long)size * size > Array.MaxLength)
            throw new InvalidOperationException($"The exact matrix of {size:N0} parameters has more entries than an array holds: take its spectrum from products, by Lanczos steps.");
    }

    /// <summary>M becomes (M + Mᵀ)/2; the largest difference over the largest entry.</summary>
    private static double Symmetrize(double[] matrix, int size)
    {
        var (largest, difference) = (0.0, 0.0);
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                ref var below = ref matrix[(row * size) + column];
                ref var above = ref matrix[(column * size) + row];
                largest = Math.Max(largest, Math.Max(Math.Abs(below), Math.Abs(above)));
                difference = Math.Max(difference, Math.Abs(below - above));
                below = above = 0.5 * (below + above);
            }
        }

        return largest > 0 ? difference / largest : difference;
    }
}
