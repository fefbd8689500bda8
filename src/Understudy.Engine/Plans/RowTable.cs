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

    /// <summary>Replaces rows, between runs of the plans that read them; threads may replace different rows at once.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="rows">Whole rows, row-major.</param>
    /// <exception cref="ArgumentException">The numbers are no whole rows, or there are not as many in the table from the first on.</exception>
    public void Write(int first, ReadOnlySpan<float> rows)
    {
        Memory.ThrowIfDisposed();
        if (first < 0 || rows.Length % Width != 0 || rows.Length / Width > Rows - first)
            throw new ArgumentException($"{rows.Length} numbers are no rows of {Width} from row {first} on in a table of {Rows}.", nameof(rows));
        if (Precision == DType.F32)
            Convert(rows, (float*)Memory.Start + ((long)first * Width));
        else
            Convert(rows, (double*)Memory.Start + ((long)first * Width));
    }

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
        Convert(rows, (S*)memory.Start);
        return new RowTable(memory, rows.Length / width, width, precision);
    }

    private static void Convert<T, S>(ReadOnlySpan<T> rows, S* target)
        where T : unmanaged, INumberBase<T>
        where S : unmanaged, INumberBase<S>
    {
        for (var i = 0; i < rows.Length; i++)
            target[i] = S.CreateTruncating(rows[i]);
    }
}
