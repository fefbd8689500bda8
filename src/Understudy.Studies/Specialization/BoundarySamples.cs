using Understudy.Engine.Random;

namespace Understudy.Studies.Specialization;

/// <summary>The teacher-aware training set of specification section 3: triples around points of every teacher boundary.</summary>
/// <remarks>
/// For teacher node j with u = (w*_j, b*_j): a point y with last coordinate 1 is projected along u, its first d coordinates over
/// its last are x0 on the boundary; with a distance a the triple is x0, x0 + a·w*_j, x0 − a·w*_j. At the end every point is
/// rescaled to norm deviation·√d, which moves it slightly off the boundary: good for training, not for certificates.
/// </remarks>
internal sealed class BoundarySamples(TwoLayerNetwork teacher, double deviation, double mean, double width)
{
    private const int PointsPerNode = 1 << 16;

    /// <summary>q = ⌈N/(3m)⌉, the triples of each teacher node.</summary>
    internal static int TriplesPerNode(int samples, int nodes) => (samples + (3 * nodes) - 1) / (3 * nodes);

    /// <summary>The address of triple i of node j.</summary>
    internal static long Address(int node, int triple) => ((long)node * PointsPerNode) + triple;

    /// <summary>The set for N samples: [3·m·q, d], node by node, triple by triple.</summary>
    /// <param name="samples">N.</param>
    /// <param name="point">Writes the point of an address to a span of d coordinates.</param>
    /// <param name="distances">Random numbers of the distances.</param>
    internal float[] Draw(int samples, Action<long, double[]> point, RandomSequence distances)
    {
        var (d, q) = (teacher.Inputs, TriplesPerNode(samples, teacher.Nodes));
        var rows = new float[checked(3 * teacher.Nodes * q * d)];
        var (x, moved, distance) = (new double[d], new double[d], new double[1]);
        var row = 0;
        for (var j = 0; j < teacher.Nodes; j++)
        {
            for (var i = 0; i < q; i++)
            {
                point(Address(j, i), x);
                Project(j, x);
                distances.FillUniform(Address(j, i), distance);
                var a = mean + (width * distance[0]);
                foreach (var step in (ReadOnlySpan<double>)[0, a, -a])
                {
                    for (var u = 0; u < d; u++)
                        moved[u] = x[u] + (step * teacher.Weight(j)[u]);
                    Rescale(moved);
                    for (var u = 0; u < d; u++)
                        rows[(row * d) + u] = (float)moved[u];
                    row++;
                }
            }
        }

        return rows;
    }

    /// <summary>Moves x to the boundary of node j.</summary>
    internal void Project(int node, Span<double> x)
    {
        var (weight, bias) = (teacher.Weights.AsSpan(node * x.Length, x.Length).ToArray(), teacher.Biases[node]);
        var (inner, square) = (bias, bias * bias);
        for (var u = 0; u < x.Length; u++)
        {
            inner += x[u] * weight[u];
            square += weight[u] * weight[u];
        }

        var last = 1 - (inner / square * bias);
        for (var u = 0; u < x.Length; u++)
            x[u] = (x[u] - (inner / square * weight[u])) / last;
    }

    private void Rescale(Span<double> x)
    {
        var square = 0.0;
        foreach (var value in x)
            square += value * value;
        if (!(square > 0))
            return;
        var scale = deviation * Math.Sqrt(x.Length / square);
        foreach (ref var value in x)
            value *= scale;
    }
}
