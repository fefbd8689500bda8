using System.Numerics;

namespace Understudy.Engine.Plans;

/// <summary>Rows of numbers in the precision of a plan; replicas may share one.</summary>
public sealed unsafe class RowTable : IDisposable
{
    private RowTable(NativeBlock memory, int rows, int width, DType precision)
    {
        Memory = memory;
        Rows = rows;
        Width = width;
        Precision = precision;
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The numbers per row.</summary>
    public int Width { get; }

    /// <summary>The type the numbers are held in.</summary>
    public DType Precision { get; }

    internal NativeBlock Memory { get; }

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();

    internal static RowTable Of<T>(ReadOnlySpan<T> rows, int width, DType precision)
        where T : unmanaged, INumberBase<T>
        => precision == DType.F32 ? Copy<T, float>(rows, width, precision) : Copy<T, double>(rows, width, precision);

    private static RowTable Copy<T, S>(ReadOnlySpan<T> rows, int width, DType precision)
        where T : unmanaged, INumberBase<T>
        where S : unmanaged, INumberBase<S>
    {
        var memory = new NativeBlock((long)rows.Length * sizeof(S));
        var target = (S*)memory.Start;
        for (var i = 0; i < rows.Length; i++)
            target[i] = S.CreateTruncating(rows[i]);
        return new RowTable(memory, rows.Length / width, width, precision);
    }
}
