namespace Understudy.Data.Formats;

/// <summary>An array of an ONNX file, with its numbers in the widest type of their kind.</summary>
/// <remarks>Floats of 16 and 32 bits become doubles, whole numbers and truth values 64-bit integers; both are exact.</remarks>
public sealed class OnnxTensor
{
    private readonly double[]? _numbers;
    private readonly long[]? _integers;

    internal OnnxTensor(string name, int[] shape, double[] numbers)
    {
        (Name, Shape, _numbers) = (name, shape, numbers);
    }

    internal OnnxTensor(string name, int[] shape, long[] integers)
    {
        (Name, Shape, _integers) = (name, shape, integers);
    }

    /// <summary>The name, in files of PyTorch such as <c>0.weight</c>; empty for the value of a node.</summary>
    public string Name { get; }

    /// <summary>The extents, outermost first; empty for a scalar; an extent may be 0.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public bool IsFloating => _numbers is not null;

    /// <summary>The elements of a floating tensor, row-major.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds whole numbers.</exception>
    public ReadOnlySpan<double> Numbers => _numbers ?? throw new InvalidOperationException($"Tensor {Name} holds whole numbers.");

    /// <summary>The elements of a tensor of whole numbers or truth values, row-major.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds floating-point numbers.</exception>
    public ReadOnlySpan<long> Integers => _integers ?? throw new InvalidOperationException($"Tensor {Name} holds floating-point numbers.");

    /// <summary>A tensor of floating-point numbers over the given array, which is not copied.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="numbers">Row-major.</param>
    /// <param name="shape">The extents.</param>
    /// <exception cref="ArgumentException">The shape asks for another number of elements.</exception>
    public static OnnxTensor Of(string name, double[] numbers, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        Require(name, numbers.Length, shape);
        return new OnnxTensor(name, shape, numbers);
    }

    /// <summary>A tensor of whole numbers over the given array, which is not copied.</summary>
    /// <inheritdoc cref="Of(string, double[], int[])"/>
    public static OnnxTensor Of(string name, long[] integers, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(integers);
        Require(name, integers.Length, shape);
        return new OnnxTensor(name, shape, integers);
    }

    private static void Require(string name, int count, int[] shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (ExactReading.Count(shape) != count)
            throw new ArgumentException($"Tensor {name} has {count} elements, but its shape [{string.Join(", ", shape)}] asks for others.", nameof(shape));
    }
}
