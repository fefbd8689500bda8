using Understudy.Engine.Graphs;
using Understudy.Engine.Random;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning.Probing;

public class OutputJacobianTests
{
    private const int Outputs = 4;

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void The_output_is_the_Jacobian_at_the_activations_plus_the_offset_at_every_layer(double slope)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (jacobian, _) = Student(slope, seed);
            for (var layer = 0; layer < 3; layer++)
            {
                for (var c = 0; c < Outputs; c++)
                {
                    var sum = jacobian.Offset(layer)[c];
                    for (var k = 0; k < jacobian.Hidden(layer).Length; k++)
                        sum += jacobian.Columns(layer)[(k * Outputs) + c] * jacobian.Hidden(layer)[k];
                    Assert.Equal(jacobian.Output[c], sum, 1e-11);
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void The_residual_gradient_is_that_of_the_identity_at_every_layer(double slope)
    {
        var largest = 0.0;
        for (var seed = 0; seed < 20; seed++)
        {
            var (student, teacher) = (Student(slope, seed).Jacobian, Teacher(slope, seed));
            for (var layer = 0; layer < 3; layer++)
            {
                var expected = Gradient(slope, seed, layer);
                var actual = Identity(student, teacher, layer);
                var scale = expected.Max(Math.Abs);
                for (var k = 0; k < expected.Length; k++)
                    largest = Math.Max(largest, Math.Abs(expected[k] - actual[k]) / scale);
            }
        }

        Assert.True(largest < 1e-10, $"relative error {largest}");
    }

    [Fact]
    public void Mean_squares_of_the_last_hidden_layer_are_the_squared_fan_outs()
    {
        var network = Network(0, 7, 8, 9);
        var flat = Normals("test/student", 3, network.Layout.Count);

        var squares = OutputJacobian.MeanSquares(network, flat, Inputs(50));

        Assert.Equal([7, 8, 9], squares.Select(layer => layer.Length));
        for (var k = 0; k < 9; k++)
            Assert.Equal(network.Layout.Slots[6].Of<double>(flat).Slice(k * Outputs, Outputs).ToArray().Sum(v => v * v), squares[2][k], 1e-11);
    }

    // scaling the incoming weights of a node by a and the outgoing by 1/a leaves the function alone and multiplies its column by 1/a
    [Fact]
    public void Mean_squares_follow_the_scale_of_a_node_and_leave_other_layers_alone()
    {
        var network = Network(0.1, 7, 8, 9);
        var flat = Normals("test/student", 3, network.Layout.Count);
        var scaled = flat.ToArray();
        var slots = network.Layout.Slots;
        for (var i = 0; i < 7; i++)
            scaled[slots[2].Offset + (i * 8) + 5] *= 4;
        scaled[slots[3].Offset + 5] *= 4;
        for (var i = 0; i < 9; i++)
            scaled[slots[4].Offset + (5 * 9) + i] /= 4;

        var (before, after) = (OutputJacobian.MeanSquares(network, flat, Inputs(40)), OutputJacobian.MeanSquares(network, scaled, Inputs(40)));

        Assert.Equal(before[1][5] / 16, after[1][5], before[1][5] * 1e-12);
        Assert.All(before[0].Zip(after[0]).Concat(before[2].Zip(after[2])), pair => Assert.Equal(pair.First, pair.Second, pair.First * 1e-12));
    }

    [Fact]
    public void Correlations_are_those_of_each_layer_whatever_the_chunks()
    {
        var (teacher, student) = (Network(0, 5, 6, 7), Network(0, 7, 8, 9));
        using var left = ForwardPass.Compile(teacher, 64);
        using var right = ForwardPass.Compile(student, 64);
        left.SetParameters(Normals("test/teacher", 1, teacher.Layout.Count));
        right.SetParameters(Normals("test/student", 1, student.Layout.Count));
        var (layers, inputs) = (new LayerCorrelations(teacher, student), Inputs(150));
        var (h, g) = (new List<double>[3], new List<double>[3]);
        for (var layer = 0; layer < 3; layer++)
            (h[layer], g[layer]) = ([], []);
        for (var first = 0; first < 150; first += 64)
        {
            var chunk = inputs.AsSpan(first * 6, Math.Min(64, 150 - first) * 6);
            left.Run(chunk);
            right.Run(chunk);
            layers.Add(left, right);
            for (var layer = 0; layer < 3; layer++)
            {
                h[layer].AddRange(left.Hidden(layer).ToArray().Select(value => (double)value));
                g[layer].AddRange(right.Hidden(layer).ToArray().Select(value => (double)value));
            }
        }

        for (var layer = 0; layer < 3; layer++)
        {
            var (expected, actual) = (CorrelationMatrix.OfActivations(h[layer].ToArray(), g[layer].ToArray(), 150), layers.Layers[layer].Correlations());
            Assert.Equal((5 + layer, 7 + layer), (actual.TeacherNodes, actual.StudentNodes));
            for (var i = 0; i < actual.Values.Length; i++)
                Assert.Equal(expected.Values[i], actual.Values[i], 1e-9);
        }
    }

    [Fact]
    public void Networks_of_different_depth_are_not_compared()
        => Assert.Throws<ArgumentException>(() => new LayerCorrelations(Mlp.Relu(2, 3, 1), Mlp.Relu(2, 3, 3, 1)));

    /// <summary>D (α h* − β h) over nodes and the constant one, both matrices written out.</summary>
    private static double[] Identity(OutputJacobian student, OutputJacobian teacher, int layer)
    {
        var (own, other) = (WithOffset(student, layer), WithOffset(teacher, layer));
        double[] h = [.. student.Hidden(layer), 1], target = [.. teacher.Hidden(layer), 1];
        var gradient = new double[h.Length - 1];
        for (var k = 0; k < gradient.Length; k++)
        {
            var sum = 0.0;
            for (var j = 0; j < target.Length; j++)
                sum += own[k].Zip(other[j], (a, b) => a * b).Sum() * target[j];
            for (var j = 0; j < h.Length; j++)
                sum -= own[k].Zip(own[j], (a, b) => a * b).Sum() * h[j];
            gradient[k] = student.Gate(layer, k) * sum;
        }

        return gradient;
    }

    private static double[][] WithOffset(OutputJacobian jacobian, int layer)
        => [.. Enumerable.Range(0, jacobian.Hidden(layer).Length).Select(k => jacobian.Columns(layer).Slice(k * Outputs, Outputs).ToArray()), jacobian.Offset(layer).ToArray()];

    /// <summary>Minus the gradient of ½‖f* − f‖² at the pre-activations of a layer, by the engine.</summary>
    private static double[] Gradient(double slope, int seed, int layer)
    {
        var network = Network(slope, 7, 8, 9);
        var (jacobian, flat) = Student(slope, seed);
        var parameters = network.Parameters();
        var z = Ops.Input(1, network.Widths[layer + 1]);
        var y = Ops.Input(1, Outputs);
        var output = Ops.Rectify(z, slope);
        for (var above = layer + 1; above < network.Layers; above++)
        {
            output = Ops.MatMul(output, parameters[2 * above]) + parameters[(2 * above) + 1];
            if (above < network.Layers - 1)
                output = Ops.Rectify(output, slope);
        }

        var gradient = Transforms.Grad(0.5 * Ops.Sum(Ops.Square(output - y)), [z]);
        var values = new Dictionary<Sym, double[]> { [z] = jacobian.PreActivation(layer).ToArray(), [y] = Teacher(slope, seed).Output.ToArray() };
        for (var i = 0; i < parameters.Length; i++)
            values[parameters[i]] = network.Layout.Slots[i].Of<double>(flat).ToArray();
        return [.. Reference.Evaluate(values, gradient)[0].Select(value => -value)];
    }

    private static (OutputJacobian Jacobian, double[] Flat) Student(double slope, int seed)
    {
        var network = Network(slope, 7, 8, 9);
        var flat = Normals("test/student", seed, network.Layout.Count);
        var jacobian = new OutputJacobian(network, flat);
        jacobian.At(Normals("test/inputs", seed, 6));
        return (jacobian, flat);
    }

    private static OutputJacobian Teacher(double slope, int seed)
    {
        var network = Network(slope, 5, 6, 7);
        var jacobian = new OutputJacobian(network, Normals("test/teacher", seed, network.Layout.Count));
        jacobian.At(Normals("test/inputs", seed, 6));
        return jacobian;
    }

    private static Mlp Network(double slope, params int[] hidden) => Mlp.LeakyRelu(slope, [6, .. hidden, Outputs]);

    private static float[] Inputs(int rows) => [.. Normals("test/rows", 0, rows * 6).Select(value => (float)value)];

    private static double[] Normals(string purpose, int seed, int count)
    {
        var values = new double[count];
        new RandomSequence(1, purpose, seed).FillNormal(0, values);
        return [.. values.Select(value => 0.6 * value)];
    }
}
