namespace Understudy.Engine.Plans;

/// <summary>Lists the contiguous runs that a slice, a padding or a concatenation moves.</summary>
internal static class Runs
{
    /// <summary>The runs that move the block [0, extents) between two values.</summary>
    /// <param name="block">Extents of what is moved.</param>
    /// <param name="from">Shape it is taken from.</param>
    /// <param name="fromStart">Where it starts there, per axis.</param>
    /// <param name="to">Shape it is put into.</param>
    /// <param name="toStart">Where it starts there, per axis.</param>
    /// <param name="lanes">Numbers per element.</param>
    /// <returns>Offsets in numbers, and the length of every run.</returns>
    internal static ((nint From, nint To)[] Places, nint Length) Of(
        ReadOnlySpan<int> block, Shape from, ReadOnlySpan<int> fromStart, Shape to, ReadOnlySpan<int> toStart, int lanes)
    {
        // trailing axes that are whole on both sides belong to one run, and so does the first one that is not
        var inner = block.Length;
        nint length = lanes;
        while (inner > 0)
        {
            inner--;
            length *= block[inner];
            if (block[inner] != from[inner] || block[inner] != to[inner])
                break;
        }

        var count = 1;
        for (var axis = 0; axis < inner; axis++)
            count *= block[axis];
        var places = new (nint, nint)[count];
        Span<int> at = stackalloc int[Shape.MaxRank];
        for (var i = 0; i < count; i++)
        {
            var rest = i;
            nint source = 0, target = 0;
            at.Clear();
            for (var axis = inner - 1; axis >= 0; axis--)
            {
                at[axis] = rest % block[axis];
                rest /= block[axis];
            }

            for (var axis = 0; axis < block.Length; axis++)
            {
                source = (source * from[axis]) + at[axis] + fromStart[axis];
                target = (target * to[axis]) + at[axis] + toStart[axis];
            }

            places[i] = (source * lanes, target * lanes);
        }

        return (places, length);
    }
}
