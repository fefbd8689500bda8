using Understudy.Data.Formats;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>A teacher of the user's own as it was read when the part began or went on, whatever became of its file since.</summary>
internal sealed class GivenTeacher(string file, double[] flat)
{
    private const string Name = "teacher";

    /// <summary>Its flat parameters.</summary>
    internal double[] Flat => flat;

    /// <summary>What a checkpoint keeps of it.</summary>
    internal Tensor ToTensor() => Tensor.Of(Name, flat, flat.Length);

    /// <exception cref="RunException">The part began with another teacher.</exception>
    internal void Check(Checkpoint checkpoint)
    {
        if (!flat.AsSpan().SequenceEqual(checkpoint.Tensors[Name].Doubles))
            throw new RunException($"{file} is not the teacher this run began with\n  restore the file from a copy, or start a new run");
    }
}
