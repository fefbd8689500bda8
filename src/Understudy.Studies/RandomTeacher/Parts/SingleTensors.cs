using Understudy.Data.Formats;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Numbers of plans in single precision, as tensors of the same precision: nothing is lost.</summary>
internal static class SingleTensors
{
    internal static Tensor Tensor(string name, double[] values) => Data.Formats.Tensor.Of(name, Array.ConvertAll(values, value => (float)value), values.Length);

    internal static double[] Of(Tensor tensor)
    {
        var values = new double[tensor.Floats.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = tensor.Floats[i];
        return values;
    }
}
