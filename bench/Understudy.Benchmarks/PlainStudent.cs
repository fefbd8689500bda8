using Understudy.Engine.Random;

namespace Understudy.Benchmarks;

/// <summary>The same step as a program one would write first: loops over arrays, the innermost along memory.</summary>
internal sealed class PlainStudent(
    int inputs, int nodes, int outputs, int batch, double[] flat, float[] x, float[] y, RandomSequence batches)
{
    private readonly float[] _w = [.. flat[..(inputs * nodes)].Select(value => (float)value)];
    private readonly float[] _b = new float[nodes];
    private readonly float[] _v = [.. flat[((inputs * nodes) + nodes)..^outputs].Select(value => (float)value)];
    private readonly float[] _c = new float[outputs];
    private readonly float[] _h = new float[batch * nodes], _r = new float[batch * outputs], _g = new float[batch * nodes];
    private readonly int[] _picks = new int[batch];

    internal void Step(long step, float rate)
    {
        batches.FillIndices(step, x.Length / inputs, _picks);
        for (var s = 0; s < batch; s++)
        {
            Span<float> row = x.AsSpan(_picks[s] * inputs, inputs), h = _h.AsSpan(s * nodes, nodes), r = _r.AsSpan(s * outputs, outputs), g = _g.AsSpan(s * nodes, nodes);
            _b.CopyTo(h);
            for (var i = 0; i < inputs; i++)
                AddScaled(h, row[i], _w.AsSpan(i * nodes, nodes));
            for (var k = 0; k < nodes; k++)
                h[k] = Math.Max(h[k], 0);
            _c.CopyTo(r);
            for (var k = 0; k < nodes; k++)
                AddScaled(r, h[k], _v.AsSpan(k * outputs, outputs));
            for (var o = 0; o < outputs; o++)
                r[o] = (r[o] - y[(_picks[s] * outputs) + o]) / batch;
            for (var k = 0; k < nodes; k++)
                g[k] = h[k] > 0 ? Dot(r, _v.AsSpan(k * outputs, outputs)) : 0;
        }

        for (var s = 0; s < batch; s++)
        {
            Span<float> row = x.AsSpan(_picks[s] * inputs, inputs), r = _r.AsSpan(s * outputs, outputs), g = _g.AsSpan(s * nodes, nodes);
            for (var k = 0; k < nodes; k++)
                AddScaled(_v.AsSpan(k * outputs, outputs), -rate * _h[(s * nodes) + k], r);
            AddScaled(_c, -rate, r);
            for (var i = 0; i < inputs; i++)
                AddScaled(_w.AsSpan(i * nodes, nodes), -rate * row[i], g);
            AddScaled(_b, -rate, g);
        }
    }

    private static void AddScaled(Span<float> target, float factor, ReadOnlySpan<float> source)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] += factor * source[i];
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
