using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Losses;

/// <summary>Squared errors: half their sum, or their mean over outputs.</summary>
internal sealed record SquaredLoss(bool IsAveraged) : OutputLoss
{
    public override bool HasClasses => false;

    public override int TargetWidth(int outputs) => outputs;

    public override Sym PerExample(Sym output, Sym target)
    {
        Require(output, target);
        return 0.5 * Curvature(output.Shape[1]) * Ops.Sum(Ops.Square(output - target), 1);
    }

    internal override void Residual(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
    {
        var curvature = Curvature(output.Length);
        for (var c = 0; c < output.Length; c++)
            residual[c] = curvature * (output[c] - target[c]);
    }

    internal override void Roots(ReadOnlySpan<double> output, Span<double> roots)
    {
        roots.Clear();
        for (var c = 0; c < output.Length; c++)
            roots[(c * output.Length) + c] = Math.Sqrt(Curvature(output.Length));
    }

    private double Curvature(int outputs) => IsAveraged ? 2.0 / outputs : 1;
}

/// <summary>Logistic regression.</summary>
internal sealed record LogisticLoss : OutputLoss
{
    public override bool HasClasses => false;

    public override int TargetWidth(int outputs)
        => outputs == 1 ? 1 : throw new ArgumentException($"The logistic loss is for one output, not for {outputs}.", nameof(outputs));

    public override Sym PerExample(Sym output, Sym target)
    {
        Require(output, target);
        return Ops.Reshape(Ops.Softplus(output) - (target * output), new Shape(output.Shape[0]));
    }

    internal override void Residual(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
        => residual[0] = Sigmoid(output[0]) - target[0];

    internal override void Roots(ReadOnlySpan<double> output, Span<double> roots)
        => roots[0] = Math.Sqrt(Sigmoid(output[0]) * Sigmoid(-output[0]));

    private static double Sigmoid(double f) => 1 / (1 + ScalarFunctions.Exp(-f));
}
