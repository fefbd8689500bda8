using Understudy.Learning.Geometry;

namespace Understudy.UnitTests.Learning.Geometry;

/// <summary>Random teachers, and students made from them.</summary>
internal static class DrawnNetworks
{
    internal static TwoLayerNodes Any(Draw draw, int inputs, int nodes, int outputs, double slope)
        => new(inputs, slope, draw.Normal(nodes * inputs), draw.Normal(nodes), draw.Normal(nodes * outputs), draw.Normal(outputs));

    /// <summary>A student with a copy of every teacher node, its parameters off by noise, and idle nodes of tiny fan-out.</summary>
    internal static TwoLayerNodes NearCopy(Draw draw, TwoLayerNodes teacher, double noise, int idle = 0)
    {
        var (weights, biases, fanOuts) = (new List<double>(), new List<double>(), new List<double>());
        for (var j = 0; j < teacher.Nodes; j++)
        {
            weights.AddRange(Off(draw, teacher.Weight(j), noise));
            biases.AddRange(Off(draw, [teacher.Bias(j)], noise));
            fanOuts.AddRange(Off(draw, teacher.FanOut(j), noise));
        }

        for (var k = 0; k < idle; k++)
        {
            weights.AddRange(draw.Normal(teacher.Inputs));
            biases.AddRange(draw.Normal(1));
            fanOuts.AddRange(draw.Normal(teacher.Outputs).Select(value => noise * value));
        }

        return Of(teacher, weights, biases, fanOuts);
    }

    /// <summary>A student on boundaries of the teacher: each entry is a teacher node, a scale of its weights (negative: reversed) and a share of its fan-out.</summary>
    internal static TwoLayerNodes Copies(TwoLayerNodes teacher, params (int Node, double Scale, double Share)[] students) => Of(
        teacher,
        students.SelectMany(k => teacher.Weight(k.Node).ToArray().Select(value => k.Scale * value)),
        students.Select(k => k.Scale * teacher.Bias(k.Node)),
        students.SelectMany(k => teacher.FanOut(k.Node).ToArray().Select(value => k.Share * value / Math.Abs(k.Scale))));

    internal static float[] Inputs(Draw draw, int count, int inputs) => [.. draw.Normal(count * inputs).Select(value => (float)(1.5 * value))];

    private static TwoLayerNodes Of(TwoLayerNodes teacher, IEnumerable<double> weights, IEnumerable<double> biases, IEnumerable<double> fanOuts)
        => new(teacher.Inputs, teacher.Slope, [.. weights], [.. biases], [.. fanOuts], teacher.OutputBiases);

    private static IEnumerable<double> Off(Draw draw, ReadOnlySpan<double> values, double noise)
        => values.ToArray().Zip(draw.Normal(values.Length), (value, error) => value + (noise * error));
}
