using Understudy.Data.Formats;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Guides;

/// <summary>The code of <c>docs/guides/onnx.md</c>, and that it runs.</summary>
public sealed class OnnxGuide
{
    [Fact]
    public void The_largest_eigenvalues_of_an_exported_network_are_found()
    {
        var folder = Directory.CreateTempSubdirectory("understudy-onnx");
        try
        {
            string Path(string name) => System.IO.Path.Combine(folder.FullName, name);
            var data = System.IO.Path.Combine(Repository.Root, "tests", "data", "onnx");
            File.Copy(System.IO.Path.Combine(data, "bn1d.onnx"), Path("net.onnx"));
            using (var arrays = File.OpenRead(System.IO.Path.Combine(data, "bn1d.npz")))
            using (var x = File.Create(Path("x.npy")))
                Npy.Write(x, Npz.Read(arrays, "bn1d.npz")["x"]);
            using (var y = File.Create(Path("y.npy")))
                Npy.Write(y, Tensor.Of("y", [0, 1], 2));

            var values = Largest(Path("net.onnx"), Path("x.npy"), Path("y.npy"));

            Assert.Equal(3, values.Length);
            Assert.True(values[0] > values[1] && values[1] > values[2] && values[2] > 0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double[] Largest(string networkPath, string inputPath, string labelPath)
    {
        // <curvature>
        using FileStream netFile = File.OpenRead(networkPath), xFile = File.OpenRead(inputPath), yFile = File.OpenRead(labelPath);
        var network = ImportedNetwork.Of(Onnx.Read(netFile, networkPath));
        Tensor x = Npy.Read(xFile, inputPath), y = Npy.Read(yFile, labelPath);
        var examples = new ExampleSet(Array.ConvertAll(x.Floats.ToArray(), value => (double)value), Array.ConvertAll(y.Integers.ToArray(), label => (double)label), x.Shape[0]);
        using var curvature = new NetworkCurvature(network, OutputLoss.CrossEntropy, examples, network.Parameters);
        var pairs = ExtremeEigenpairs.Of(curvature.Hessian, new EigenpairOptions { Top = 3 });
        // </curvature>
        return pairs.Top.Values.ToArray();
    }
}
