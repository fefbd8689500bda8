using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;

namespace Understudy.UnitTests.Engine.Primitives;

/// <summary>Every operation obeys the laws of derivatives.</summary>
public class DerivativeLawTests
{
    public static TheoryData<string> Cases => PrimitiveCases.Names;

    public static TheoryData<string> CasesWithTrueDerivatives
        => [.. PrimitiveCases.All.Select(@case => @case.Name).Where(name => name != "StopGradient")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Vjp_is_the_transpose_of_jvp(string name) => DerivativeLaws.AssertTranspose(PrimitiveCases.Named(name));

    [Theory]
    [MemberData(nameof(CasesWithTrueDerivatives))]
    public void Jvp_is_the_limit_of_central_differences(string name) => DerivativeLaws.AssertDifferences(PrimitiveCases.Named(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_over_reverse_equals_reverse_over_reverse(string name) => DerivativeLaws.AssertBothOrders(PrimitiveCases.Named(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Hessians_are_symmetric(string name) => DerivativeLaws.AssertSymmetricHessian(PrimitiveCases.Named(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Third_derivatives_are_symmetric(string name) => DerivativeLaws.AssertSymmetricThirdDerivative(PrimitiveCases.Named(name));

    [Fact]
    public void Every_operation_has_a_case()
    {
        var tested = PrimitiveCases.All
            .SelectMany(@case => Canonical.TopologicalOrder(@case.Trace().Output))
            .Select(node => node.Operation.GetType());
        var existing = typeof(Primitive).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Primitive)) && !type.IsAbstract);

        Assert.Empty(existing.Except(tested));
    }
}
