using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

/// <summary>Golden fixture F1 of the specification: d = 2, m = 2, n = 3, C = 2, six samples.</summary>
internal static class Fixture
{
    internal static readonly double[][] X = [[1, 0], [0, 1], [-1, 0.5], [0.5, -1], [2, 1], [-0.5, -2]];

    internal static TwoLayerNetwork Teacher(double slope)
    {
        var teacher = new TwoLayerNetwork(2, 2, 2, slope);
        Fill(teacher.Weights, [0.6, 0.8, -0.8, 0.6]);
        Fill(teacher.Biases, [-0.1, -0.1]);
        Fill(teacher.FanOuts, [1, 0.25, -0.5, 0.75]);
        Fill(teacher.OutputBiases, [-0.1, -0.1]);
        return teacher;
    }

    internal static TwoLayerNetwork Student(double slope)
    {
        var student = new TwoLayerNetwork(2, 3, 2, slope);
        Fill(student.Weights, [0.5, 0.5, -0.4, 0.9, 0.3, -0.7]);
        Fill(student.Biases, [0, 0.05, 0.1]);
        Fill(student.FanOuts, [0.8, 0.2, -0.3, 0.6, 0.1, -0.4]);
        return student;
    }

    internal static (double[] PreActivations, double[] Hidden, double[] Output) At(TwoLayerNetwork network, double[] x)
    {
        var (z, f) = (new double[network.Nodes], new double[network.Outputs]);
        network.PreActivations(x, z);
        double[] h = [.. z.Select(network.Activation.Of)];
        network.OutputOf(h, f);
        return (z, h, f);
    }

    /// <summary>Post-activations of all samples, row-major.</summary>
    internal static double[] Hidden(TwoLayerNetwork network) => [.. X.SelectMany(x => At(network, x).Hidden)];

    /// <summary>Fan-out products: [left nodes, right nodes].</summary>
    internal static double[,] Products(TwoLayerNetwork left, TwoLayerNetwork right)
    {
        var products = new double[left.Nodes, right.Nodes];
        for (var k = 0; k < left.Nodes; k++)
        {
            for (var j = 0; j < right.Nodes; j++)
            {
                for (var c = 0; c < left.Outputs; c++)
                    products[k, j] += left.FanOut(k)[c] * right.FanOut(j)[c];
            }
        }

        return products;
    }

    private static void Fill(double[] target, double[] values) => values.CopyTo(target, 0);
}
