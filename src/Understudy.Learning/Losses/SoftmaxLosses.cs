using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Losses;

/// <summary>Cross-entropy against a class.</summary>
internal sealed record CrossEntropyLoss : OutputLoss
{
    public override bool HasClasses => true;

    public override int TargetWidth(int outputs) => 1;

    public override Sym PerExample(Sym output, Sym target)
    {
        Require(output, target);
        var label = Ops.OneHot(Ops.Reshape(target, new Shape(target.Shape[0])), output.Shape[1]);
        return Ops.LogSumExp(output, 1) - Ops.Sum(label * output, 1);
    }

    internal override void Residual(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
    {
        Softmax(output, 1, residual);
        residual[(int)target[0]] -= 1;
    }

    internal override void Roots(ReadOnlySpan<double> output, Span<double> roots) => SoftmaxRoots(output, 1, roots);
}

/// <summary>Cross-entropy against probabilities.</summary>
internal sealed record SoftCrossEntropyLoss : OutputLoss
{
    public override bool HasClasses => true;

    public override int TargetWidth(int outputs) => outputs;

    public override Sym PerExample(Sym output, Sym target)
    {
        Require(output, target);
        return Ops.LogSumExp(output, 1) - Ops.Sum(target * output, 1);
    }

    internal override void Residual(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
    {
        Softmax(output, 1, residual);
        for (var c = 0; c < residual.Length; c++)
            residual[c] -= target[c];
    }

    internal override void Roots(ReadOnlySpan<double> output, Span<double> roots) => SoftmaxRoots(output, 1, roots);
}

/// <summary>The divergence from a teacher's softened output.</summary>
internal sealed record DistillationLoss(double Temperature) : OutputLoss
{
    public override bool HasClasses => true;

    public override int TargetWidth(int outputs) => outputs;

    public override Sym PerExample(Sym output, Sym target)
    {
        Require(output, target);
        var (student, teacher) = (1 / Temperature * output, 1 / Temperature * target);
        var q = Ops.Softmax(teacher, 1);
        var divergence = Ops.Sum(q * (teacher - student), 1) + Ops.LogSumExp(student, 1) - Ops.LogSumExp(teacher, 1);
        return Temperature * Temperature * divergence;
    }

    internal override void Residual(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
    {
        var teacher = new double[target.Length];
        Softmax(output, 1 / Temperature, residual);
        Softmax(target, 1 / Temperature, teacher);
        for (var c = 0; c < residual.Length; c++)
            residual[c] = Temperature * (residual[c] - teacher[c]);
    }

    internal override void Roots(ReadOnlySpan<double> output, Span<double> roots) => SoftmaxRoots(output, 1 / Temperature, roots);
}
