using Understudy.Data.Formats;
using Understudy.Engine;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Numbers of plans as tensors of their precision: nothing is lost.</summary>
internal static class StudentTensors
{
    internal static Tensor Tensor(string name, double[] values, DType precision) => Tensor(name, values, precision, values.Length);

    internal static Tensor Tensor(string name, double[] values, DType precision, params int[] shape) => precision == DType.F64
        ? Data.Formats.Tensor.Of(name, values, shape)
        : Data.Formats.Tensor.Of(name, Array.ConvertAll(values, value => (float)value), shape);

    internal static double[] Of(Tensor tensor)
    {
        if (tensor.Type == DType.F64)
            return tensor.Doubles.ToArray();
        var values = new double[tensor.Floats.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = tensor.Floats[i];
        return values;
    }
}
