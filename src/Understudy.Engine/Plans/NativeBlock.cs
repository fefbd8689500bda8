using System.Runtime.InteropServices;

namespace Understudy.Engine.Plans;

/// <summary>Zeroed memory outside the managed heap, on a 64-byte border.</summary>
internal sealed unsafe class NativeBlock : IDisposable
{
    private void* _start;

    /// <summary>A block of that many bytes, and one register more that may be read.</summary>
    internal NativeBlock(long bytes)
    {
        Bytes = bytes;
        _start = NativeMemory.AlignedAlloc(checked((nuint)bytes + 64), 64);
        NativeMemory.Clear(_start, (nuint)bytes + 64);
        GC.AddMemoryPressure(bytes + 64);
    }

    ~NativeBlock() => Free();

    /// <summary>The size, without the spare register.</summary>
    internal long Bytes { get; }

    /// <summary>The first byte.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    internal void* Start
    {
        get
        {
            ThrowIfDisposed();
            return _start;
        }
    }

    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_start is null, this);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_start is null)
            return;
        NativeMemory.AlignedFree(_start);
        _start = null;
        GC.RemoveMemoryPressure(Bytes + 64);
    }
}
