using System.Numerics;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

public unsafe class MovementTests
{
    [Fact]
    public void Permute_moves_every_element_to_its_place() => Property.Holds(60, draw =>
    {
        var extents = Enumerable.Range(0, draw.Index(Movement<F8, float>.MostAxes) + 1).Select(_ => draw.Extent(5)).ToArray();
        var order = draw.Permutation(extents.Length);
        var width = draw.Coin() ? 1 : 8;
        var count = extents.Aggregate(1, (product, extent) => product * extent);
        var x = draw.NormalSingle(count * width);

        var y = new float[x.Length];
        fixed (float* px = x, py = y)
            Movement<F8, float>.Permute(px, py, extents, order, width);

        var expected = new float[x.Length];
        var index = new int[extents.Length];
        for (var target = 0; target < count; target++)
        {
            var rest = target;
            for (var axis = extents.Length - 1; axis >= 0; axis--)
            {
                index[order[axis]] = rest % extents[order[axis]];
                rest /= extents[order[axis]];
            }
            var source = 0;
            for (var axis = 0; axis < extents.Length; axis++)
                source = source * extents[axis] + index[axis];
            Array.Copy(x, source * width, expected, target * width, width);
        }
        Assert.Equal(expected, y);
    });

    [Fact]
    public void Transpose_is_its_own_inverse_at_every_width() => Property.Holds(30, draw =>
    {
        var (rows, columns, width) = (draw.Extent(40), draw.Extent(40), draw.Coin() ? 1 : 3);
        var x = draw.NormalSingle(rows * columns * width);

        var y = Widths.Agree(new Transposed<float>(rows, columns, width, x));

        Assert.Equal(x[(columns - 1) * width], y[(columns - 1) * rows * width]);
        Assert.Equal(x, Widths.Agree(new Transposed<float>(columns, rows, width, y)));
        Widths.Agree(new Transposed<double>(rows, columns, width, Array.ConvertAll(x, value => (double)value)));
    });

    [Fact]
    public void Scatter_add_is_the_transpose_of_gather() => Property.Holds(30, draw =>
    {
        var (count, rows, width) = (draw.Extent(10), draw.Extent(20), draw.Extent(20));
        var index = Enumerable.Range(0, rows).Select(_ => draw.Index(count)).ToArray();
        var (x, u) = (draw.Normal(count * width), draw.Normal(rows * width));

        var (gathered, scattered) = (new double[rows * width], new double[count * width]);
        fixed (double* px = x, pu = u, pg = gathered, ps = scattered)
        fixed (int* pi = index)
        {
            Movement<D4, double>.GatherRows(rows, px, pi, pg, width);
            Movement<D4, double>.ScatterAddRows(rows, pu, pi, ps, width);
        }

        Assert.Equal(u.Zip(gathered, (a, b) => a * b).Sum(), x.Zip(scattered, (a, b) => a * b).Sum(), 1e-12 * rows * width);
    });

    [Fact]
    public void Broadcast_repeats_along_the_middle_axis() => Property.Holds(20, draw =>
    {
        var (outer, axis, inner) = (draw.Extent(5), draw.Extent(5), draw.Extent(20));
        var x = draw.NormalSingle(outer * inner);
        var y = new float[outer * axis * inner];

        fixed (float* px = x, py = y)
            Movement<F8, float>.Broadcast(outer, axis, inner, px, py, 1);

        for (var i = 0; i < y.Length; i++)
            Assert.Equal(x[i / (axis * inner) * inner + i % inner], y[i]);
    });

    [Fact]
    public void Lane_gather_brings_each_replica_its_own_rows() => Property.Holds(20, draw =>
    {
        foreach (var width in Widths.All)
        {
            Assert.True(Registers.At(width, Understudy.Engine.DType.F32, new Gathered(draw)));
            Assert.True(Registers.At(width, Understudy.Engine.DType.F64, new Gathered(draw)));
        }
    });

    private sealed class Transposed<T>(int rows, int columns, int width, T[] x) : IRegisterVisitor<T[]>
        where T : unmanaged
    {
        public T[] Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var y = new T[x.Length];
            fixed (T* px = x, py = y)
                Movement<V, S>.Transpose(rows, columns, (S*)px, (S*)py, width);
            return y;
        }
    }

    private sealed class Gathered(Draw draw) : IRegisterVisitor<bool>
    {
        public bool Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var (count, rows, length, w) = (draw.Extent(9), draw.Extent(9), draw.Extent(40), V.Width);
            var data = Widths.Cast<S>(draw.Normal(w * count * length));
            var index = Enumerable.Range(0, rows * w).Select(_ => draw.Index(count)).ToArray();
            var (y, back) = (new S[rows * length * w], new S[w * length]);
            fixed (S* pd = data, py = y, pb = back)
            fixed (int* pi = index)
            {
                var sets = stackalloc S*[w];
                var vectors = stackalloc S*[w];
                for (var lane = 0; lane < w; lane++)
                {
                    sets[lane] = pd + lane * count * length;
                    vectors[lane] = pb + lane * length;
                }
                Movement<V, S>.LaneGather(sets, pi, rows, length, py);
                Movement<V, S>.FromLanes(py, length, vectors);
            }
            for (var r = 0; r < rows; r++)
                for (var j = 0; j < length; j++)
                    for (var lane = 0; lane < w; lane++)
                        Assert.Equal(data[(lane * count + index[r * w + lane]) * length + j], y[(r * length + j) * w + lane]);
            for (var i = 0; i < back.Length; i++)
                Assert.Equal(y[i % length * w + i / length], back[i]);
            return true;
        }
    }
}
