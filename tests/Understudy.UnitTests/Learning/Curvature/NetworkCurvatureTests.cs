using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Curvature;

public class NetworkCurvatureTests
{
    // the reference states 1e-12 of the largest entry for entries, 1e-12 for losses and gradients
    private const double Tolerance = 1e-12;

    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void Losses_gradients_and_products_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature(new CurvatureOptions { BatchRows = 128 });

        var gradient = curvature.Gradient(out var loss);

        Assert.Equal(reference.Number("loss", "value"), loss, Tolerance * loss);
        Assert.Equal(reference.Number("gradient", "norm"), Norm(gradient), Tolerance * Norm(gradient));
        var signs = reference.Signs(777);
        var product = Product(curvature.Hessian, signs);
        Assert.Equal(reference.Number("lanczos", "vHv_over_n"), Dot(signs, product) / reference.Size, 1e-12 * Norm(product));
        Assert.Equal(reference.Number("lanczos", "Hv_norm_sq_over_n"), Dot(product, product) / reference.Size, 1e-11 * Dot(product, product) / reference.Size);
        var first = reference.Numbers("lanczos", "Hv_first8");
        for (var i = 0; i < reference.Size; i++)
        {
            if (reference.Order[i] < first.Length)
                Assert.Equal(first[reference.Order[i]], product[i], Tolerance * product.Max(Math.Abs));
        }
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.TinyNames), MemberType = typeof(ReferenceCase))]
    public void Matrices_of_tiny_networks_are_those_of_the_reference_entry_by_entry(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature(new CurvatureOptions { BatchRows = 2 });
        double[] hessian = reference.Matrix("H"), gaussNewton = reference.Matrix("G"), second = reference.Matrix("S"), gradient = curvature.Gradient();

        AssertClose(hessian, Whole(curvature.Hessian));
        AssertClose(gaussNewton, Whole(curvature.GaussNewton));
        AssertClose([.. hessian.Zip(gaussNewton, (h, g) => h - g)], Whole(curvature.Residual));
        AssertClose(second, Whole(curvature.SecondMoment));
        AssertClose([.. second.Select((value, at) => value - (gradient[at / gradient.Length] * gradient[at % gradient.Length]))], Whole(curvature.Covariance));
    }

    [Fact]
    public void Batches_and_threads_and_scarce_memory_change_rounding_or_nothing()
    {
        var reference = ReferenceCase.Load("mlp-tanh-ce");
        using var two = new Team(2);
        double[] Hv(CurvatureOptions options)
        {
            using var curvature = reference.Curvature(options);
            return Product(curvature.Hessian, reference.Signs(5));
        }

        var batched = Hv(new CurvatureOptions { BatchRows = 77 });

        Assert.Equal(batched, Hv(new CurvatureOptions { BatchRows = 77, Team = two }));
        Assert.Equal(batched, Hv(new CurvatureOptions { BatchRows = 77, MemoryBytes = 0 }));
        AssertClose(Hv(new CurvatureOptions { BatchRows = 500 }), batched, 1e-13);
        // each reference file has its number for single precision; 3e-6 is its stated tolerance
        AssertClose(batched, Hv(new CurvatureOptions { Precision = DType.F32 }), 3e-6);
    }

    [Fact]
    public void The_product_of_a_vector_does_not_depend_on_the_block_it_stands_in()
    {
        var reference = ReferenceCase.Load("mlp-relu-ce");
        using var two = new Team(2);
        // more vectors than the threads take at once
        var count = 1 + ((1 << 18) / reference.Network.Layout.Count);
        var block = new double[count * reference.Network.Layout.Count];
        new RandomSequence(1, "test/block").FillNormal(0, block);
        double[] Hv(CurvatureOptions options, ReadOnlySpan<double> vectors)
        {
            using var curvature = reference.Curvature(options with { BatchRows = 200 });
            var products = new double[vectors.Length];
            curvature.Hessian.Apply(vectors, products);
            return products;
        }

        var products = Hv(new CurvatureOptions(), block);

        Assert.Equal(products, Hv(new CurvatureOptions { Team = two }, block));
        Assert.Equal(products, Hv(new CurvatureOptions { MemoryBytes = 0 }, block));
        foreach (var vector in new[] { 0, 7, count - 1 })
        {
            var part = (vector * reference.Network.Layout.Count)..((vector + 1) * reference.Network.Layout.Count);
            Assert.Equal(products[part], Hv(new CurvatureOptions { Team = two }, block[part]));
            Assert.Equal(products[part], Hv(new CurvatureOptions(), block[part]));
        }
    }

    [Fact]
    public void Operators_that_live_side_by_side_share_the_memory_they_may_take()
    {
        var reference = ReferenceCase.Load("mlp-relu-ce");
        var options = new CurvatureOptions { BatchRows = 50 };
        double[] direction = [.. Enumerable.Range(0, reference.Network.Layout.Count).Select(i => Math.Sin(i))];
        using var free = reference.Curvature(options);
        var products = Product(free.Hessian, direction);
        var hessian = free.KeptBytes;
        var rest = Product(free.Residual, direction);
        var both = free.KeptBytes;

        using var shared = reference.Curvature(options with { MemoryBytes = hessian });

        Assert.Equal(products, Product(shared.Hessian, direction));
        Assert.Equal(hessian, shared.KeptBytes);
        Assert.Equal(rest, Product(shared.Residual, direction));
        // a sum in work and the vector, beside ten batches of one size: where nothing is left, the second operator has the one plan it cannot do without
        var work = 2 * sizeof(double) * direction.Length;
        Assert.Equal(hessian + work + ((both - hessian - work) / 10), shared.KeptBytes);
    }

    [Theory]
    [InlineData("mlp-tanh-ce", 77)]
    [InlineData("mlp-relu-mse", 500)]
    [InlineData("conv-relu-ce", 25)]
    [InlineData("bn-tanh-ce", 500)]
    public void What_operators_take_at_least_is_known_before_they_are_used(string name, int batchRows)
    {
        var reference = ReferenceCase.Load(name);
        using var two = new Team(2);
        foreach (var options in new[] { new CurvatureOptions { BatchRows = batchRows, MemoryBytes = 0 }, new CurvatureOptions { BatchRows = batchRows, MemoryBytes = 0, Team = two } })
        {
            using var curvature = reference.Curvature(options);
            var direction = reference.Signs(5);

            var told = curvature.LeastBytes(CurvatureOperators.Gradient | CurvatureOperators.Hessian | CurvatureOperators.GaussNewton | CurvatureOperators.SecondMoment);

            Assert.Equal(0, curvature.KeptBytes);
            curvature.Gradient();
            foreach (var matrix in new[] { curvature.Hessian, curvature.GaussNewton, curvature.SecondMoment })
                Product(matrix, direction);
            Assert.Equal(told, curvature.KeptBytes);
        }
    }

    [Fact]
    public void Kept_passes_stay_within_the_memory_they_may_take()
    {
        var reference = ReferenceCase.Load("mlp-tanh-ce");
        using var free = reference.Curvature(new CurvatureOptions { BatchRows = 10 });
        Product(free.Hessian, reference.Signs(5));

        for (var share = 0.1; share < 1; share += 0.1)
        {
            using var bounded = reference.Curvature(new CurvatureOptions { BatchRows = 10, MemoryBytes = (long)(share * free.KeptBytes) });
            Product(bounded.Hessian, reference.Signs(5));
            Assert.InRange(bounded.KeptBytes, 1, (long)(share * free.KeptBytes));
        }
    }

    [Fact]
    public void More_batches_than_are_worked_on_at_once_add_up_in_order()
    {
        var reference = ReferenceCase.Load("mlp-tanh-ce");
        double[] Sums(Team? team)
        {
            using var curvature = reference.Curvature(new CurvatureOptions { BatchRows = 23, Team = team });
            double[] gradient = curvature.Gradient(out var loss), vectors = [.. reference.Signs(5), .. reference.Signs(6), .. reference.Signs(7)], products = new double[vectors.Length];
            curvature.GaussNewton.Apply(vectors, products);
            return [loss, .. gradient, .. products];
        }

        using var two = new Team(2);
        using var three = new Team(3);
        Assert.Equal(Sums(null), Sums(two));
        Assert.Equal(Sums(null), Sums(three));
    }

    [Fact]
    public void A_block_is_the_part_of_the_matrix()
    {
        var reference = ReferenceCase.Load("tiny-relu-ce");
        using var all = reference.Curvature();
        using var biases = reference.Curvature(new CurvatureOptions { Block = slot => slot.Name.EndsWith("bias", StringComparison.Ordinal) });
        int[] places =
        [
            .. reference.Network.Layout.Slots.Where(slot => slot.Shape.Rank == 1).SelectMany(slot => Enumerable.Range(slot.Offset, slot.Shape.Count)),
        ];

        foreach (var (block, whole) in new[] { (biases.Hessian, all.Hessian), (biases.GaussNewton, all.GaussNewton), (biases.SecondMoment, all.SecondMoment) })
        {
            var (part, matrix) = (Whole(block), Whole(whole));
            Assert.Equal(places.Length, block.Size);
            AssertClose([.. places.SelectMany(row => places.Select(column => matrix[(row * whole.Size) + column]))], part);
        }

        Assert.Equal(["layer.0.bias", "layer.1.bias", "layer.2.bias"], biases.Block.Slots.Select(slot => slot.Name));
    }

    [Fact]
    public void Moving_goes_to_another_point_and_back()
    {
        var reference = ReferenceCase.Load("mlp-relu-mse");
        using var curvature = reference.Curvature();
        var hessian = curvature.Hessian;
        var (there, signs) = (reference.Signs(2), reference.Signs(3));
        var before = Product(hessian, signs);

        curvature.MoveTo([.. reference.Parameters.Zip(there, (value, sign) => value + (0.01 * sign))]);
        var moved = Product(hessian, signs);
        curvature.MoveTo(reference.Parameters);

        Assert.NotEqual(before, moved);
        Assert.Equal(before, Product(hessian, signs));
    }

    public static TheoryData<string> Losses => ["ce", "soft", "distillation", "half", "mean", "logistic"];

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_root_of_every_loss_gives_its_Gauss_Newton_matrix_and_the_Hessian_its_differences(string name)
    {
        var draw = new Draw(7);
        var (loss, outputs) = Named(name);
        var network = Mlp.Of(NodeActivation.Tanh, 3, 4, outputs);
        var examples = new ExampleSet(draw.Normal(6 * 3), Targets(name, draw, outputs), 6);
        double[] theta = draw.Normal(network.Layout.Count), v = draw.Normal(network.Layout.Count);
        using var curvature = new NetworkCurvature(network, loss, examples, theta);
        const double step = 1e-5;

        double[] Gradient(double sign)
        {
            using var moved = new NetworkCurvature(network, loss, examples, [.. theta.Zip(v, (at, direction) => at + (sign * step * direction))]);
            return moved.Gradient();
        }

        double[] difference = [.. Gradient(1).Zip(Gradient(-1), (after, before) => (after - before) / (2 * step))];

        // central differences of a smooth loss: step squared times a third derivative of order one
        AssertClose(difference, Product(curvature.Hessian, v), 1e-7);
        AssertClose(RootProduct(network, loss, examples, theta, v), Product(curvature.GaussNewton, v), 1e-12);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var reference = ReferenceCase.Load("tiny-relu-ce");

        Assert.Contains("No parameter is in the block", Assert.Throws<ArgumentException>(() => reference.Curvature(new CurvatureOptions { Block = _ => false })).Message, StringComparison.Ordinal);
        Assert.Contains("was given 3", Assert.Throws<ArgumentException>(() => new NetworkCurvature(reference.Network, reference.Loss, reference.Examples, new double[3])).Message, StringComparison.Ordinal);
        Assert.Contains("the examples have", Assert.Throws<ArgumentException>(() => new NetworkCurvature(Mlp.Relu(4, 2), reference.Loss, reference.Examples, new double[10])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void A_label_that_is_no_class_is_named_by_every_path(double label)
    {
        var network = Mlp.Relu(2, 3);
        var (examples, theta) = (new ExampleSet(new double[6], [2, label, -7], 3), new double[network.Layout.Count]);
        Action[] paths =
        [
            () => _ = new NetworkCurvature(network, OutputLoss.CrossEntropy, examples, theta),
            () => _ = new MlpPoint(network, OutputLoss.CrossEntropy, examples, theta),
            () => _ = new LossEvaluator(network, OutputLoss.CrossEntropy, examples),
        ];

        foreach (var path in paths)
            Assert.Contains($"The label of example 1 is {label}", Assert.Throws<ArgumentException>(path).Message, StringComparison.Ordinal);
        // a target of another loss may be any number
        using var evaluator = new LossEvaluator(Mlp.Relu(2, 1), OutputLoss.HalfSquared, examples);
    }

    internal static double[] Whole(ISymmetricOperator matrix)
    {
        var identity = new double[matrix.Size * matrix.Size];
        for (var i = 0; i < matrix.Size; i++)
            identity[(i * matrix.Size) + i] = 1;
        return Product(matrix, identity);
    }

    internal static double[] Product(ISymmetricOperator matrix, double[] vectors)
    {
        var products = new double[vectors.Length];
        matrix.Apply(vectors, products);
        return products;
    }

    internal static void AssertClose(double[] expected, double[] actual, double relative = Tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var tolerance = relative * expected.Max(Math.Abs);
        Assert.True(tolerance > 0);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    internal static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    internal static double Norm(double[] x) => Math.Sqrt(Dot(x, x));

    private static (OutputLoss Loss, int Outputs) Named(string name) => name switch
    {
        "ce" => (OutputLoss.CrossEntropy, 3),
        "soft" => (OutputLoss.SoftCrossEntropy, 3),
        "distillation" => (OutputLoss.Distillation(2.5), 3),
        "half" => (OutputLoss.HalfSquared, 3),
        "mean" => (OutputLoss.MeanSquared, 3),
        _ => (OutputLoss.Logistic, 1),
    };

    private static double[] Targets(string name, Draw draw, int outputs) => name switch
    {
        "ce" => [0, 1, 2, 2, 1, 0],
        "logistic" => [0, 1, 1, 0, 1, 0],
        "soft" => [.. Enumerable.Range(0, 6).SelectMany(i => new[] { 0.2, 0.1 * i, 0.8 - (0.1 * i) })],
        _ => draw.Normal(6 * outputs),
    };

    /// <summary>(1/N) Σ_i Σ_c J_iᵀ b_ic b_icᵀ J_i v, with b the columns of the root.</summary>
    private static double[] RootProduct(Mlp network, OutputLoss loss, ExampleSet examples, double[] theta, double[] v)
    {
        var roots = new MlpPass(new MlpPoint(network, loss, examples, theta), 0, examples.Count, null).Roots();
        using var jacobian = new NetworkJacobian(network, examples, theta);
        double[] change = new double[jacobian.Rows], curved = new double[jacobian.Rows], result = new double[v.Length];
        jacobian.Multiply(v, change);
        var (count, outputs) = (examples.Count, network.Outputs);
        for (var i = 0; i < count; i++)
        {
            for (var column = 0; column < outputs; column++)
            {
                double[] b = [.. Enumerable.Range(0, outputs).Select(c => roots[(((c * outputs) + column) * count) + i])];
                var along = Dot(b, change[(i * outputs)..((i + 1) * outputs)]) / count;
                for (var c = 0; c < outputs; c++)
                    curved[(i * outputs) + c] += along * b[c];
            }
        }

        jacobian.MultiplyTransposed(curved, result);
        return result;
    }
}
