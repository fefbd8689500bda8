using System.Numerics;
using System.Runtime.InteropServices;

namespace Understudy.Engine.Plans;

/// <summary>Numbers of one type as numbers of another, lying side by side.</summary>
internal static class Conversion
{
    /// <summary>Each number rounded to the target's type.</summary>
    internal static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
            MemoryMarshal.Cast<TFrom, TTo>(source).CopyTo(target);
        else if (typeof(TFrom) == typeof(double) && typeof(TTo) == typeof(float))
            Narrow(MemoryMarshal.Cast<TFrom, double>(source), MemoryMarshal.Cast<TTo, float>(target));
        else if (typeof(TFrom) == typeof(float) && typeof(TTo) == typeof(double))
            Widen(MemoryMarshal.Cast<TFrom, float>(source), MemoryMarshal.Cast<TTo, double>(target));
        else
        {
            for (var i = 0; i < source.Length; i++)
                target[i] = TTo.CreateTruncating(source[i]);
        }
    }

    private static void Narrow(ReadOnlySpan<double> source, Span<float> target)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= source.Length; i += Vector<float>.Count)
            Vector.Narrow(new Vector<double>(source[i..]), new Vector<double>(source[(i + Vector<double>.Count)..])).CopyTo(target[i..]);
        for (; i < source.Length; i++)
            target[i] = (float)source[i];
    }

    private static void Widen(ReadOnlySpan<float> source, Span<double> target)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= source.Length; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(source[i..]), out var low, out var high);
            low.CopyTo(target[i..]);
            high.CopyTo(target[(i + Vector<double>.Count)..]);
        }

        for (; i < source.Length; i++)
            target[i] = source[i];
    }
}
