using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Lab.Claims;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization;

/// <summary>Teachers and students with several hidden layers, as flat parameters; specification section 4.2.</summary>
internal static class LayeredNetworks
{
    private const int ChunkRows = 512;
    private const double NormOffset = 1e-5;

    /// <summary>What the outgoing weights of weak nodes are divided by.</summary>
    private const double Weakness = 3;

    /// <summary>A teacher whose nodes are active on half of the given inputs and whose outputs have mean 0 and deviation 1 over them, unless the settings say otherwise.</summary>
    /// <remarks>
    /// The incoming weights of every node come from the grid −1, −0.75, …, 1, distinct within a layer, its bias is uniform in ±1/2, and
    /// both are divided by the norm of the weights. From the bottom up the median pre-activation is then taken off each bias.
    /// </remarks>
    /// <param name="network">Its shape.</param>
    /// <param name="settings">What its weights are drawn from, weakened and tuned by.</param>
    /// <param name="inputs">[N, d].</param>
    /// <param name="weights">Random numbers of the weights, by layer.</param>
    /// <param name="biases">Random numbers of the biases, by layer.</param>
    internal static double[] Teacher(Mlp network, MultiLayerNetworksConfig settings, ReadOnlySpan<float> inputs, Func<int, RandomSequence> weights, Func<int, RandomSequence> biases)
    {
        var flat = new double[network.Layout.Count];
        for (var layer = 0; layer < network.Layers; layer++)
            DrawTeacher(network, settings, layer, flat, weights(layer), biases(layer));
        // nothing below is needed for a teacher that stays as it is drawn
        if (!settings.TuneBiases && !settings.TuneOutputs)
            return flat;
        var rows = inputs.Length / network.Widths[0];
        var activations = new double[inputs.Length];
        for (var i = 0; i < activations.Length; i++)
            activations[i] = inputs[i];
        for (var layer = 0; layer < network.Layers; layer++)
        {
            var z = PreActivations(network, layer, flat, activations, rows);
            var weight = network.Layout.Slots[2 * layer].Of(flat.AsSpan());
            var bias = network.Layout.Slots[(2 * layer) + 1].Of(flat.AsSpan());
            if (layer < network.Layers - 1)
                Center(z, bias, network.Activation.Slope, settings.TuneBiases);
            else if (settings.TuneOutputs)
                Standardize(z, weight, bias);
            activations = z;
        }

        return flat;
    }

    /// <summary>The number of weak nodes of a hidden layer: they are its last ones.</summary>
    internal static int Weak(double fraction, int width) => (int)(fraction * width);

    /// <summary>A copy of a teacher in which nothing reads the weak nodes.</summary>
    internal static double[] WithoutWeak(Mlp network, double fraction, double[] teacher)
    {
        var copy = teacher.ToArray();
        for (var layer = 1; layer < network.Layers; layer++)
        {
            var (inputs, width) = (network.Widths[layer], network.Widths[layer + 1]);
            network.Layout.Slots[2 * layer].Of(copy.AsSpan())[((inputs - Weak(fraction, inputs)) * width)..].Clear();
        }

        return copy;
    }

    /// <summary>The outputs [N, C] of a network for inputs [N, d].</summary>
    internal static float[] Outputs(Mlp network, ReadOnlySpan<double> flat, ReadOnlySpan<float> inputs)
    {
        var (d, outputs) = (network.Widths[0], network.Widths[^1]);
        var targets = new float[checked(inputs.Length / d * outputs)];
        using var forward = ForwardPass.Compile(network, ChunkRows, DType.F64);
        forward.SetParameters(flat);
        for (var first = 0; first < inputs.Length / d; first += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, (inputs.Length / d) - first);
            forward.Run(inputs.Slice(first * d, rows * d));
            forward.Output.CopyTo(targets.AsSpan(first * outputs));
        }

