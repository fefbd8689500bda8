using System.Numerics;
using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Plans.Instructions;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>A compiled schedule with its memory: what a plan runs, whatever the type and the register.</summary>
internal abstract class Executor : IDisposable
{
    /// <summary>Replicas side by side in memory: 1, or the width of a register.</summary>
    internal abstract int Lanes { get; }

    /// <summary>The size of the memory in bytes.</summary>
    internal abstract long Bytes { get; }

    /// <summary>Whether a value has elements to read or write.</summary>
    internal abstract bool Has(Sym node);

    /// <summary>Writes the elements of one lane of a value.</summary>
    internal abstract void Write<T>(Sym node, int lane, ReadOnlySpan<T> values)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Reads the elements of one lane of a value.</summary>
    internal abstract void Read<T>(Sym node, int lane, Span<T> values)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Runs instructions <paramref name="first"/> up to, not including, <paramref name="end"/>.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    internal abstract void Run(int first, int end);

    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    internal abstract void ThrowIfDisposed();

    /// <summary>Writes the elements of one lane of an input; an input that nothing reads has no place, and needs none.</summary>
    /// <exception cref="ArgumentException">The value is not an input, or the number of elements is not its.</exception>
    internal void WriteInput<T>(Sym input, int lane, ReadOnlySpan<T> values)
        where T : unmanaged, INumberBase<T>
    {
        Check(input, values.Length);
        if (Has(input))
            Write(input, lane, values);
    }

    /// <summary>Reads the elements of one lane of an input.</summary>
    /// <exception cref="ArgumentException">The value is not an input, has no place, or the number of elements is not its.</exception>
    internal void ReadInput<T>(Sym input, int lane, Span<T> values)
        where T : unmanaged, INumberBase<T>
    {
        Check(input, values.Length);
        if (!Has(input))
            throw new ArgumentException($"Nothing reads {input}, so it has no elements.", nameof(input));
        Read(input, lane, values);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    private static void Check(Sym input, int length)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Operation is not Input)
            throw new ArgumentException($"{input} is computed, not an input.", nameof(input));
        if (length != input.Shape.Count)
            throw new ArgumentException($"{input} has {input.Shape.Count} elements, but was given {length}.", nameof(length));
    }
}

/// <summary>An executor for one type and register.</summary>
internal sealed unsafe class Executor<V, S> : Executor
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    private readonly Emitter<V, S> _emitter;
    private readonly NativeBlock _memory;
    private readonly Instruction[] _instructions;

    internal Executor(Emitter<V, S> emitter, bool poison)
    {
        _emitter = emitter;
        _memory = new NativeBlock(emitter.Count * sizeof(S));
        if (poison)
            new Span<S>(_memory.Start, checked((int)emitter.Count)).Fill(S.NaN);
        _instructions = emitter.Emit((S*)_memory.Start);
    }

    internal override int Lanes => _emitter.Lanes;

    internal override long Bytes => _memory.Bytes;

    internal S* At(Sym node) => (S*)_memory.Start + _emitter.Offset(node);

    internal override bool Has(Sym node) => _emitter.Has(node);

    internal override void ThrowIfDisposed() => _memory.ThrowIfDisposed();

    internal override void Write<T>(Sym node, int lane, ReadOnlySpan<T> values)
    {
        if (Lanes == 1)
            Conversion.Convert(values, new Span<S>(At(node), values.Length));
        else
        {
            var (target, step) = ((nint)(At(node) + lane), Lanes);
            for (var i = 0; i < values.Length; i++)
                ((S*)target)[(nint)i * step] = S.CreateTruncating(values[i]);
        }
        GC.KeepAlive(_memory);
    }

    internal override void Read<T>(Sym node, int lane, Span<T> values)
    {
        if (Lanes == 1)
            Conversion.Convert(new ReadOnlySpan<S>(At(node), values.Length), values);
        else
        {
            var (source, step) = ((nint)(At(node) + lane), Lanes);
            for (var i = 0; i < values.Length; i++)
                values[i] = T.CreateTruncating(((S*)source)[(nint)i * step]);
        }
        GC.KeepAlive(_memory);
    }

    internal override void Run(int first, int end)
    {
        ThrowIfDisposed();
        var instructions = _instructions;
        for (var i = first; i < end; i++)
            instructions[i].Run();
        // instructions hold pointers only: without this the memory of a plan nobody refers to any more could be given back in mid-run
        GC.KeepAlive(_memory);
    }

    public override void Dispose() => _memory.Dispose();
}
