using Understudy.Learning.Curvature;

namespace Understudy.UnitTests.Learning.Curvature;

public class NetworkJacobianTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(77)]
    public void Both_products_are_adjoint_and_make_the_Gauss_Newton_matrix(int batch)
    {
        var reference = ReferenceCase.Load("mlp-tanh-mse");
        using var jacobian = new NetworkJacobian(reference.Network, reference.Examples, reference.Parameters, new CurvatureOptions { BatchRows = batch });
        using var curvature = reference.Curvature();
        var (draw, v) = (new Draw(3), reference.Signs(9));
        double[] u = draw.Normal(jacobian.Rows), change = new double[jacobian.Rows], pulled = new double[jacobian.Columns], product = new double[jacobian.Columns];

        jacobian.Multiply(v, change);
        jacobian.MultiplyTransposed(u, pulled);
        jacobian.MultiplyTransposed(change, product);

        var scale = NetworkCurvatureTests.Norm(u) * NetworkCurvatureTests.Norm(change);
        Assert.Equal(0, (NetworkCurvatureTests.Dot(u, change) - NetworkCurvatureTests.Dot(pulled, v)) / scale, 1e-13);
        // half squared errors: A is the identity
        NetworkCurvatureTests.AssertClose(NetworkCurvatureTests.Product(curvature.GaussNewton, v), [.. product.Select(value => value / reference.Examples.Count)], 1e-12);
    }

    [Fact]
    public void Spans_of_other_lengths_are_refused()
    {
        var reference = ReferenceCase.Load("tiny-tanh-mse");
        using var jacobian = new NetworkJacobian(reference.Network, reference.Examples, reference.Parameters);

        Assert.Contains("The Jacobian is [15, 31]", Assert.Throws<ArgumentException>(() => jacobian.Multiply(new double[31], new double[14])).Message, StringComparison.Ordinal);
    }
}
