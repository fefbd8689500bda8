using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>Hints to the cache; they change no result.</summary>
internal static unsafe class Cache
{
    /// <summary>Asks for the line at <paramref name="address"/>, which need not be valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}
