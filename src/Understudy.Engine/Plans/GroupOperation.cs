using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;

namespace Understudy.Engine.Plans;

/// <summary>One operation of an element-wise group.</summary>
/// <param name="Result">The node computed.</param>
/// <param name="Kernel">The kernel that runs; not always the node's own, where two were fused.</param>
/// <param name="P">The kernel's first parameter, such as a slope.</param>
/// <param name="Q">The kernel's second parameter.</param>
/// <param name="Operands">Its operands.</param>
internal sealed record GroupOperation(Sym Result, ElementOperation Kernel, double P, double Q, GroupOperand[] Operands);

/// <summary>An operand of an element-wise operation.</summary>
/// <param name="Source">The value read.</param>
/// <param name="IsScalar">Whether it is one number (per replica) for all elements.</param>
internal readonly record struct GroupOperand(Sym Source, bool IsScalar);
