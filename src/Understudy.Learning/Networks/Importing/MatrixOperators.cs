using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Importing;

/// <summary>Products of matrices and normalization.</summary>
internal static class MatrixOperators
{
    /// <summary>α A B + β C, with A and B read transposed where asked for.</summary>
    internal static GraphValue Gemm(NodeCall call)
    {
        var (a, b) = (call.Traced(0), call.Shared(1));
        var isTransposed = call.WholeNumber("transA", 0) != 0;
        if (isTransposed && a.HasExamples)
            throw call.Problem("multiplies across examples (transA)");
        if (a.Sym.Shape.Rank != 2 || b.Shape.Rank != 2)
            throw call.Problem($"needs matrices, but was given {a.Sym.Shape} and {b.Shape}");
        var product = a.With(call.Number("alpha", 1) * Ops.MatMul(a.Sym, b, isTransposed, call.WholeNumber("transB", 0) != 0));
        if (!call.Has(2))
            return product;
        var shift = call.Traced(2);
        return ElementOperators.Combine(call, product, shift.With(call.Number("beta", 1) * shift.Sym), (x, y) => x + y);
    }

    /// <summary>Rows [batch, …, k] times a matrix [k, n] that all examples share.</summary>
    internal static GraphValue MatMul(NodeCall call)
    {
        var (a, b) = (call.Traced(0), call.Shared(1));
        var shape = a.Sym.Shape;
        if (shape.Rank < 2 || b.Shape.Rank != 2)
            throw call.Problem($"needs rows and a matrix, but was given {shape} and {b.Shape}");
        var product = Ops.MatMul(Ops.Reshape(a.Sym, new Shape(shape.Product(0, shape.Rank - 1), shape[-1])), b);
        return a.With(Ops.Reshape(product, shape.Without(shape.Rank - 1).With(shape.Rank - 1, b.Shape[1])));
    }

    /// <summary>Normalization of [batch, C] or of images by stored means and variances, which stay what they are, times a scale plus a shift.</summary>
    internal static GraphValue BatchNormalization(NodeCall call)
    {
        if (call.WholeNumber("training_mode", 0) != 0 || call.Results > 1)
            throw call.Problem("is in training mode, where examples see each other; export model.eval()");
        var x = call.Examples(0);
        if (x.Shape.Rank is not (2 or 4))
            throw call.Problem($"is supported for [batch, C] and images [batch, C, H, W] only, but was given {x.Shape}");
        var (scale, shift, mean, variance) = (call.Shared(1), call.Shared(2), call.Shared(3), call.Shared(4));
        Sym Normalized(Sym channelsLast) => Ops.Normalize(channelsLast, mean, variance, scale, shift, call.Number("epsilon", 1e-5));
        if (x.Shape.Rank == 2)
            return new TracedValue(Normalized(x), hasExamples: true);
        if (call.WholeNumber("spatial", 1) == 0)
            throw call.Problem("normalizes every pixel by itself (spatial 0); supported is spatial 1");
        return TracedValue.OfImages(Normalized(call.Images(0)));
    }
}
