using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>How convolutions and their gradients are computed: last bits and speed differ.</summary>
public enum ConvolutionAlgorithm
{
    /// <summary>Gathered patches times weights: every shape, and the most accurate.</summary>
    Direct,

    /// <summary>F(2 × 2, 3 × 3) of Winograd for kernels of 3 × 3 with stride 1, where there are at least 16 channels and 16 filters; the rest is direct.</summary>
    /// <remarks>
    /// Source: Lavin and Gray 2016. 16 multiplications stand for 36. Results differ from direct ones by some 10⁻⁶ of their size in single precision; those of one algorithm are the same
    /// on every machine, alone and in lanes.
    /// </remarks>
    Winograd,
}

/// <summary>Which algorithm computes which sum.</summary>
internal static class ConvolutionChoice
{
    /// <summary>Whether a sum of that shape is computed by Winograd's algorithm where that is asked for.</summary>
    internal static bool IsWinograd(ConvolutionAlgorithm algorithm, in ConvolutionShape shape)
        => algorithm == ConvolutionAlgorithm.Winograd && shape.SuitsWinograd;

    /// <summary>The note of a plan on a step, or nothing where nothing was asked for.</summary>
    internal static string Note(ConvolutionAlgorithm algorithm, PlanStep step)
    {
        if (algorithm == ConvolutionAlgorithm.Direct || step.Computed is not { Operation: ConvolutionSum sum } node)
            return "";
        return IsWinograd(algorithm, sum.Extents(node.Inputs[0].Shape, node.Inputs[1].Shape)) ? ", Winograd" : ", direct";
    }
}
