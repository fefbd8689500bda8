using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Points, gradients, training and single precision against an independent program.</summary>
public class ReferencePointTests
{
    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void Parameters_gradients_and_accuracies_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var evaluator = new LossEvaluator(reference.Network, reference.Loss, reference.Examples);
        var gradient = new double[reference.Size];

        evaluator.Gradient(reference.Parameters, gradient);

        AssertFirst(reference, reference.Numbers("theta_check", "first8"), reference.Parameters, 1e-15);
        Assert.Equal(reference.Number("theta_check", "sum"), reference.Parameters.Sum(), 1e-14 * reference.Parameters.Sum(Math.Abs));
        Assert.Equal(reference.Number("theta_check", "sum_sq"), Dot(reference.Parameters, reference.Parameters), 1e-14 * Dot(reference.Parameters, reference.Parameters));
        AssertFirst(reference, reference.Numbers("gradient", "first8"), gradient, 1e-12);
        Assert.Equal(reference.Number("gradient", "sum"), gradient.Sum(), 1e-12 * gradient.Sum(Math.Abs));
        // half squared errors have an accuracy in the reference alone
        if (evaluator.HasAccuracy)
            Assert.Equal(reference.Number("accuracy"), evaluator.At(reference.Parameters).Accuracy);
    }

    [Theory]
    [InlineData("mlp-relu-ce-trained", "mlp-relu-ce")]
    [InlineData("mlp-tanh-ce-trained", "mlp-tanh-ce")]
    public void Gradient_descent_goes_the_way_of_the_reference(string name, string start)
    {
        var (reference, first) = (ReferenceCase.Load(name), ReferenceCase.Load(start));
        using var evaluator = new LossEvaluator(reference.Network, reference.Loss, reference.Examples);
        var losses = new Dictionary<int, double>();
        var steps = (int)reference.Number("training", "steps");

        var end = FullBatchDescent.Run(
            first.Parameters, evaluator, new DescentOptions { LearningRate = reference.Number("training", "lr"), Steps = steps, VisitEvery = 1 },
            (step, _, loss, _) =>
            {
                losses[step] = loss;
                return true;
            });

        var stated = reference.Root.GetProperty("training").GetProperty("loss_at_step").EnumerateObject().ToArray();
        Assert.Equal(11, stated.Length);
        foreach (var loss in stated)
        {
            var expected = loss.Value.GetDouble();
            Assert.Equal(expected, losses[int.Parse(loss.Name, System.Globalization.CultureInfo.InvariantCulture)], 1e-9 * expected);
        }

        AssertClose(reference.Parameters, end, 1e-9);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void Single_precision_is_as_good_as_the_reference_says(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var exact = reference.Curvature();
        using var single = reference.Curvature(new CurvatureOptions { Precision = DType.F32 });
        var signs = reference.Signs(777);
        double[] product = Product(exact.Hessian, signs), gradient = exact.Gradient();

        var (productError, gradientError) = (Distance(product, Product(single.Hessian, signs)), Distance(gradient, single.Gradient()));

        // the stated tolerance of products; gradients after training are small differences, so the file's own number is the measure for them
        Assert.InRange(productError, 1e-9, 3e-6);
        Assert.InRange(gradientError, 1e-9, 2e-5);
        if (!reference.Root.TryGetProperty("float32", out _))
            return;
        // rounding of sums in another order: the same size, not the same number
        Assert.InRange(productError, 0, 4 * reference.Number("float32", "hvp_relative_error"));
        Assert.InRange(gradientError, 0, 4 * reference.Number("float32", "gradient_relative_error"));
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void Eigenvalues_in_single_precision_are_those_of_the_reference_to_five_digits_of_the_largest(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var single = reference.Curvature(new CurvatureOptions { Precision = DType.F32 });
        var expected = reference.Numbers("hessian", "eigenvalues_descending");

        var entries = Whole(single.Hessian);
        var pairs = ExtremeEigenpairs.Of(single.Hessian, new EigenpairOptions { Top = 10, Tolerance = 1e-4, Seed = 1 });

        for (var row = 0; row < reference.Size; row++)
        {
            for (var column = 0; column < row; column++)
                entries[(row * reference.Size) + column] = entries[(column * reference.Size) + row] = 0.5 * (entries[(row * reference.Size) + column] + entries[(column * reference.Size) + row]);
        }

        double[] values = [.. SymmetricEigenvalues.Of(entries, reference.Size).Values.ToArray().Reverse()];
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(expected[i], values[i], 1e-5 * expected[0]);
        Assert.True(pairs.IsConverged);
        for (var i = 0; i < 10; i++)
            Assert.Equal(expected[i], pairs.Top.Values[i], 1e-5 * expected[0]);
    }

    private static void AssertFirst(ReferenceCase reference, double[] first, double[] ours, double relative)
    {
        var tolerance = relative * ours.Max(Math.Abs);
        foreach (var (at, place) in reference.Order.Index().Where(place => place.Item < first.Length))
            Assert.Equal(first[place], ours[at], tolerance);
    }

    private static double Distance(double[] expected, double[] actual) => Norm([.. expected.Zip(actual, (a, b) => b - a)]) / Norm(expected);
}
