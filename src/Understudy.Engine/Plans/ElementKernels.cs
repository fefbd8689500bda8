using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>Which element-wise kernel computes which operation.</summary>
internal static class ElementKernels
{
    /// <summary>The kernel and its parameters.</summary>
    internal static (ElementOperation Kernel, double P, double Q) Of(Primitive operation) => operation switch
    {
        Affine affine => (ElementOperation.Affine, affine.Scale, affine.Shift),
        Rectify rectify => (ElementOperation.Rectify, rectify.Slope, 0),
        Primitives.Step step => (ElementOperation.Step, step.Slope, 0),
        Add => (ElementOperation.Add, 0, 0),
        Subtract => (ElementOperation.Subtract, 0, 0),
        Multiply => (ElementOperation.Multiply, 0, 0),
        Divide => (ElementOperation.Divide, 0, 0),
        ScaledAdd => (ElementOperation.ScaledAdd, 0, 0),
        Square => (ElementOperation.Square, 0, 0),
        Sqrt => (ElementOperation.Sqrt, 0, 0),
        Rsqrt => (ElementOperation.Rsqrt, 0, 0),
        Abs => (ElementOperation.Abs, 0, 0),
        Sign => (ElementOperation.Sign, 0, 0),
        Exp => (ElementOperation.Exp, 0, 0),
        Expm1 => (ElementOperation.Expm1, 0, 0),
        Log => (ElementOperation.Log, 0, 0),
        Log1p => (ElementOperation.Log1p, 0, 0),
        Tanh => (ElementOperation.Tanh, 0, 0),
        Sigmoid => (ElementOperation.Sigmoid, 0, 0),
        Softplus => (ElementOperation.Softplus, 0, 0),
        Sin => (ElementOperation.Sin, 0, 0),
        Cos => (ElementOperation.Cos, 0, 0),
        Erf => (ElementOperation.Erf, 0, 0),
        Max => (ElementOperation.Max, 0, 0),
        Min => (ElementOperation.Min, 0, 0),
        Greater => (ElementOperation.Greater, 0, 0),
        Primitives.Select => (ElementOperation.Select, 0, 0),
        _ => throw new InvalidOperationException($"{operation.Name} is not element-wise."),
    };
}
