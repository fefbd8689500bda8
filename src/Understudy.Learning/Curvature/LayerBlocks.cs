namespace Understudy.Learning.Curvature;

/// <summary>The diagonal blocks of a curvature matrix, a block for each layer with weights, by what Kronecker factors need of them.</summary>
internal abstract class LayerBlocks
{
    /// <summary>P.</summary>
    internal abstract int Size { get; }

    /// <summary>The factors of each layer, from the input on.</summary>
    internal abstract LayerFactors[] Factors();

    /// <summary>The parameters themselves as the basis of each layer.</summary>
    internal abstract FactorBasis[] Own();

    /// <summary>What each block has at u_a ⊗ u_b, the diagonal in a basis for each layer: [inputs, nodes].</summary>
    internal abstract double[][] Diagonals(IReadOnlyList<FactorBasis> bases);

    /// <summary>The diagonal of the whole matrix, [P].</summary>
    internal double[] Diagonal()
    {
        var (bases, diagonal) = (Own(), new double[Size]);
        foreach (var (basis, own) in bases.Zip(Diagonals(bases)))
            own.CopyTo(diagonal, basis.Offset);
        return diagonal;
    }
}
