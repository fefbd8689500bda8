using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning.Probing;

public class StudentMomentsTests
{
    private const int Rows = 37;
    private const int Inputs = 5;
    private const int Nodes = 6;
    private const int Outputs = 4;
    private const int TeacherNodes = 3;

    [Theory]
    [InlineData(ActivationKind.Rectified, 0.0, 37)]
    [InlineData(ActivationKind.Rectified, 0.3, 10)]
    [InlineData(ActivationKind.Tanh, 0.0, 10)]
    [InlineData(ActivationKind.Gelu, 0.0, 10)]
    [InlineData(ActivationKind.Erf, 0.0, 10)]
    public void The_gradient_is_the_engine_s_and_products_are_means(ActivationKind kind, double slope, int chunk)
    {
        var activation = new NodeActivation(kind, slope);
        var (draw, network) = (new Draw(1), Mlp.Of(activation, Inputs, Nodes, Outputs));
        double[] flat = draw.Normal(network.Layout.Count), x = Floats(draw.Normal(Rows * Inputs)), y = Floats(draw.Normal(Rows * Outputs));
        double[] teacher = Floats(draw.Normal(Rows * TeacherNodes));
        var moments = new StudentMoments(Inputs, TeacherNodes, Nodes, Outputs, withProducts: true);
        var hidden = new List<double>();
        using var forward = ForwardPass.Compile(network, chunk);
        forward.SetParameters(flat);
        for (var first = 0; first < Rows; first += chunk)
        {
            var rows = Math.Min(chunk, Rows - first);
            var inputs = Single(x, first * Inputs, rows * Inputs);
            forward.Run(inputs);
            float[] errors = [.. Single(y, first * Outputs, rows * Outputs).Zip(forward.Output.ToArray(), (target, output) => target - output)];
            hidden.AddRange(forward.Hidden(0).ToArray().Select(value => (double)value));
            moments.Add(
                inputs, Single(teacher, first * TeacherNodes, rows * TeacherNodes), forward.PreActivation(0), forward.Hidden(0), errors,
                Single(network.Layout.Slots[2].Of<double>(flat).ToArray(), 0, Nodes * Outputs), activation);
        }

        var gradients = Gradients(network, flat, x, y);
        // weights are [in, out] there
        for (var k = 0; k < Nodes; k++)
        {
            for (var i = 0; i < Inputs; i++)
                Assert.Equal(-gradients[0][(i * Nodes) + k], moments.HiddenWeight[(k * Inputs) + i], 1e-5);
            Assert.Equal(-gradients[1][k], moments.HiddenBias[k], 1e-5);
            for (var c = 0; c < Outputs; c++)
                Assert.Equal(-gradients[2][(k * Outputs) + c], moments.OutputWeight[(k * Outputs) + c], 1e-5);
            for (var other = 0; other < Nodes; other++)
                Assert.Equal(Enumerable.Range(0, Rows).Average(row => hidden[(row * Nodes) + k] * hidden[(row * Nodes) + other]), moments.Gram[(k * Nodes) + other], 1e-5);
            for (var j = 0; j < TeacherNodes; j++)
                Assert.Equal(Enumerable.Range(0, Rows).Average(row => teacher[(row * TeacherNodes) + j] * hidden[(row * Nodes) + k]), moments.Cross[(j * Nodes) + k], 1e-5);
        }

        for (var c = 0; c < Outputs; c++)
            Assert.Equal(-gradients[3][c], moments.OutputBias[c], 1e-5);
        Assert.Equal(Math.Sqrt(gradients[0].Concat(gradients[1]).Sum(value => value * value)), moments.HiddenNorm, 1e-4);
        Assert.Equal(Math.Sqrt(gradients[2].Concat(gradients[3]).Sum(value => value * value)), moments.OutputNorm, 1e-4);
        Assert.All(moments.HiddenSquare.Zip(moments.HiddenBias), pair => Assert.True(pair.First >= (pair.Second * pair.Second) - 1e-9));
    }

    private static double[][] Gradients(Mlp network, double[] flat, double[] x, double[] y)
    {
        var (inputs, targets, parameters) = (Ops.Input(Rows, Inputs), Ops.Input(Rows, Outputs), network.Parameters());
        var error = network.Output(inputs, parameters) - targets;
        var gradients = Transforms.Grad(0.5 / Rows * Ops.Sum(error * error), parameters);
        var values = new Dictionary<Sym, double[]> { [inputs] = x, [targets] = y };
        for (var i = 0; i < parameters.Length; i++)
            values[parameters[i]] = network.Layout.Slots[i].Of<double>(flat).ToArray();
        return Reference.Evaluate(values, gradients);
    }

    private static double[] Floats(double[] values) => [.. values.Select(value => (double)(float)value)];

    private static float[] Single(double[] values, int start, int length) => [.. values.AsSpan(start, length).ToArray().Select(value => (float)value)];
}
