namespace Understudy.Engine.Plans.Instructions;

/// <summary>Copies runs of elements of one length from place to place; the rest of the target is set to zero first where asked.</summary>
internal sealed unsafe class CopyRuns<S>(S* source, S* target, (nint From, nint To)[] runs, nint length, nint cleared) : Instruction
    where S : unmanaged
{
    internal override void Run()
    {
        if (cleared > 0)
            new Span<S>(target, checked((int)cleared)).Clear();
        foreach (var (from, to) in runs)
            new ReadOnlySpan<S>(source + from, (int)length).CopyTo(new Span<S>(target + to, (int)length));
    }
}
