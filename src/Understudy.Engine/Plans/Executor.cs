using System.Numerics;
using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Plans.Instructions;

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
    internal abstract void Run(int first, int end);

    /// <inheritdoc/>
    public abstract void Dispose();
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

    internal override void Write<T>(Sym node, int lane, ReadOnlySpan<T> values)
    {
        Check(node, values.Length);
        var target = At(node) + lane;
        for (var i = 0; i < values.Length; i++)
            target[(nint)i * Lanes] = S.CreateTruncating(values[i]);
    }

    internal override void Read<T>(Sym node, int lane, Span<T> values)
    {
        Check(node, values.Length);
        var source = At(node) + lane;
        for (var i = 0; i < values.Length; i++)
            values[i] = T.CreateTruncating(source[(nint)i * Lanes]);
    }

    internal override void Run(int first, int end)
    {
        var instructions = _instructions;
        for (var i = first; i < end; i++)
            instructions[i].Run();
    }

    public override void Dispose() => _memory.Dispose();

    private static void Check(Sym node, int length)
    {
        if (length != node.Shape.Count)
            throw new ArgumentException($"{node} has {node.Shape.Count} elements, but was given {length}.");
    }
}
