using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.UnitTests.Engine.Plans;

/// <summary>A graph of random operations with updates and values for its inputs: what a compiler must get right whatever the order of things.</summary>
/// <remarks>Values stay near one in size, so that rounding can be told from mistakes.</remarks>
internal sealed class RandomGraph
{
    private const int LargestCount = 3000;

    private readonly Draw _draw;
    private readonly List<Sym> _pool = [];
    private readonly List<Sym> _inputs = [];
    private readonly int _largest;

    private RandomGraph(Draw draw, int operations, int largest)
    {
        (_draw, _largest) = (draw, largest);
        AddInputs();
        for (var i = 0; i < operations; i++)
            Add(Operation());
        if (draw.Coin())
            _pool.AddRange(Transforms.Grad(Ops.Sum(Ops.Square(Ops.Tanh(Pick()))) + Ops.Sum(Ops.Tanh(Pick())), [.. _inputs]));
        Outputs = [.. Enumerable.Range(0, draw.Index(4)).Select(_ => Pick()), _pool[^1], .. draw.Index(4) == 0 ? new[] { _inputs[draw.Index(_inputs.Count)] } : []];
        Updates = [.. Next().ToArray()];
    }

    /// <summary>Some of the values, views and inputs among them.</summary>
    internal Sym[] Outputs { get; }

    /// <summary>New values of some of the inputs.</summary>
    internal Update[] Updates { get; }

    /// <summary>All inputs, whether they are read or not.</summary>
    internal IReadOnlyList<Sym> Inputs => _inputs;

    internal static RandomGraph Of(Draw draw, int operations = 25, int largest = 9) => new(draw, operations, largest);

    /// <summary>New values for all inputs.</summary>
    internal Dictionary<Sym, double[]> Values() => _inputs.ToDictionary(
        input => input, input => _draw.Normal(input.Shape.Count).Select(value => 0.4 * value).ToArray());

    private int Extent() => _draw.Extent(_largest);

    private double Slope() => _draw.Index(4) switch { 0 => 0.1, 1 => -0.3, _ => 0 };

    private Sym Pick() => _pool[^(1 + _draw.Index(Math.Min(_draw.Coin() ? 5 : 25, _pool.Count)))];

    // another value of that shape, or the same one
    private Sym Like(Sym x)
    {
        var candidates = _pool.Where(other => other.Shape == x.Shape).ToArray();
        return candidates.Length == 0 || _draw.Index(8) == 0 ? Ops.Constant(_draw.Uniform(-1, 1), x.Shape) : candidates[_draw.Index(candidates.Length)];
    }

    private Sym Number() => _draw.Index(3) switch
    {
        0 => Ops.Constant(_draw.Uniform(-1, 1)),
        1 => _inputs[1],
        _ => Ops.Tanh(Ops.Sum(Pick())),
    };

    private void AddInputs()
    {
        var (rows, columns, stack) = (Extent(), Extent(), 1 + _draw.Index(3));
        Shape[] shapes =
        [
            new Shape(Extent()), Shape.Scalar, new Shape(1, 1), new Shape(columns), new Shape(columns), new Shape(rows, columns), new Shape(rows, columns),
            new Shape(columns, columns), new Shape(columns, columns), new Shape(stack, rows, columns), new Shape(stack, columns, columns),
        ];
        _inputs.AddRange(shapes.Select(Ops.Input));
        _pool.AddRange(_inputs);
    }

    private void Add(Sym value)
    {
        if (value.Shape.Count <= LargestCount)
            _pool.Add(value);
    }

    private Sym Operation() => _draw.Index(5) switch
    {
        0 => Unary(Pick()),
        1 => Binary(Pick()),
        2 => Product(Pick()),
        3 => Reduction(Pick()),
        _ => Movement(Pick()),
    };

