using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Distillation;

/// <summary>The loss of a small student in double precision by loops: an encoder of fully connected layers with GELU, a head, and remembered bottlenecks of its teacher.</summary>
internal sealed class PlainStudent(ProjectedEncoder network, HeadOptions head, int encoderLayers)
{
    private static readonly LinearShape Full = new(HasBias: true, HasUnitNodes: false);

    /// <summary>Lengths of rows in the order in which they are met: those that count as given keep what they were at first.</summary>
    private sealed class Lengths
    {
        private readonly List<double> _given = [];
        private int _next;

        internal bool AreKept { get; private set; }

        internal void Keep() => (AreKept, _next) = (true, 0);

        internal double[] Divide(double[] row, UnitLength kind)
        {
            if (kind == UnitLength.None)
                return row;
            var length = Math.Sqrt(row.Sum(value => value * value));
            if (kind == UnitLength.Given && AreKept)
                length = _given[_next++];
            else if (kind == UnitLength.Given)
                _given.Add(length);
            return [.. row.Select(value => value / length)];
        }
    }

    internal double Loss(double[] theta, DistilledCase drawn, double[] remembered, DistillationOptions options, int[] rows) => Loss(theta, drawn, remembered, options, rows, new Lengths());

    /// <summary>The gradient by differences of fourth order; lengths that count as given are those at θ.</summary>
    internal double[] Gradient(double[] theta, DistilledCase drawn, double[] remembered, DistillationOptions options, int[] rows)
    {
        var lengths = new Lengths();
        Loss(theta, drawn, remembered, options, rows, lengths);
        var gradient = new double[theta.Length];
        for (var i = 0; i < theta.Length; i++)
        {
            // step⁴ / 30 times a fifth derivative, and rounding of 1e-16 / step
            const double step = 3e-4;
            gradient[i] = ((8 * (At(i, step) - At(i, -step))) - At(i, 2 * step) + At(i, -2 * step)) / (12 * step);
        }

        return gradient;

        double At(int place, double move)
        {
            double[] moved = [.. theta];
            moved[place] += move;
            lengths.Keep();
            return Loss(moved, drawn, remembered, options, rows, lengths);
        }
    }

    private double Loss(double[] theta, DistilledCase drawn, double[] remembered, DistillationOptions options, int[] rows, Lengths lengths)
    {
        var loss = 0.0;
        foreach (var row in rows)
        {
            var image = drawn.Images.AsSpan(row * network.Inputs, network.Inputs).ToArray();
            var other = remembered.AsSpan(row * network.Bottleneck, network.Bottleneck).ToArray();
            var own = ToBottleneck(theta, [.. image.Select(pixel => (double)pixel)], lengths);
            loss += options.Objective == DistillationObjective.Cosine
                ? 1 - Cosine(own, other)
                : OfOutputs(Project(theta, own, lengths), Project(drawn.Teacher, other, new Lengths()), options);
        }

        return loss / rows.Length;
    }

    private static double OfOutputs(double[] own, double[] other, DistillationOptions options)
    {
        if (options.Objective == DistillationObjective.MeanSquared)
            return own.Zip(other, (a, b) => (a - b) * (a - b)).Average();
        double[] p = Softmax(other, options.TeacherTemperature), q = Softmax(own, options.StudentTemperature);
        return -p.Zip(q, (a, b) => a * Math.Log(b)).Sum();
    }

    internal static double[] Softmax(double[] outputs, double temperature)
    {
        double[] powers = [.. outputs.Select(output => Math.Exp(output / temperature))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private double[] ToBottleneck(double[] theta, double[] x, Lengths lengths)
    {
        var slot = 0;
        for (var layer = 0; layer < encoderLayers + head.Hidden.Count; layer++)
            x = [.. Linear(x, Full, theta, ref slot).Select(NodeActivation.Gelu.Of)];
        if (head.Shape.Inner is { } inner)
            x = Linear(x, inner, theta, ref slot);
        return lengths.Divide(x, head.Shape.InnerLength);
    }

    private double[] Project(double[] theta, double[] z, Lengths lengths)
    {
        var slot = network.Layout.Slots.Count(own => !own.Name.StartsWith("tail", StringComparison.Ordinal));
        return lengths.Divide(head.Shape.Outer is { } outer ? Linear(z, outer, theta, ref slot) : z, head.Shape.OuterLength);
    }

    private double[] Linear(double[] x, LinearShape layer, double[] theta, ref int slot)
    {
        var weight = network.Layout.Slots[slot++];
        var w = weight.Of<double>(theta);
        var nodes = weight.Shape[1];
        var bias = layer.HasBias ? network.Layout.Slots[slot++].Of<double>(theta) : [];
        var result = new double[nodes];
        for (var node = 0; node < nodes; node++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var i = 0; i < x.Length; i++)
            {
                sum += x[i] * w[(i * nodes) + node];
                squares += w[(i * nodes) + node] * w[(i * nodes) + node];
            }

            result[node] = (layer.HasUnitNodes ? sum / Math.Sqrt(squares) : sum) + (layer.HasBias ? bias[node] : 0);
        }

        return result;
    }
}
