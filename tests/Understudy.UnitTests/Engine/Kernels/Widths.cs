using System.Numerics;
using Understudy.Engine;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

/// <summary>Runs work at every register width of a type and expects the same bits from each.</summary>
internal static class Widths
{
    internal static readonly RegisterWidth[] All = Enum.GetValues<RegisterWidth>();

    internal static DType TypeOf<T>() => typeof(T) == typeof(float) ? DType.F32 : DType.F64;

    /// <summary>The result of the scalar registers, after comparing the others with it.</summary>
    internal static T[] Agree<T>(IRegisterVisitor<T[]> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scalar = Registers.At(RegisterWidth.Scalar, TypeOf<T>(), work);
        foreach (var width in All)
            SameBits(scalar, Registers.At(width, TypeOf<T>(), work), width.ToString());
        return scalar;
    }

    internal static void SameBits<T>(T[] expected, T[] actual, string where)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            // all not-a-numbers are one value: their payload depends on the order of operands
            if (!(T.IsNaN(expected[i]) && T.IsNaN(actual[i])) && (expected[i] != actual[i] || T.IsNegative(expected[i]) != T.IsNegative(actual[i])))
                Assert.Fail($"{where}: element {i} is {actual[i]:R}, not {expected[i]:R}.");
    }

    internal static T[] Cast<T>(double[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Array.ConvertAll(values, T.CreateTruncating);
}
