using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>The eigenvectors of both factors of a layer, the basis u_a ⊗ u_b in which A ⊗ B is diagonal; or the parameters' own basis.</summary>
internal sealed class FactorBasis
{
    private readonly SymmetricEigen? _ofInputs;
    private readonly SymmetricEigen? _ofNodes;
    private readonly Team? _team;

    internal FactorBasis(LayerFactors layer, Team? team)
        : this(layer.Offset, layer.Inputs, layer.Nodes, team)
    {
        _ofInputs = SymmetricEigen.Of(layer.OfInputs, Inputs, team);
        _ofNodes = SymmetricEigen.Of(layer.OfNodes, Nodes, team);
    }

    /// <summary>The unit vectors, a parameter each: without factors there are no eigenvalues, and nothing to apply.</summary>
    internal FactorBasis(int offset, int inputs, int nodes, Team? team) => (Offset, Inputs, Nodes, _team) = (offset, inputs, nodes, team);

    /// <summary>Where the layer's parameters start.</summary>
    internal int Offset { get; }

    /// <summary>n + 1, or n without a bias.</summary>
    internal int Inputs { get; }

    /// <summary>m.</summary>
    internal int Nodes { get; }

    /// <summary>The products of the factors' eigenvalues, [n + 1, m]; what rounding left below 0 counts as 0.</summary>
    internal double[] Eigenvalues()
    {
        var products = new double[Inputs * Nodes];
        for (var a = 0; a < Inputs; a++)
        {
            for (var b = 0; b < Nodes; b++)
                products[(a * Nodes) + b] = Math.Max(0, _ofInputs!.Values[a]) * Math.Max(0, _ofNodes!.Values[b]);
        }

        return products;
    }

    /// <summary>Adds Σ_i (u_a·h̄_i)² Σ_c (u_b·δ_ic)² to the entries [n + 1, m] of a diagonal.</summary>
    internal void AddDiagonal(LayerTerms terms, double[] diagonal)
    {
        var (rows, length) = (terms.Rows, terms.Columns * terms.Rows);
        var (inputs, deltas) = (Along(_ofInputs, terms.Inputs, rows), Along(_ofNodes, terms.Deltas, length));
        var (inputSquares, squares) = (new double[Inputs * rows], new double[Nodes * rows]);
        FeatureRows.Multiply(inputs, inputs, inputSquares);
        for (var b = 0; b < Nodes; b++)
            FeatureRows.AddProducts(deltas.AsSpan(b * length, length), deltas.AsSpan(b * length, length), rows, squares.AsSpan(b * rows, rows));
        Products.Multiply(Inputs, Nodes, rows, inputSquares, squares, diagonal, transposeRight: true, accumulate: true, team: _team);
    }

    /// <summary>u_a·h̄ of inputs as rows, [rows, n].</summary>
    internal double[] OnInputs(double[] inputs) => On(_ofInputs, Inputs, inputs);

    /// <summary>u_b·δ of derivatives as rows, [rows, m].</summary>
    internal double[] OnNodes(double[] deltas) => On(_ofNodes, Nodes, deltas);

    /// <summary>U_aᵀ (scales ∘ (U_a V U_bᵀ)) U_b for V [n + 1, m], with eigenvectors as rows; costs 2 n m (n + m) multiply-adds.</summary>
    /// <param name="vector">V.</param>
    /// <param name="scales">[n + 1, m].</param>
    /// <param name="product">Becomes [n + 1, m].</param>
    /// <param name="work">Room for [n + 1, m].</param>
    internal void Apply(ReadOnlySpan<double> vector, ReadOnlySpan<double> scales, Span<double> product, Span<double> work)
    {
        Products.Multiply(Inputs, Nodes, Inputs, _ofInputs!.Vectors, vector, product, team: _team);
        Products.Multiply(Inputs, Nodes, Nodes, product, _ofNodes!.Vectors, work, transposeRight: true, team: _team);
        FeatureRows.Multiply(work, scales, work);
        Products.Multiply(Inputs, Nodes, Nodes, work, _ofNodes!.Vectors, product, team: _team);
        product.CopyTo(work);
        Products.Multiply(Inputs, Nodes, Inputs, _ofInputs!.Vectors, work, product, transposeLeft: true, team: _team);
    }

    /// <summary>Features [n, length] as those along the eigenvectors.</summary>
    private double[] Along(SymmetricEigen? eigen, double[] features, int length)
    {
        if (eigen is null)
            return features;
        var (count, result) = (features.Length / length, new double[features.Length]);
        Products.Multiply(count, length, count, eigen.Vectors, features, result, team: _team);
        return result;
    }

    private double[] On(SymmetricEigen? eigen, int width, double[] rows)
    {
        if (eigen is null)
            return rows;
        var result = new double[rows.Length];
        Products.Multiply(rows.Length / width, width, width, rows, eigen.Vectors, result, transposeRight: true, team: _team);
        return result;
    }
}
