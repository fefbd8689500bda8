using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The diagonal of G or S of a block: the mean over examples of the squares of what they send back, Σ_c (J_iᵀ b_ic)² or (J_iᵀ r_i)².</summary>
/// <remarks>
/// Fully connected layers take (δ²)(h²) as a matrix product over a chunk of examples, convolutions the squares of each example's sum over positions; any other network a reverse pass
/// for each example and column. Not for two threads at once.
/// </remarks>
internal sealed class SquareSums(NetworkCurvature curvature) : IDisposable
{
    private PulledRows? _rows;

    private INetwork Network => curvature.Network;

    /// <summary>Whether there is a closed form.</summary>
    private bool HasLayers => Network is Mlp || (Network is LayeredNetwork layered && PatchLayer.AreAll(layered));

    /// <summary>The diagonal of the block, [P].</summary>
    /// <param name="examples">The examples of the curvature, or the same inputs with other targets.</param>
    /// <param name="matrix">G or S.</param>
    /// <param name="cancellation">Looked at before anything is done, and without a closed form once per example.</param>
    internal double[] Mean(ExampleSet examples, KroneckerMatrix matrix, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return HasLayers ? curvature.Chosen.Gather(Blocks(examples, matrix).Diagonal()) : Pulled(examples, matrix, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _rows?.Dispose();

    private LayerBlocks Blocks(ExampleSet examples, KroneckerMatrix matrix)
    {
        var options = new KroneckerOptions { Matrix = matrix, Team = curvature.Team };
        return Network is Mlp mlp
            ? new MlpBlocks(new MlpPoint(mlp, curvature.Rule, examples, curvature.Parameters), options)
            : new LayeredBlocks((LayeredNetwork)Network, curvature.Rule, examples, curvature.Parameters, options);
    }

    private double[] Pulled(ExampleSet examples, KroneckerMatrix matrix, CancellationToken cancellation)
    {
        var source = _rows ??= curvature.Rows();
        var isRoot = matrix == KroneckerMatrix.GaussNewton;
        var columns = isRoot ? source.Outputs : 1;
        var (sum, row, own, width) = (new double[source.Size], new double[source.Size], new double[columns * source.Outputs], examples.TargetWidth);
        for (var i = 0; i < source.Examples; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var column = 0; column < columns; column++)
            {
                source.Fill(i, 1, 1, Write, row);
                FeatureRows.AddProduct(row, row, sum);

                void Write(ReadOnlySpan<double> output, int example, Span<double> cotangent)
                {
                    if (isRoot)
                        curvature.Rule.Roots(output, own);
                    else
                        curvature.Rule.Residual(output, examples.Targets.Slice(example * width, width), own);
                    own.AsSpan(column * output.Length, output.Length).CopyTo(cotangent);
                }
            }
        }

        FeatureRows.Scale(1.0 / source.Examples, sum, sum);
        return sum;
    }
}
