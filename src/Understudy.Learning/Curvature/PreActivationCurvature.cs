using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The second derivatives of the examples' losses by the pre-activations of all layers, for one chunk of examples.</summary>
/// <remarks>
/// For l ≤ m: s[(m,j'),(l,j)] = Σ_c β_c,m,j' β_c,l,j + Σ_k≥m Σ_q ψ''(z_k,q) ∂ℓ/∂h_k+1,q (∂z_k,q/∂z_m,j') (∂z_k,q/∂z_l,j), over the hidden layers k, where β_c are the deltas of the
/// root's column c. All arrays are [features, rows], a column per example; see <see cref="MlpPass"/>.
/// </remarks>
internal sealed class PreActivationCurvature
{
    private readonly MlpPass _pass;
    private readonly int _columns;
    private readonly double[] _ones;
    private readonly double[][] _deltas = [];
    private readonly double[][]? _roots;

    // by hidden layer, ψ'' times the derivative by the activation; null where it is zero everywhere
    private readonly double[][]? _bends;

    // by (k, l), l < k hidden: ∂z_k/∂z_l and ∂h_k+1/∂z_l, [n_k+1, n_l+1, rows]
    private readonly double[,][] _jacobians;
    private readonly double[,][] _derivatives;

    internal PreActivationCurvature(MlpPoint point, MlpPass pass, bool hasOutputPart, bool hasNetworkPart)
    {
        (_pass, _columns) = (pass, point.RootColumns);
        var hidden = Network.Layers - 1;
        _ones = new double[Rows];
        Array.Fill(_ones, 1);
        pass.Input(0);
        (_jacobians, _derivatives) = (new double[hidden, hidden][], new double[hidden, hidden][]);
        if (hasOutputPart)
            _roots = pass.Deltas(pass.Roots(), _columns);
        if (!hasNetworkPart)
            return;
        var arriving = new double[hidden][];
        _deltas = pass.Deltas(pass.Residuals(), 1, arriving);
        for (var layer = 0; layer < hidden; layer++)
            Propagate(point, layer);
        if (Network.Activation.IsPiecewiseLinear)
            return;
        _bends = new double[hidden][];
        for (var layer = 0; layer < hidden; layer++)
        {
            _bends[layer] = pass.Bends(layer);
            FeatureRows.Multiply(_bends[layer], arriving[layer], _bends[layer]);
        }
    }

    internal int Rows => _pass.Rows;

    private Mlp Network => _pass.Network;

    /// <summary>About how many numbers one example takes.</summary>
    internal static long NumbersPerExample(Mlp network)
    {
        var widths = network.Widths;
        var sum = Math.Max(4096L, widths.Max()) + widths[0];
        for (var layer = 1; layer < widths.Count; layer++)
        {
            sum += (network.Outputs + 6L) * widths[layer];
            for (var other = 1; other < layer && layer < widths.Count - 1; other++)
                sum += 2L * widths[layer] * widths[other];
        }

        return sum;
    }

    /// <summary>Input i of a layer, [rows]; the one behind the last is the bias's, which is 1.</summary>
    internal ReadOnlySpan<double> Input(int layer, int i) => i == Network.Widths[layer] ? _ones : Row(_pass.Input(layer), i);

    /// <summary>∂ℓ/∂z_j of a layer, [rows].</summary>
    internal ReadOnlySpan<double> Delta(int layer, int node) => Row(_deltas[layer], node);

    /// <summary>∂h/∂z of the input of an upper layer by the nodes of a lower one, [n_upper, n_lower+1, rows]; for the next layer its diagonal, [n, rows].</summary>
    internal double[] Derivatives(int upper, int lower) => upper == lower + 1 ? _pass.Slopes(lower) : _derivatives[upper - 1, lower];

    /// <summary>Whether s of a layer with those below it and itself is more than zeros.</summary>
    internal bool HasCurvature(int upper) => _roots is not null || (_bends is not null && upper < Network.Layers - 1);