    private Sym Unary(Sym x) => _draw.Index(16) switch
    {
        0 => Ops.Tanh(x),
        1 => Ops.Sigmoid(x),
        2 => Ops.Softplus(x),
        3 => Ops.Exp(Ops.Tanh(x)),
        4 => Ops.Log1p(Ops.Abs(x)),
        5 => Ops.Rsqrt(1 + Ops.Square(x)),
        6 => Ops.Sin(x),
        7 => Ops.Erf(x),
        8 => Ops.Square(Ops.Tanh(x)),
        9 => Ops.StopGradient(x),
        10 => Ops.Affine(x, 0.7, _draw.Uniform(-0.3, 0.3)),
        11 => Ops.Step(x, Slope()),
        12 => Ops.Step(x, Slope()) * Like(x),
        13 => Ops.StopGradient(Ops.Rectify(x, Slope())),
        _ => Ops.Rectify(x, Slope()),
    };

    private Sym Binary(Sym x) => _draw.Index(12) switch
    {
        0 => 0.5 * (x + Like(x)),
        1 => 0.6 * (x - Like(x)),
        2 => x * Ops.Tanh(Like(x)),
        3 => x / (1 + Ops.Square(Like(x))),
        4 => Ops.Max(x, Like(x)),
        5 => Ops.Min(x, Like(x)),
        6 => Ops.Select(Ops.Greater(x, 0.01 + Like(x)), Like(x), x),
        7 => x * Number(),
        8 => Ops.ScaledAdd(x, Number(), 0.5 * Like(x)),
        9 => Ops.Max(x, Ops.BroadcastTo(Number(), x.Shape)),
        10 => Ops.Step(x) * Ops.Step(Like(x), 0.2),
        _ => Ops.BroadcastTo(Number(), x.Shape),
    };

    private Sym Product(Sym x)
    {
        if (x.Shape.Rank < 2)
            return Ops.Tanh(x);
        if (_draw.Index(4) == 0)
            return Convolution(x);
        var (left, right) = (_draw.Coin(), _draw.Coin());
        var inner = x.Shape[left ? -2 : -1];
        var others = _pool.Where(other => other.Shape.Rank == x.Shape.Rank && other.Shape[right ? -1 : -2] == inner
            && other.Shape.Extents[..^2].SequenceEqual(x.Shape.Extents[..^2])).ToArray();
        var y = others.Length > 0 ? others[_draw.Index(others.Length)] : x;
        var product = others.Length > 0 ? Ops.MatMul(x, y, left, right) : Ops.MatMul(x, x, left, !left);
        var rows = _pool.Where(row => row.Shape == new Shape(product.Shape[-1])).ToArray();
        if (_draw.Coin())
            product = Number() * product;
        return Ended(product, rows, inner);
    }

    // matrices as images of one channel; a square matrix as filters of one row
    private Sym Convolution(Sym x)
    {
        var (matrix, n) = (_inputs[7 + _draw.Index(2)], _inputs[7].Shape[0]);
        var images = Ops.Reshape(x, new Shape(x.Shape.Product(0, x.Shape.Rank - 2), x.Shape[-2], x.Shape[-1], 1));
        var result = Ops.Convolve(images, Ops.Reshape(matrix, new Shape(1, n, 1, n)), stride: _draw.Extent(2), padding: Math.Max(0, n - x.Shape[-1]) + _draw.Index(2));
        if (_draw.Index(3) == 0 && result.Shape[1] > 1 && result.Shape[2] > 1)
            Add(Ops.MaxPool(result, 2));
        return Ended(result, [_inputs[3], _inputs[4]], n);
    }

    private Sym Ended(Sym product, Sym[] rows, int inner)
    {
        if (_draw.Coin() && rows.Length > 0)
            product += rows[_draw.Index(rows.Length)];
        var z = _draw.Index(4) == 0 ? Ops.Tanh(product) : product;
        if (_draw.Coin())
            Add(z);
        return _draw.Index(4) switch
        {
            0 => Ops.Tanh(z),
            1 => Ops.Rectify(z, Slope()),
            2 => Gated(z),
            _ => 1.0 / Math.Sqrt(inner) * z,
        };
    }

