using Understudy.Engine;

namespace Understudy.Studies.Parts;

/// <summary>How the networks are computed while training.</summary>
public enum TrainingPrecision
{
    /// <summary>32-bit floating point.</summary>
    F32,

    /// <summary>64-bit floating point.</summary>
    F64,
}

/// <summary>From the word to the type.</summary>
internal static class TrainingPrecisions
{
    /// <summary>The type of values.</summary>
    internal static DType ToType(this TrainingPrecision precision) => precision == TrainingPrecision.F64 ? DType.F64 : DType.F32;
}
