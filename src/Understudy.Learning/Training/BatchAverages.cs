using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Training;

/// <summary>Descent directions in which products over samples are replaced by products of batch averages.</summary>
/// <remarks>
/// <para>Every layer has a further node that is always 1, so that weights and biases are one matrix. With L_l the mean outer product of what
/// layer l reads, and H_l built from the top down, H_last = I and H_l = (W_l+1 H_l+1 W_l+1ᵀ) ∘ mean(gate gateᵀ), weights move along
/// L*_l W*_l H*_lᵀ − L_l W_l H_lᵀ; starred quantities pair a student node with a teacher node. For a single sample, and for the last
/// layer, this is the gradient of half the squared error.</para>
/// <para>Source: Tian, Jiang, Gong and Morcos 2019, "Luck Matters".</para>
/// </remarks>
internal static class BatchAverages
{
    /// <summary>What takes the place of the gradient, in the order of the student's parameters.</summary>
    /// <exception cref="ArgumentException">The networks differ in depth, or are not rectified.</exception>
    internal static Sym[] Gradients(Mlp student, Sym[] parameters, Mlp teacher, Sym[] fixedParameters, Sym x)
    {
        if (student.Layers != teacher.Layers)
            throw new ArgumentException($"Batch averages pair layers, but the student has {student.Layers} and the teacher {teacher.Layers}.");
        if (!student.Activation.IsPiecewiseLinear || !teacher.Activation.IsPiecewiseLinear)
            throw new ArgumentException("Batch averages need gates, which only rectified nodes have.");
        var (own, other) = (new Side(student, parameters, x), new Side(teacher, fixedParameters, x));
        var gradients = new Sym[parameters.Length];
        Sym? within = null, across = null;
        for (var layer = student.Layers - 1; layer >= 0; layer--)
        {
            var mine = Through(Ops.MatMul(Moment(own.Read[layer], own.Read[layer]), own.Weights[layer]), within);
            var theirs = Through(Ops.MatMul(Moment(own.Read[layer], other.Read[layer]), other.Weights[layer]), across);
            var (inputs, outputs) = (student.Widths[layer], student.Widths[layer + 1]);
            var step = Ops.Slice(mine - theirs, 1, 0, outputs);
            gradients[2 * layer] = Ops.Slice(step, 0, 0, inputs);
            gradients[(2 * layer) + 1] = Ops.Reshape(Ops.Slice(step, 0, inputs, 1), new Shape(outputs));
            if (layer > 0)
            {
                within = Carried(own.Weights[layer], within, own.Weights[layer]) * Moment(own.Gates[layer - 1], own.Gates[layer - 1]);
                across = Carried(own.Weights[layer], across, other.Weights[layer]) * Moment(own.Gates[layer - 1], other.Gates[layer - 1]);
            }
        }

        return gradients;
    }

    // the identity of the last layer is not multiplied by
    private static Sym Through(Sym product, Sym? top) => top is null ? product : Ops.MatMul(product, top, transposeRight: true);

    private static Sym Carried(Sym left, Sym? middle, Sym right)
        => Ops.MatMul(middle is null ? left : Ops.MatMul(left, middle), right, transposeRight: true);

    private static Sym Moment(Sym left, Sym right) => 1.0 / left.Shape[0] * Ops.MatMul(left, right, transposeLeft: true);

    private static Sym WithOne(Sym rows) => Ops.Concat(1, rows, Ops.Constant(1, new Shape(rows.Shape[0], 1)));

    private sealed class Side
    {
        internal Side(Mlp network, Sym[] parameters, Sym x)
        {
            var layers = network.PreActivations(x, parameters);
            for (var layer = 0; layer < layers.Length; layer++)
            {
                Read.Add(WithOne(layer == 0 ? x : network.Activation.Of(layers[layer - 1])));
                Gates.Add(WithOne(Ops.Step(layers[layer], network.Activation.Slope)));
                var (weight, bias) = (parameters[2 * layer], parameters[(2 * layer) + 1]);
                var matrix = Ops.Concat(0, weight, Ops.Reshape(bias, new Shape(1, bias.Shape[0])));
                Weights.Add(layer == layers.Length - 1 ? matrix : Ops.Concat(1, matrix, ToOne(weight.Shape[0])));
            }
        }

        /// <summary>What each layer reads, with the node that is always 1: [batch, in + 1].</summary>
        internal List<Sym> Read { get; } = [];

        /// <summary>The derivative of each layer's activation, 1 for the node that is always 1: [batch, out + 1].</summary>
        internal List<Sym> Gates { get; } = [];

        /// <summary>Weights with the bias as last row; but for the last layer a further column passes the 1 on: [in + 1, out + 1].</summary>
        internal List<Sym> Weights { get; } = [];

        private static Sym ToOne(int inputs)
            => Ops.Concat(0, Ops.Constant(0, new Shape(inputs, 1)), Ops.Constant(1, new Shape(1, 1)));
    }
}
