using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.UnitTests.Engine.Graphs;

/// <summary>Messages about shapes, word for word.</summary>
public class ShapeErrorTests
{
    private static readonly Dictionary<string, Action> Mistakes = new()
    {
        ["Add needs equal shapes, but was given [2] and [3]."] = () => _ = Ops.Input(2) + Ops.Input(3),
        ["Subtract needs equal shapes, but was given [2, 3] and [2]."] = () => _ = Ops.Input(2, 3) - Ops.Input(2),
        ["Multiply needs equal shapes, but was given [3] and [2, 2]."] = () => _ = Ops.Input(3) * Ops.Input(2, 2),
        ["Max needs equal shapes, but was given [2] and [3]."] = () => Ops.Max(Ops.Input(2), Ops.Input(3)),
        ["Select needs equal shapes, but was given [2] and [2] and [3]."] = () => Ops.Select(Ops.Input(2), Ops.Input(2), Ops.Input(3)),
        ["ScaledAdd needs x and y of equal shapes and a scale that is a scalar or has their shape, but was given [2] and [3] and [2]."]
            = () => Ops.ScaledAdd(Ops.Input(2), Ops.Input(3), Ops.Input(2)),
        ["MatMul needs equal inner extents, but was given [2, 3] and [4, 5]."] = () => Ops.MatMul(Ops.Input(2, 3), Ops.Input(4, 5)),
        ["MatMul with the right operand transposed needs equal inner extents, but was given [2, 3] and [3, 5]."]
            = () => Ops.MatMul(Ops.Input(2, 3), Ops.Input(3, 5), transposeRight: true),
        ["MatMul needs two matrices, or two stacks of equally many axes, but was given [3] and [3, 5]."] = () => Ops.MatMul(Ops.Input(3), Ops.Input(3, 5)),
        ["MatMul needs equal leading axes, but was given [2, 3, 4] and [5, 4, 3]."] = () => Ops.MatMul(Ops.Input(2, 3, 4), Ops.Input(5, 4, 3)),
        ["Reshape needs 6 elements for [2, 3], but was given [5]."] = () => Ops.Reshape(Ops.Input(5), new Shape(2, 3)),
        ["Permute needs an operand whose axes are those of the order 0,0, but was given [2, 3]."] = () => Ops.Permute(Ops.Input(2, 3), 0, 0),
        ["Transpose needs an operand with at least two axes, but was given [3]."] = () => Ops.Transpose(Ops.Input(3)),
        ["Broadcast needs an operand that is [2, 4] without axes 0, but was given [3]."] = () => Ops.BroadcastTo(Ops.Input(3), new Shape(2, 4)),
        ["Sum needs an operand with axes 2, but was given [2, 3]."] = () => Ops.Sum(Ops.Input(2, 3), 2),
        ["Sum needs an operand with axes 0,0, but was given [2, 3]."] = () => Ops.Sum(Ops.Input(2, 3), 0, -2),
        ["Slice needs an operand holding [2,4] from [0,1] on, but was given [2, 4]."] = () => Ops.Slice(Ops.Input(2, 4), 1, 1, 4),
        ["Pad needs padding that is not negative, but was given [2]."] = () => Ops.Pad(Ops.Input(2), 0, -1, 0),
        ["Concat needs shapes that differ along axis 1 only, but was given [2, 3] and [3, 3]."] = () => Ops.Concat(-1, Ops.Input(2, 3), Ops.Input(3, 3)),
        ["GatherRows needs x [n, …] and indices [m], or both with equal leading axes, but was given [2, 3] and [4, 3]."]
            = () => Ops.GatherRows(Ops.Input(2, 3), Ops.Input(4, 3)),
        ["ScatterAddRows needs x [m, …] and indices [m], or both with equal leading axes, but was given [2, 3] and [3]."]
            = () => Ops.ScatterAddRows(Ops.Input(2, 3), Ops.Input(3), 5),
        ["Softmax needs an operand with an axis 1, but was given [3]."] = () => Ops.Softmax(Ops.Input(3), 1),
        ["LogSumExp needs an operand with an axis -1, but was given []."] = () => Ops.LogSumExp(Ops.Input()),
        ["MaxAlong needs an operand with an axis 2, but was given [3, 2]."] = () => Ops.MaxAlong(Ops.Input(3, 2), 2),
        ["LinearAct needs x [batch, in], weights [in, out] and a bias [out], but was given [2, 3] and [3, 4] and [3]."]
            = () => Ops.LinearRectify(Ops.Input(2, 3), Ops.Input(3, 4), Ops.Input(3)),
        ["SoftmaxCrossEntropy needs logits and targets of one shape [rows, classes], but was given [2, 3] and [2]."]
            = () => Ops.SoftmaxCrossEntropy(Ops.Input(2, 3), Ops.Input(2)),
        ["MseLoss needs equal shapes, but was given [2, 3] and [3]."] = () => Ops.MseLoss(Ops.Input(2, 3), Ops.Input(3)),
    };

    public static TheoryData<string> Messages => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Mismatched_shapes_are_named(string message)
    {
        var error = Assert.Throws<ShapeException>(Mistakes[message]);

        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-3)]
    public void An_axis_that_is_not_there_is_named(int axis)
    {
        Assert.Throws<ShapeException>(() => Ops.Sum(Ops.Input(2, 3), axis));
        Assert.Throws<ShapeException>(() => Ops.Concat(axis, Ops.Input(2, 3)));
        Assert.Throws<ShapeException>(() => Ops.Softmax(Ops.Input(2, 3), axis));
        Assert.Throws<ShapeException>(() => Ops.Slice(Ops.Input(2, 3), axis, 0, 1));
        Assert.Throws<ShapeException>(() => Ops.Pad(Ops.Input(2, 3), axis, 0, 1));
        Assert.Throws<ShapeException>(() => Ops.BroadcastAlong(Ops.Input(2, 3), axis - 1, 2));
    }
}
