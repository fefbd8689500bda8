namespace Understudy.Learning.Curvature;

/// <summary>What one layer has of a chunk of examples: its inputs, and the derivatives by its pre-activations for every column of the output's root.</summary>
/// <param name="Layer">l.</param>
/// <param name="Rows">Examples of the chunk.</param>
/// <param name="Columns">Columns of the root.</param>
/// <param name="Inputs">h̄ = (h, 1), [n + 1, rows].</param>
/// <param name="Deltas">δ, [m, columns, rows].</param>
internal readonly record struct LayerTerms(int Layer, int Rows, int Columns, double[] Inputs, double[] Deltas)
{
    /// <summary>Goes through all chunks in order, and in each through all layers.</summary>
    internal static void ForEach(MlpPoint point, KroneckerOptions options, Action<LayerTerms> work)
    {
        var isRoot = options.Matrix == KroneckerMatrix.GaussNewton;
        var columns = isRoot ? point.RootColumns : 1;
        foreach (var (first, rows) in point.Chunks((columns + 4L) * point.Network.Widths.Sum()))
        {
            var pass = new MlpPass(point, first, rows, options.Team);
            var deltas = pass.Deltas(isRoot ? pass.Roots() : pass.Residuals(), columns);
            for (var layer = 0; layer < point.Network.Layers; layer++)
            {
                var inputs = new double[(point.Network.Widths[layer] + 1) * rows];
                pass.Input(layer).CopyTo(inputs, 0);
                Array.Fill(inputs, 1, inputs.Length - rows, rows);
                work(new LayerTerms(layer, rows, columns, inputs, deltas[layer]));
            }
        }
    }
}
