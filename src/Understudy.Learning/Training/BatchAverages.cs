using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Training;

/// <summary>Descent directions in which products over samples are replaced by products of batch averages.</summary>
/// <remarks>
/// <para>With L_l the mean outer product of the lower activations and H_l built from the top down, H_last = I and
/// H_l = (W_l+1 H_l+1 W_l+1ᵀ) ∘ mean(gate gateᵀ), a weight moves along L*_l W*_l H*_lᵀ − L_l W_l H_lᵀ; starred quantities pair a student
/// node with a teacher node. A bias is the weight of a node that is always 1. For the last layer this is the gradient of half the squared error.</para>
/// <para>Source: Tian, Jiang, Gong and Morcos 2019, "Luck Matters".</para>
/// </remarks>
internal static class BatchAverages
{
    /// <summary>What takes the place of the gradient, in the order of the student's parameters.</summary>
    /// <exception cref="ArgumentException">The networks differ in depth.</exception>
    internal static Sym[] Gradients(Mlp student, Sym[] parameters, Mlp teacher, Sym[] fixedParameters, Sym x)
    {
        if (student.Layers != teacher.Layers)
            throw new ArgumentException($"Batch averages pair layers, but the student has {student.Layers} and the teacher {teacher.Layers}.");
        var (own, other) = (new Side(student, parameters, x), new Side(teacher, fixedParameters, x));
        var batch = x.Shape[0];
        var gradients = new Sym[parameters.Length];
        Sym? within = null, across = null;
        for (var layer = student.Layers - 1; layer >= 0; layer--)
        {
            var (lower, lowerTeacher) = (WithOne(own.Lower[layer]), WithOne(other.Lower[layer]));
            var mine = Through(Ops.MatMul(Moment(lower, lower, batch), own.Weights[layer]), within);
            var theirs = Through(Ops.MatMul(Moment(lower, lowerTeacher, batch), other.Weights[layer]), across);
            var step = mine - theirs;
            var inputs = student.Widths[layer];
            gradients[2 * layer] = Ops.Slice(step, 0, 0, inputs);
            gradients[(2 * layer) + 1] = Ops.Reshape(Ops.Slice(step, 0, inputs, 1), parameters[(2 * layer) + 1].Shape);
            if (layer > 0)
            {
                within = Carried(parameters[2 * layer], within, parameters[2 * layer]) * Moment(own.Gates[layer - 1], own.Gates[layer - 1], batch);
                across = Carried(parameters[2 * layer], across, fixedParameters[2 * layer]) * Moment(own.Gates[layer - 1], other.Gates[layer - 1], batch);
            }
        }

        return gradients;
    }

    // the identity is not multiplied by
    private static Sym Through(Sym product, Sym? top) => top is null ? product : Ops.MatMul(product, top, transposeRight: true);

    private static Sym Carried(Sym left, Sym? middle, Sym right)
        => Ops.MatMul(middle is null ? left : Ops.MatMul(left, middle), right, transposeRight: true);

    private static Sym Moment(Sym left, Sym right, int batch) => 1.0 / batch * Ops.MatMul(left, right, transposeLeft: true);

    private static Sym WithOne(Sym activations) => Ops.Concat(1, activations, Ops.Constant(1, new Shape(activations.Shape[0], 1)));

    private sealed class Side
    {
        internal Side(Mlp network, Sym[] parameters, Sym x)
        {
            foreach (var (layer, z) in network.PreActivations(x, parameters).Index())
            {
                Lower.Add(layer == 0 ? x : Ops.Rectify(Gates[layer - 1], network.Slope));
                Gates.Add(z);
                var bias = parameters[(2 * layer) + 1];
                Weights.Add(Ops.Concat(0, parameters[2 * layer], Ops.Reshape(bias, new Shape(1, bias.Shape[0]))));
            }

            for (var layer = 0; layer < Gates.Count; layer++)
                Gates[layer] = Ops.Step(Gates[layer], network.Slope);
        }

        /// <summary>What each layer reads, [batch, in].</summary>
        internal List<Sym> Lower { get; } = [];

        /// <summary>The derivative of each layer's activation, [batch, out].</summary>
        internal List<Sym> Gates { get; } = [];

        /// <summary>Weights with the bias as last row, [in + 1, out].</summary>
        internal List<Sym> Weights { get; } = [];
    }
}
