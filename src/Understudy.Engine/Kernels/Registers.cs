using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>Which registers the kernels of this process use.</summary>
/// <remarks>The choice changes speed and the number of replicas per register, never a result.</remarks>
public static class Registers
{
    /// <summary>Instruction set and width, as recorded with a run: "AVX2, 256-bit".</summary>
    public static string Description => Widest switch
    {
        RegisterWidth.Bits512 => "AVX-512, 512-bit",
        RegisterWidth.Bits256 => "AVX2, 256-bit",
        RegisterWidth.Bits128 => AdvSimd.IsSupported ? "AdvSimd, 128-bit" : "SSE, 128-bit",
        _ => "scalar",
    };

    /// <summary>The widest registers that this processor has in hardware.</summary>
    internal static RegisterWidth Widest
        => Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? RegisterWidth.Bits512
            : Vector256.IsHardwareAccelerated && Fma.IsSupported ? RegisterWidth.Bits256
            : Vector128.IsHardwareAccelerated ? RegisterWidth.Bits128
            : RegisterWidth.Scalar;

    /// <summary>Elements of that type in the widest register: replicas per group in the lanes layout.</summary>
    internal static int Lanes(DType type) => Best(type, new WidthVisitor());

    /// <summary>Calls the visitor with the widest accelerated register of <paramref name="type"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not a floating-point type.</exception>
    internal static TResult Best<TResult>(DType type, IRegisterVisitor<TResult> visitor) => At(Widest, type, visitor);

    /// <summary>Calls the visitor with a register of the given width, emulated where the processor has none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not a floating-point type.</exception>
    internal static TResult At<TResult>(RegisterWidth width, DType type, IRegisterVisitor<TResult> visitor) => (type, width) switch
    {
        (DType.F32, RegisterWidth.Bits512) => visitor.Visit<F16, float>(),
        (DType.F32, RegisterWidth.Bits256) => visitor.Visit<F8, float>(),
        (DType.F32, RegisterWidth.Bits128) => visitor.Visit<F4, float>(),
        (DType.F32, _) => visitor.Visit<F1, float>(),
        (DType.F64, RegisterWidth.Bits512) => visitor.Visit<D8, double>(),
        (DType.F64, RegisterWidth.Bits256) => visitor.Visit<D4, double>(),
        (DType.F64, RegisterWidth.Bits128) => visitor.Visit<D2, double>(),
        (DType.F64, _) => visitor.Visit<D1, double>(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Kernels exist for F32 and F64."),
    };

    private sealed class WidthVisitor : IRegisterVisitor<int>
    {
        public int Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
            => V.Width;
    }
}
