using Understudy.Engine.Random;

namespace Understudy.Studies.Specialization;

/// <summary>Inputs with what the teacher makes of them; hidden activations are shared by teachers that differ in fan-out only.</summary>
internal sealed class LabelledSamples
{
    private LabelledSamples(float[] inputs, float[] teacherHidden, float[] targets, bool[] crossed, double variance)
    {
        (Inputs, TeacherHidden, Targets, Crossed, Variance) = (inputs, teacherHidden, targets, crossed, variance);
    }

    /// <summary>[N, d].</summary>
    internal float[] Inputs { get; }

    /// <summary>Post-activations of the teacher, [N, m].</summary>
    internal float[] TeacherHidden { get; }

    /// <summary>f*, [N, C].</summary>
    internal float[] Targets { get; }

    /// <summary>Whether the samples lie on both sides of each teacher boundary.</summary>
    internal bool[] Crossed { get; }

    /// <summary>Var(f*): the mean over outputs of the variance over samples.</summary>
    internal double Variance { get; }

    /// <summary>Labels inputs by a teacher.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="inputs">[N, d].</param>
    /// <param name="sameHidden">Samples with the same inputs, labelled by a teacher with the same hidden layer.</param>
    internal static LabelledSamples Of(TwoLayerNetwork teacher, float[] inputs, LabelledSamples? sameHidden = null)
    {
        var (d, m, outputs) = (teacher.Inputs, teacher.Nodes, teacher.Outputs);
        var count = inputs.Length / d;
        var targets = new float[checked(count * outputs)];
        var hidden = sameHidden?.TeacherHidden ?? new float[checked(count * m)];
        var (x, z, f) = (new double[d], new double[m], new double[outputs]);
        var (sums, squares, positive) = (new double[outputs], new double[outputs], new int[m]);
        for (var i = 0; i < count; i++)
        {
            for (var u = 0; u < d; u++)
                x[u] = inputs[(i * d) + u];
            teacher.PreActivations(x, z);
            for (var j = 0; j < m; j++)
            {
                positive[j] += z[j] > 0 ? 1 : 0;
                z[j] = teacher.Activation.Of(z[j]);
                if (sameHidden is null)
                    hidden[(i * m) + j] = (float)z[j];
            }

            teacher.OutputOf(z, f);
            for (var c = 0; c < outputs; c++)
            {
                targets[(i * outputs) + c] = (float)f[c];
                sums[c] += f[c];
                squares[c] += f[c] * f[c];
            }
        }

        var variance = Enumerable.Range(0, outputs).Average(c => (squares[c] - (sums[c] * sums[c] / count)) / count);
        return new LabelledSamples(inputs, hidden, targets, [.. positive.Select(p => p > 0 && p < count)], variance);
    }

    /// <summary>The same samples with N(0, deviation²) added to every label; sample i has the numbers of step i.</summary>
    internal LabelledSamples WithNoise(double deviation, RandomSequence random)
    {
        var (targets, outputs) = (new float[Targets.Length], Targets.Length / Count);
        var noise = new double[outputs];
        for (var i = 0; i < Count; i++)
        {
            random.FillNormal(i, noise);
            for (var c = 0; c < outputs; c++)
                targets[(i * outputs) + c] = (float)(Targets[(i * outputs) + c] + (deviation * noise[c]));
        }

        return new LabelledSamples(Inputs, TeacherHidden, targets, Crossed, Variance);
    }

    /// <summary>The number of samples N.</summary>
    internal int Count => TeacherHidden.Length / Crossed.Length;
}
