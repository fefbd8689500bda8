using Understudy.Learning.Networks;

namespace Understudy.Learning.Probing;

/// <summary>The residual gradient of a two-layer student: g_k(x) = ψ'(z_k)·(v_k · (f*(x) − f(x))); specification section 1.2.</summary>
/// <remarks>
/// It is minus the gradient of ½‖f* − f‖² at the hidden pre-activations. ψ' is <see cref="NodeActivation.Derivative"/>. "Zero gradient" means zero at every sample, so the largest value over samples counts, not an average.
/// </remarks>
public static class ResidualGradient
{
    /// <summary>The un-gated residual γ_k = v_k · e of one sample.</summary>
    /// <param name="error">f*(x) − f(x), [C].</param>
    /// <param name="fanOut">Output weights [n, C]: row k is v_k.</param>
    /// <param name="residual">Receives γ, [n].</param>
    public static void Ungated(ReadOnlySpan<double> error, ReadOnlySpan<double> fanOut, Span<double> residual)
    {
        for (var k = 0; k < residual.Length; k++)
        {
            var v = fanOut.Slice(k * error.Length, error.Length);
            var sum = 0.0;
            for (var c = 0; c < v.Length; c++)
                sum += v[c] * error[c];
            residual[k] = sum;
        }
    }

    /// <summary>The residual gradient of one sample: <see cref="Ungated"/> times the gate of each node.</summary>
    /// <param name="error">f*(x) − f(x), [C].</param>
    /// <param name="fanOut">Output weights [n, C]: row k is v_k.</param>
    /// <param name="preActivations">z(x), [n].</param>
    /// <param name="activation">ψ.</param>
    /// <param name="gradient">Receives g, [n].</param>
    public static void Of(
        ReadOnlySpan<double> error, ReadOnlySpan<double> fanOut, ReadOnlySpan<double> preActivations, NodeActivation activation, Span<double> gradient)
    {
        Ungated(error, fanOut, gradient);
        for (var k = 0; k < gradient.Length; k++)
            gradient[k] *= activation.Derivative(preActivations[k]);
    }

    /// <summary>The largest |g_k| of each of a chunk of samples.</summary>
    /// <param name="errors">f* − f, [rows, C].</param>
    /// <param name="fanOut">Output weights [n, C]: row k is v_k.</param>
    /// <param name="preActivations">z, [rows, n].</param>
    /// <param name="activation">ψ.</param>
    /// <param name="largest">Receives max_k |g_k|, [rows].</param>
    public static void Largest(
        ReadOnlySpan<float> errors, ReadOnlySpan<float> fanOut, ReadOnlySpan<float> preActivations, NodeActivation activation, Span<double> largest)
    {
        var (n, outputs) = (preActivations.Length / largest.Length, errors.Length / largest.Length);
        for (var row = 0; row < largest.Length; row++)
        {
            var error = errors.Slice(row * outputs, outputs);
            var worst = 0.0;
            for (var k = 0; k < n; k++)
            {
                var gate = activation.Derivative(preActivations[(row * n) + k]);
                if (gate != 0)
                    worst = Math.Max(worst, Math.Abs(gate) * Math.Abs(InnerProduct(error, fanOut.Slice(k * outputs, outputs))));
            }

            largest[row] = worst;
        }
    }

    private static float InnerProduct(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        // Four independent sums in a fixed order: short latency chains, the same bits on every machine.
        var (a, b, c, d) = (0f, 0f, 0f, 0f);
        var i = 0;
        for (; i + 4 <= x.Length; i += 4)
        {
            a = MathF.FusedMultiplyAdd(x[i], y[i], a);
            b = MathF.FusedMultiplyAdd(x[i + 1], y[i + 1], b);
            c = MathF.FusedMultiplyAdd(x[i + 2], y[i + 2], c);
            d = MathF.FusedMultiplyAdd(x[i + 3], y[i + 3], d);
        }

        for (; i < x.Length; i++)
            a = MathF.FusedMultiplyAdd(x[i], y[i], a);
        return a + c + (b + d);
    }
}