    // the sign is asked for before the value, twice or once
    private Sym Gated(Sym z)
    {
        var slope = Slope();
        Add(Ops.Step(z, slope) * Like(z));
        if (_draw.Coin())
            Add(Ops.Step(z, 0.5));
        return Ops.Tanh(Ops.Rectify(z, slope));
    }

    private Sym Reduction(Sym x)
    {
        if (x.Shape.Rank == 0)
            return Ops.Sum(Ops.Sin(x));
        var axis = _draw.Index(x.Shape.Rank);
        int[] axes = [.. Enumerable.Range(0, x.Shape.Rank).Where(_ => _draw.Coin())];
        return _draw.Index(8) switch
        {
            0 => Ops.Mean(x, axis),
            1 => Ops.MaxAlong(x, axis),
            2 => 0.1 * Ops.ArgMax(x, axis),
            3 => Ops.OneHot(Ops.ArgMax(x, axis), 3),
            4 => Ops.LogSumExp(x, axis),
            5 => Ops.Softmax(x, axis),
            _ => Ops.Mean(x, axes),
        };
    }

    private Sym Movement(Sym x)
    {
        var rank = x.Shape.Rank;
        if (rank == 0)
            return Ops.BroadcastAlong(x, 0, Extent());
        var axis = _draw.Index(rank);
        var extent = x.Shape[axis];
        var start = _draw.Index(extent);
        switch (_draw.Index(9))
        {
            case 0: return Ops.Permute(x, _draw.Permutation(rank));
            case 1: return Ops.Reshape(x, new Shape(x.Shape.Count));
            case 2: return Ops.Reshape(x, rank > 1 ? new Shape([x.Shape[0] * x.Shape[1], .. x.Shape.Extents[2..]]) : new Shape(1, x.Shape.Count));
            case 3: return Ops.Slice(x, axis, start, 1 + _draw.Index(extent - start));
            case 4: return Ops.Pad(x, axis, _draw.Index(3), _draw.Index(3));
            case 5: return Ops.Concat(axis, x, Like(x), x);
            case 6: return Ops.GatherRows(x, Indices(x, x.Shape[0]));
            case 7: return 0.5 * Ops.ScatterAddRows(x, Ops.ArgMax(Ops.Reshape(x, new Shape(x.Shape[0], x.Shape.Product(1, rank))), 1), x.Shape.Product(1, rank) + _draw.Index(2));
            default: return rank < 4 ? Ops.BroadcastAlong(x, _draw.Index(rank + 1), 1 + _draw.Index(4)) : x;
        }
    }

    private static Sym Indices(Sym x, int bound)
    {
        var all = Ops.ArgMax(Ops.Reshape(x, new Shape(x.Shape.Count / bound, bound)), 1);
        return Ops.Slice(all, 0, 0, Math.Min(6, all.Shape.Count));
    }

    // what training does, and what it never does
    private IEnumerable<Update> Next()
    {
        foreach (var state in _inputs.ToArray())
        {
            if (_draw.Coin())
                continue;
            var next = Like(state);
            next = _draw.Index(5) switch
            {
                0 => next,
                1 => Ops.Reshape(Ops.Reshape(next, new Shape(next.Shape.Count)), next.Shape),
                2 => state - (0.1 * Ops.Tanh(next)),
                3 when state.Shape.Rank == 2 => Ops.ScaledAdd(state, Number(), 0.2 * Ops.MatMul(next, Columns(state))),
                3 => Ops.ScaledAdd(state, Number(), next),
                _ when state.Shape.Rank == 2 => Ops.ScaledAdd(state, Number(), Ops.MatMul(next, Columns(state))),
                _ => 0.9 * next,
            };
            _pool.Add(next);
            if (_draw.Coin())
                _pool.Add(Ops.Tanh(next));
            yield return new Update(state, next);
        }
    }

    private Sym Columns(Sym state)
    {
        var squares = _pool.Where(other => other.Shape == new Shape(state.Shape[1], state.Shape[1])).ToArray();
        return squares.Length > 0 ? squares[_draw.Index(squares.Length)] : Ops.Tanh(Ops.MatMul(state, state, transposeLeft: true));
    }
}
