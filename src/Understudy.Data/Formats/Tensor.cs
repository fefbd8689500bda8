using Understudy.Engine;

namespace Understudy.Data.Formats;

/// <summary>A named, dense, row-major array: what files hold.</summary>
/// <remarks>Immutable by convention: whoever makes one does not change the array afterwards.</remarks>
public sealed class Tensor
{
    private readonly Array _values;

    private Tensor(string name, DType type, int[] shape, Array values)
    {
        long count = 1;
        foreach (int extent in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent, nameof(shape));
            count = checked(count * extent);
        }

        if (count != values.LongLength)
            throw new ArgumentException($"Tensor {name} has {values.LongLength} elements, but its shape [{string.Join(", ", shape)}] asks for {count}.");
        Name = name;
        Type = type;
        Shape = shape;
        _values = values;
    }

    /// <summary>The name, such as <c>layer.0.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public DType Type { get; }

    /// <summary>The extents, outermost first; empty for a scalar; an extent may be 0.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The elements of an <see cref="DType.F32"/> tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public ReadOnlySpan<float> Floats => Elements<float>();

    /// <summary>The elements of an <see cref="DType.F64"/> tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public ReadOnlySpan<double> Doubles => Elements<double>();

    /// <summary>The elements of an <see cref="DType.I32"/> tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public ReadOnlySpan<int> Integers => Elements<int>();

    /// <summary>The elements of an <see cref="DType.U8"/> tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public ReadOnlySpan<byte> Bytes => Elements<byte>();

    /// <summary>A tensor of 32-bit floats over the given array, which is not copied.</summary>
    public static Tensor Of(string name, float[] values, params int[] shape) => new(name, DType.F32, shape, values);

    /// <summary>A tensor of 64-bit floats over the given array, which is not copied.</summary>
    public static Tensor Of(string name, double[] values, params int[] shape) => new(name, DType.F64, shape, values);

    /// <summary>A tensor of integers over the given array, which is not copied.</summary>
    public static Tensor Of(string name, int[] values, params int[] shape) => new(name, DType.I32, shape, values);

    /// <summary>A tensor of bytes over the given array, which is not copied.</summary>
    public static Tensor Of(string name, byte[] values, params int[] shape) => new(name, DType.U8, shape, values);

    private T[] Elements<T>()
        => _values as T[] ?? throw new InvalidOperationException($"Tensor {Name} holds {Type}, not {typeof(T).Name}.");
}