    /// <summary>s of nodes from … to − 1 of an upper layer with those of a lower one, or of the same one up to themselves, [columns, rows].</summary>
    internal double[] Curvature(int upper, int lower, int from, int to, int columns)
    {
        var (result, nodes, isSame) = (new double[columns * Rows], Network.Widths[lower + 1], upper == lower);
        _pass.Team.ForEach(to - from, index =>
        {
            var nodeAbove = from + index;
            var first = isSame ? ((nodeAbove * (nodeAbove + 1)) - (from * (from + 1))) / 2 : index * nodes;
            var rows = result.AsSpan(first * Rows, (isSame ? nodeAbove + 1 : nodes) * Rows);
            if (_roots is not null)
                AddProducts(_roots[upper].AsSpan(nodeAbove * _columns * Rows, _columns * Rows), _roots[lower], _columns * Rows, Rows, rows);
            if (_bends is null || upper == Network.Layers - 1)
                return;
            if (isSame)
                FeatureRows.Add(Row(_bends[upper], nodeAbove), rows[(nodeAbove * Rows)..]);
            else
                AddProducts(Row(_bends[upper], nodeAbove), _jacobians[upper, lower].AsSpan(nodeAbove * nodes * Rows), Rows, 0, rows);
            for (var k = upper + 1; k < Network.Layers - 1; k++)
            {
                var weighted = new double[Network.Widths[k + 1] * Rows];
                for (var q = 0; q < Network.Widths[k + 1]; q++)
                    FeatureRows.Multiply(Row(_bends[k], q), Row(_jacobians[k, upper], (q * Network.Widths[upper + 1]) + nodeAbove), weighted.AsSpan(q * Rows, Rows));
                AddProducts(weighted, _jacobians[k, lower], Rows, nodes * Rows, rows);
            }
        });
        return result;
    }

    /// <summary>sums_j += Σ_c factor_c ∘ features_j,c for every row j of sums; factors lie one behind the other.</summary>
    /// <param name="factors">[columns, rows].</param>
    /// <param name="features">Where j = 0 and c = 0 start.</param>
    /// <param name="next">From j to j + 1.</param>
    /// <param name="step">From c to c + 1.</param>
    /// <param name="sums">[nodes, rows].</param>
    private void AddProducts(ReadOnlySpan<double> factors, ReadOnlySpan<double> features, int next, int step, Span<double> sums)
    {
        for (var (start, at) = (0, 0); start < sums.Length; start += Rows, at += next)
            FeatureRows.AddProducts(factors, features[at..], step, sums.Slice(start, Rows));
    }

    private ReadOnlySpan<double> Row(double[] features, int row) => features.AsSpan(row * Rows, Rows);

    /// <summary>∂z_k/∂z_l and ∂h_k+1/∂z_l for all hidden k above l.</summary>
    private void Propagate(MlpPoint point, int lower)
    {
        var nodes = Network.Widths[lower + 1];
        for (var k = lower + 1; k < Network.Layers - 1; k++)
        {
            var (before, width) = (Network.Widths[k], Network.Widths[k + 1]);
            var jacobian = new double[width * nodes * Rows];
            if (k == lower + 1)
            {
                _pass.Team.ForEach(width, q =>
                {
                    for (var j = 0; j < nodes; j++)
                        FeatureRows.Scale(point.Weight(k)[(j * width) + q], Row(_pass.Slopes(lower), j), jacobian.AsSpan(((q * nodes) + j) * Rows, Rows));
                });
            }
            else
            {
                Products.Multiply(width, nodes * Rows, before, point.Weight(k), _derivatives[k - 1, lower], jacobian, transposeLeft: true, team: _pass.Team);
            }

            var derivative = new double[jacobian.Length];
            _pass.Team.ForEach(width, q =>
            {
                for (var start = q * nodes * Rows; start < (q + 1) * nodes * Rows; start += Rows)
                    FeatureRows.Multiply(jacobian.AsSpan(start, Rows), Row(_pass.Slopes(k), q), derivative.AsSpan(start, Rows));
            });
            (_jacobians[k, lower], _derivatives[k, lower]) = (jacobian, derivative);
        }
    }
}
