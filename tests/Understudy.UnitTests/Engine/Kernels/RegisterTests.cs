using System.Numerics;
using Understudy.Engine;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

public class RegisterTests
{
    [Fact]
    public void The_first_lanes_are_read_and_written_and_no_other_memory_is_touched()
    {
        foreach (var width in Widths.All)
        {
            Registers.At(width, DType.F32, new FirstLanes());
            Registers.At(width, DType.F64, new FirstLanes());
        }
    }

    private sealed class FirstLanes : IRegisterVisitor<int>
    {
        public unsafe int Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var untouched = S.CreateTruncating(-1);
            for (var count = 1; count <= V.Width; count++)
            {
                var source = new S[V.Width];
                var stored = new S[V.Width + 1];
                var masked = new S[V.Width + 1];
                for (var i = 0; i < source.Length; i++)
                    source[i] = S.CreateTruncating(i + 1);
                stored.AsSpan().Fill(untouched);
                masked.AsSpan().Fill(untouched);
                fixed (S* from = source, first = stored, lanes = masked)
                {
                    V.StoreFirst(first, V.Load(from), count);
                    V.StoreMasked(lanes, V.First(count), V.LoadFirst(from, count));
                }

                for (var i = 0; i < stored.Length; i++)
                {
                    var expected = i < count ? S.CreateTruncating(i + 1) : untouched;
                    Assert.Equal(expected, stored[i]);
                    Assert.Equal(expected, masked[i]);
                }
            }

            return 0;
        }
    }
}
