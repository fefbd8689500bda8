using Understudy.Engine.Graphs;

namespace Understudy.UnitTests.Engine.Graphs;

/// <summary>The definitions at points where the value is known otherwise.</summary>
public class ReferenceTests
{
    private static readonly Dictionary<string, Func<Sym, Sym>> Functions = new()
    {
        ["erf"] = x => Ops.Erf(x),
        ["expm1"] = x => Ops.Expm1(x),
        ["log1p"] = x => Ops.Log1p(x),
        ["sigmoid"] = x => Ops.Sigmoid(x),
        ["softplus"] = x => Ops.Softplus(x),
        ["tanh"] = x => Ops.Tanh(x),
    };

    // Values from tables (Abramowitz and Stegun, chapter 7) and from the series of each function.
    [Theory]
    [InlineData("erf", 0.5, 0.52049987781304653768)]
    [InlineData("erf", 2, 0.99532226501895273416)]
    [InlineData("erf", -1, -0.84270079294971486934)]
    [InlineData("erf", 0, 0)]
    [InlineData("erf", 30, 1)]
    [InlineData("expm1", 1e-10, 1.00000000005e-10)]
    [InlineData("expm1", 1, 1.7182818284590452354)]
    [InlineData("expm1", -50, -1)]
    [InlineData("log1p", 1e-10, 9.9999999995e-11)]
    [InlineData("log1p", 1, 0.69314718055994530942)]
    [InlineData("sigmoid", -800, 0)]
    [InlineData("sigmoid", 800, 1)]
    [InlineData("softplus", 800, 800)]
    [InlineData("softplus", -40, 4.248354255291589e-18)]
    public void Functions_are_accurate_where_the_obvious_formula_is_not(string function, double at, double expected)
    {
        var x = Ops.Input();

        var value = Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = [at] }, Functions[function](x))[0][0];

        Assert.Equal(expected, value, 4e-16 * Math.Abs(expected));
    }

    [Fact]
    public void Softmax_and_its_logarithm_survive_large_logits()
    {
        var x = Ops.Input(3);

        var results = Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = [1000, 1000, -1000] }, Ops.Softmax(x), Ops.LogSumExp(x));

        Assert.Equal([0.5, 0.5, 0], results[0]);
        Assert.Equal(1000 + Math.Log(2), results[1][0]);
    }

    [Fact]
    public void Scaled_addition_rounds_once()
    {
        var (x, s, y) = (Ops.Input(), Ops.Input(), Ops.Input());
        var tiny = Math.ScaleB(1, -30);

        var value = Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = [-1], [s] = [1 + tiny], [y] = [1 - tiny] }, Ops.ScaledAdd(x, s, y))[0][0];

        Assert.Equal(-Math.ScaleB(1, -60), value);
    }

    [Fact]
    public void A_missing_value_is_named()
    {
        var x = Ops.Input("learning rate", 2);

        var missing = Assert.Throws<ArgumentException>(() => Reference.Evaluate(new Dictionary<Sym, double[]>(), Ops.Exp(x)));
        var wrong = Assert.Throws<ArgumentException>(() => Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = [1] }, x));

        Assert.StartsWith("There is no value for learning rate [2].", missing.Message, StringComparison.Ordinal);
        Assert.StartsWith("The value for learning rate [2] has 1 elements.", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(0.5)]
    public void A_row_index_outside_the_table_is_refused(double index)
    {
        var (x, indices) = (Ops.Input(3, 2), Ops.Input(1));
        var values = new Dictionary<Sym, double[]> { [x] = new double[6], [indices] = [index] };

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Reference.Evaluate(values, Ops.GatherRows(x, indices)));

        Assert.StartsWith("A row index is a whole number from 0 to 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_index_outside_gives_a_row_of_zeros()
    {
        var indices = Ops.Input(3);

        var value = Reference.Evaluate(new Dictionary<Sym, double[]> { [indices] = [1, -1, 2] }, Ops.OneHot(indices, 2))[0];

        Assert.Equal([0, 1, 0, 0, 0, 0], value);
    }
}
