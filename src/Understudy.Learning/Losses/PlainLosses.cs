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
        return 0.5 * Curvature(output) * Ops.Sum(Ops.Square(output - target), 1);
    }

    public override Sym Root(Sym output, int column)
        => Math.Sqrt(Curvature(output)) * Ops.OneHot(Ops.Constant(column, new Shape(output.Shape[0])), output.Shape[1]);

    private double Curvature(Sym output) => IsAveraged ? 2.0 / output.Shape[1] : 1;
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

    public override Sym Root(Sym output, int column)
    {
        var p = Ops.Sigmoid(output);
        return Ops.Sqrt(p * (1 - p));
    }
}
