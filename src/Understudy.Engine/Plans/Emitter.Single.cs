using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Plans.Instructions;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <content>Reductions and operations that move elements.</content>
internal sealed unsafe partial class Emitter<V, S>
{
    private Instruction Single(S* memory, SingleStep step)
    {
        var node = step.Node;
        var y = At(memory, node);
        var x = At(memory, node.Inputs[0]);
        var from = node.Inputs[0].Shape;
        switch (node.Operation)
        {
            case MatMul:
                return Stack(memory, step, node, node, new Epilogue(null, null, accumulate: false, Activation.None, 0));
            case ConvolutionSum sum:
                return Convolution(memory, step, sum, node, node, default);
            case WindowPlaces pool:
                return new PoolCall<V, S>(pool, pool.Extents(node.InputShapes()), _lanes, x, node.Inputs.Length > 1 ? At(memory, node.Inputs[1]) : null, y, _team);
            case Sum sum when _isSolo && _team is { Threads: > 1 } && from.Count >= ColumnSum<V, S>.SmallestShared && Line(from, sum.Over.Values) is (1, var rows, > 1 and var columns):
                return new ColumnSum<V, S>((rows, columns), x, y, _team);
            case Sum sum:
                return new LineReduction<S>(_isSolo ? &Reductions<V, S>.Sum : &Reductions<V, S>.LaneSum, Line(from, sum.Over.Values), x, y);
            case MaxAlong max:
                return new LineReduction<S>(_isSolo ? &Reductions<V, S>.Max : &Reductions<V, S>.LaneMax, Line(from, [max.Axis]), x, y);
            case LogSumExp sum:
                return new LineReduction<S>(_isSolo ? &Reductions<V, S>.LogSumExp : &Reductions<V, S>.LaneLogSumExp, Line(from, [sum.Axis]), x, y);
            case Softmax softmax:
                return new LineReduction<S>(_isSolo ? &Reductions<V, S>.Softmax : &Reductions<V, S>.LaneSoftmax, Line(from, [softmax.Axis]), x, y);
            case ArgMax arg:
                return new LineIndex<S>(_isSolo ? &Reductions<V, S>.ArgMax : &Reductions<V, S>.LaneArgMax, Line(from, [arg.Axis]), x, y, checked(node.Shape.Count * _lanes));
            case Broadcast when _layout.IsTiled(node):
                return new BroadcastCopy<V, S>((1, ArenaLayout.Strip / (from.Count * _lanes), from.Count), _lanes, x, y);
            case Broadcast broadcast:
                return new BroadcastCopy<V, S>(Line(node.Shape, broadcast.Inserted.Values), _lanes, x, y);
            case Permute permute:
                return new PermuteCopy<V, S>(from.Extents.ToArray(), permute.Order.Values.ToArray(), _lanes, x, y);
            case Slice slice:
                return Copy(x, y, node.Shape.Extents, from, slice.Start.Values, node.Shape, new int[from.Rank], isPadded: false);
            case Pad pad:
                return Copy(x, y, from.Extents, from, new int[from.Rank], node.Shape, pad.Before.Values, isPadded: true);
            case Concat concat:
                return Join(memory, node, concat.Axis);
            case OneHot hot:
                return new Indicator<S>(node.Inputs[0].Shape.Count, hot.Classes, _lanes, x, y);
            case GatherRows:
                return new RowGather<S>(Table(from, node.Inputs[1].Shape, from[node.Inputs[1].Shape.Rank - 1]), _lanes, x, At(memory, node.Inputs[1]), y);
            case ScatterAddRows scatter:
                return new RowScatter<S>(Table(from, node.Inputs[1].Shape, scatter.Rows), _lanes, x, At(memory, node.Inputs[1]), y);
            default:
                throw new InvalidOperationException($"No kernel is known for {node}.");
        }
    }

    private Instruction Convolution(S* memory, PlanStep step, ConvolutionSum sum, Sym node, Sym result, Epilogue epilogue)
    {
        var (left, right) = (node.Inputs[0], node.Inputs[1]);
        var (shape, count) = (sum.Extents(left.Shape, right.Shape), ConvolutionSum.Stack(left.Shape));
        (int Count, nint StepA, nint StepB, nint StepY) stack = (count, Each(left), Each(right), Each(node));
        S* a = At(memory, left), b = At(memory, right), y = At(memory, result), workspace = memory + _layout.Workspace(step);
        var end = new WindowEnd<S> { Bias = epilogue.Bias, Rectifies = epilogue.Activation == Activation.Rectify, Slope = S.CreateChecked(epilogue.Slope) };
        var isWinograd = ConvolutionChoice.IsWinograd(_schedule.Convolution, in shape);
        return _isSolo
            ? new SoloConvolution<V, S>(sum, shape, isWinograd, stack, a, b, y, end, workspace, _team)
            : new LaneConvolutions<V, S>(sum, shape, isWinograd, stack, a, b, y, end, workspace);

        nint Each(Sym value) => (nint)(_layout.Numbers(value) / count);
    }

    // neighbouring axes of a value as the middle one of three
    private static (int Outer, int Axis, int Inner) Line(Shape shape, ReadOnlySpan<int> axes)
        => axes.IsEmpty
            ? (shape.Count, 1, 1)
            : (shape.Product(0, axes[0]), shape.Product(axes[0], axes[^1] + 1), shape.Product(axes[^1] + 1, shape.Rank));

    private static TableShape Table(Shape x, Shape indices, int rows)
        => new(indices.Product(0, indices.Rank - 1), indices[-1], rows, x.Product(indices.Rank, x.Rank));

    private CopyRuns<S> Copy(
        S* x, S* y, ReadOnlySpan<int> block, Shape from, ReadOnlySpan<int> fromStart, Shape to, ReadOnlySpan<int> toStart, bool isPadded)
    {
        var (places, length) = Runs.Of(block, from, fromStart, to, toStart, _lanes);
        return new CopyRuns<S>(x, y, places, length, isPadded ? (nint)to.Count * _lanes : 0);
    }

    private Sequence Join(S* memory, Sym node, int axis)
    {
        var parts = new Instruction[node.Inputs.Length];
        var start = new int[node.Shape.Rank];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = node.Inputs[i].Shape;
            parts[i] = Copy(At(memory, node.Inputs[i]), At(memory, node), part.Extents, part, new int[part.Rank], node.Shape, start, isPadded: false);
            start[axis] += part[axis];
        }

        return new Sequence(parts);
    }
}
