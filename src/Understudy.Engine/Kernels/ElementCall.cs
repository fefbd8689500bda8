namespace Understudy.Engine.Kernels;

/// <summary>How an operand of an element-wise kernel moves along.</summary>
internal enum ElementStep
{
    /// <summary>As many elements as the result.</summary>
    Full,

    /// <summary>One register, the same at every step: a value per replica.</summary>
    Register,

    /// <summary>One scalar for all elements.</summary>
    One,
}

/// <summary>The operands of an element-wise kernel; every kernel of <c>Elementwise&lt;V, S&gt;</c> takes one.</summary>
/// <remarks>Y may be the memory of an operand of step <see cref="ElementStep.Full"/>, or disjoint from it; it never overlaps one partly.</remarks>
internal unsafe struct ElementCall<S>
    where S : unmanaged
{
    /// <summary>The result, <see cref="Count"/> elements.</summary>
    internal S* Y;
    internal S* A, B, C;
    internal nint Count;
    internal ElementStep StepA, StepB, StepC;

    /// <summary>Parameters of the operation: factor, addend or slope.</summary>
    internal S P, Q;
}
