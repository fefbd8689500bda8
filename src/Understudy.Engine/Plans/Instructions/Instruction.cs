namespace Understudy.Engine.Plans.Instructions;

/// <summary>One call of a kernel with everything it needs: raw pointers into the arena, decided once.</summary>
internal abstract class Instruction
{
    /// <summary>Does the work; allocates nothing.</summary>
    internal abstract void Run();
}
