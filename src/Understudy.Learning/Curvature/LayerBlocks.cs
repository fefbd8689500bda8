namespace Understudy.Learning.Curvature;

/// <summary>The diagonal blocks of a curvature matrix, a block for each layer with weights, by what Kronecker factors need of them.</summary>
internal abstract class LayerBlocks
{
    /// <summary>P.</summary>
    internal abstract int Size { get; }

    /// <summary>The factors of each layer, from the input on.</summary>
    internal abstract LayerFactors[] Factors();

    /// <summary>What each block has at u_a ⊗ u_b, the diagonal in a basis for each layer: [inputs, nodes].</summary>
    internal abstract double[][] Diagonals(IReadOnlyList<FactorBasis> bases);
}
