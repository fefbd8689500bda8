namespace Understudy.Engine;

/// <summary>The element type of a value.</summary>
public enum DType
{
    /// <summary>32-bit float: training.</summary>
    F32,

    /// <summary>64-bit float: checks, spectra and small exact work.</summary>
    F64,

    /// <summary>32-bit integer: indices and labels.</summary>
    I32,

    /// <summary>8-bit unsigned integer: images as stored.</summary>
    U8,
}
