using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;

namespace Understudy.Engine.Plans;

/// <summary>A matrix product or a convolution with what is folded into its last pass over the result.</summary>
/// <param name="Result">The node whose value is written: the last one folded.</param>
/// <param name="Node">The product itself.</param>
/// <param name="Bias">A row added to every row, or null.</param>
/// <param name="Activation">What is applied after the bias.</param>
/// <param name="Slope">The slope of a leaky rectifier.</param>
/// <param name="State">The state that is overwritten by itself plus <paramref name="Alpha"/> times the product, or null.</param>
/// <param name="Alpha">A scalar factor of the product, or null.</param>
internal sealed record Product(Sym Result, Sym Node, Sym? Bias, Activation Activation, double Slope, Sym? State, Sym? Alpha);
