using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Losses;

/// <summary>A loss ℓ(f, y) of one example, convex in the output f [C].</summary>
/// <remarks>
/// With its second derivative by the output A = B Bᵀ: of a softmax the columns of B are √p_c (e_c − p), which need no eigenvectors.
/// Targets of all losses are rows of <see cref="TargetWidth"/> numbers. Source: hessian specification, section 1.1.
/// </remarks>
public abstract record OutputLoss
{
    private protected OutputLoss()
    {
    }

    /// <summary>−log p_y with p = softmax(f); the target is the class y from 0.</summary>
    public static OutputLoss CrossEntropy { get; } = new CrossEntropyLoss();

    /// <summary>−Σ q_c log p_c with p = softmax(f); the target is q [C], which adds up to 1.</summary>
    public static OutputLoss SoftCrossEntropy { get; } = new SoftCrossEntropyLoss();

    /// <summary>½ ‖f − y‖²; the target is y [C].</summary>
    public static OutputLoss HalfSquared { get; } = new SquaredLoss(IsAveraged: false);

    /// <summary>‖f − y‖² / C; the target is y [C].</summary>
    public static OutputLoss MeanSquared { get; } = new SquaredLoss(IsAveraged: true);

    /// <summary>log(1 + e^f) − y f of one output; the target is y, 0 or 1.</summary>
    public static OutputLoss Logistic { get; } = new LogisticLoss();

    /// <summary>Whether the output is a softmax over classes, so that a label is one of C.</summary>
    public abstract bool HasClasses { get; }

    /// <summary>τ² KL(q ‖ p) with p = softmax(f/τ) and q = softmax(t/τ); the target is the teacher's output t [C] (Hinton, Vinyals and Dean 2015).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not positive.</exception>
    public static OutputLoss Distillation(double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        return new DistillationLoss(temperature);
    }

    /// <summary>The numbers of one target.</summary>
    public abstract int TargetWidth(int outputs);

    /// <summary>The losses [batch] of outputs [batch, C] against targets [batch, <see cref="TargetWidth"/>].</summary>
    public abstract Sym PerExample(Sym output, Sym target);

    /// <summary>r = ∂ℓ/∂f of one example [C].</summary>
    /// <param name="output">f [C].</param>
    /// <param name="target">y [w].</param>
    /// <param name="residual">Becomes r [C].</param>
    internal abstract void Residual(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual);

    /// <summary>The columns of B of one example as rows, [C, C].</summary>
    internal abstract void Roots(ReadOnlySpan<double> output, Span<double> roots);

    /// <summary>p = softmax(<paramref name="factor"/> f) of one example.</summary>
    internal static void Softmax(ReadOnlySpan<double> output, double factor, Span<double> probabilities)
    {
        var largest = double.NegativeInfinity;
        foreach (var value in output)
            largest = Math.Max(largest, factor * value);
        var sum = 0.0;
        for (var c = 0; c < output.Length; c++)
            sum += probabilities[c] = ScalarFunctions.Exp((factor * output[c]) - largest);
        for (var c = 0; c < output.Length; c++)
            probabilities[c] /= sum;
    }

    /// <summary>√p_c (e_c − p) as row c, of p = softmax(<paramref name="factor"/> f).</summary>
    private protected static void SoftmaxRoots(ReadOnlySpan<double> output, double factor, Span<double> roots)
    {
        var classes = output.Length;
        // the last row holds p until its own turn
        var p = roots[((classes - 1) * classes)..];
        Softmax(output, factor, p);
        for (var row = 0; row < classes; row++)
        {
            var root = Math.Sqrt(p[row]);
            for (var c = 0; c < classes; c++)
                roots[(row * classes) + c] = root * ((c == row ? 1 : 0) - p[c]);
        }
    }

    /// <exception cref="ShapeException">The shapes are not [batch, C] and [batch, width].</exception>
    private protected void Require(Sym output, Sym target)
    {
        if (output.Shape.Rank != 2 || target.Shape.Rank != 2 || output.Shape[0] != target.Shape[0] || target.Shape[1] != TargetWidth(output.Shape[1]))
            throw new ShapeException(GetType().Name, $"outputs [batch, C] and targets [batch, {TargetWidth(output.Shape.Rank == 2 ? output.Shape[1] : 0)}]", output.Shape, target.Shape);
    }
}
