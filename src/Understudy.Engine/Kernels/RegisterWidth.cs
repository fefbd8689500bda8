namespace Understudy.Engine.Kernels;

/// <summary>The size of the registers a kernel is compiled for.</summary>
internal enum RegisterWidth
{
    Scalar,
    Bits128,
    Bits256,
    Bits512,
}