        return targets;
    }

    /// <summary>The index of the largest of a row of outputs; the first of equals.</summary>
    internal static int Largest(ReadOnlySpan<float> row)
    {
        var largest = 0;
        for (var c = 1; c < row.Length; c++)
        {
            if (row[c] > row[largest])
                largest = c;
        }

        return largest;
    }

    /// <summary>The class of each row of targets [N, C]: its largest output.</summary>
    internal static float[] Classes(ReadOnlySpan<float> targets, int outputs)
    {
        var classes = new float[targets.Length / outputs];
        for (var row = 0; row < classes.Length; row++)
            classes[row] = Largest(targets.Slice(row * outputs, outputs));
        return classes;
    }

    private static void DrawTeacher(Mlp network, MultiLayerNetworksConfig settings, int layer, double[] flat, RandomSequence weights, RandomSequence biases)
    {
        var (inputs, width) = (network.Widths[layer], network.Widths[layer + 1]);
        var weight = network.Layout.Slots[2 * layer].Of(flat.AsSpan());
        var bias = network.Layout.Slots[(2 * layer) + 1].Of(flat.AsSpan());
        var isGrid = settings.TeacherWeights == LayerWeights.Grid;
        var rows = isGrid ? RandomTeacher.DistinctRows(weights, width, inputs) : UniformRows(weights, width, inputs);
        if (layer > 0)
            Weaken(settings, rows, inputs);
        biases.FillUniform(0, bias);
        var scale = isGrid ? 1 : 2 / Math.Sqrt(inputs);
        for (var k = 0; k < width; k++)
        {
            var row = rows.AsSpan(k * inputs, inputs);
            var square = 0.0;
            foreach (var value in row)
                square += value * value;
            var norm = Math.Sqrt(square) + NormOffset;
            for (var i = 0; i < inputs; i++)
                weight[(i * width) + k] = row[i] / norm;
            bias[k] = scale * (bias[k] - 0.5) / norm;
        }
    }

    private static double[] UniformRows(RandomSequence random, int count, int width)
    {
        var (rows, bound) = (new double[checked(count * width)], 1 / Math.Sqrt(width));
        for (var row = 0; row < count; row++)
        {
            var target = rows.AsSpan(row * width, width);
            random.FillUniform(row, target);
            foreach (ref var value in target)
                value = bound * ((2 * value) - 1);
        }

        return rows;
    }

    /// <summary>Divides what is read from late and from weak nodes of the layer below; rows [width, inputs].</summary>
    private static void Weaken(MultiLayerNetworksConfig settings, double[] rows, int inputs)
    {
        var firstWeak = inputs - Weak(settings.WeakFraction, inputs);
        if (settings.FanOutDecay == 0 && firstWeak == inputs)
            return;
        for (var i = 0; i < inputs; i++)
        {
            var divisor = Math.Pow(1 + i, settings.FanOutDecay) * (i >= firstWeak ? Weakness : 1);
            for (var at = i; at < rows.Length; at += inputs)
                rows[at] /= divisor;
        }
    }

    private static double[] PreActivations(Mlp network, int layer, double[] flat, double[] activations, int rows)
    {
        var (inputs, width) = (network.Widths[layer], network.Widths[layer + 1]);
        var weight = network.Layout.Slots[2 * layer].Of<double>(flat);
        var bias = network.Layout.Slots[(2 * layer) + 1].Of<double>(flat);
        var z = new double[checked(rows * width)];
        for (var row = 0; row < rows; row++)
        {
            var target = z.AsSpan(row * width, width);
            for (var i = 0; i < inputs; i++)
            {
                var h = activations[(row * inputs) + i];
                if (h == 0)
                    continue;
                var incoming = weight.Slice(i * width, width);
                for (var k = 0; k < width; k++)
                    target[k] += h * incoming[k];
            }

            for (var k = 0; k < width; k++)
                target[k] += bias[k];
        }

        return z;
    }

    /// <summary>Takes the median pre-activation off each bias if asked to, and turns z into activations.</summary>
    private static void Center(double[] z, Span<double> bias, double slope, bool isTuned)
    {
        var (width, column) = (bias.Length, new double[z.Length / bias.Length]);
        for (var k = 0; k < width; k++)
        {
            for (var row = 0; row < column.Length; row++)
                column[row] = z[(row * width) + k];
            var median = isTuned ? Statistics.Median(column) : 0;
            bias[k] -= median;
            for (var row = 0; row < column.Length; row++)
            {
                var centered = column[row] - median;
                z[(row * width) + k] = centered > 0 ? centered : slope * centered;
            }
        }
    }

    /// <summary>Gives each output mean 0 and deviation 1.</summary>
    private static void Standardize(double[] z, Span<double> weight, Span<double> bias)
    {
        var (width, rows) = (bias.Length, z.Length / bias.Length);
        for (var c = 0; c < width; c++)
        {
            var (sum, square) = (0.0, 0.0);
            for (var row = 0; row < rows; row++)
                sum += z[(row * width) + c];
            var mean = sum / rows;
            for (var row = 0; row < rows; row++)
                square += (z[(row * width) + c] - mean) * (z[(row * width) + c] - mean);
            var deviation = Math.Sqrt(square / rows);
            // an output that does not vary stays constant
            if (deviation == 0)
                deviation = 1;
            for (var i = 0; i < weight.Length / width; i++)
                weight[(i * width) + c] /= deviation;
            bias[c] = (bias[c] - mean) / deviation;
        }
    }
}
