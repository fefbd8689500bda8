using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Curvature;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Matrices of networks with convolutions, pools and batch statistics, column by column, against an independent program.</summary>
public class LayeredReferenceTests
{
    public static TheoryData<string, string> Sections =>
    [
        .. from name in new[] { "conv-relu-ce", "conv-tanh-ce", "bn-tanh-ce" }
           from section in new[] { "hessian", "ggn", "residual_H_minus_G", "gradient_second_moment", "gradient_covariance" }
           select new TheoryDataRow<string, string>(name, section),
    ];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Spectra_traces_entries_and_blocks_are_those_of_the_reference(string name, string section)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        // the stated tolerances: of eigenvalues, and of entries, traces and norms
        var (rough, fine) = name == "bn-tanh-ce" ? (1e-10, 1e-10) : (1e-11, 1e-12);
        var size = reference.Size;

        var entries = ExactHessian.ByProducts(Of(curvature, section), out var asymmetry);
        var values = SymmetricEigenvalues.Of([.. entries], size).Values.ToArray();

        Assert.InRange(asymmetry, 0, 1e-13);
        var stated = reference.Root.GetProperty(section);
        double[] top = reference.Numbers(section, "top"), bottom = [.. reference.Numbers(section, "bottom").Order()];
        var largest = Math.Max(top[0], -bottom[0]);
        for (var i = 0; i < top.Length; i++)
        {
            Assert.Equal(top[i], values[^(i + 1)], rough * largest);
            Assert.Equal(bottom[i], values[i], rough * largest);
        }

        var isWhole = section is "hessian" or "ggn" or "gradient_second_moment";
        Assert.Equal(isWhole, stated.TryGetProperty("eigenvalues_descending", out _));
        if (isWhole)
        {
            var all = reference.Numbers(section, "eigenvalues_descending");
            // of S those that may differ from 0, one for each example
            var examples = name == "bn-tanh-ce" ? 100 : 120;
            Assert.Equal(section == "gradient_second_moment" ? examples : size, all.Length);
            for (var i = 0; i < all.Length; i++)
                Assert.Equal(all[i], values[^(i + 1)], rough * largest);
        }

        // a trace that is a difference is good to the traces it is the difference of
        double[] diagonal = [.. Enumerable.Range(0, size).Select(i => entries[(i * size) + i])];
        var scale = section is "hessian" or "residual_H_minus_G" ? reference.Number("ggn", "trace") : reference.Number(section, "trace");
        Assert.Equal(reference.Number(section, "trace"), diagonal.Sum(), fine * scale);
        Assert.Equal(reference.Number(section, "fro"), Norm(entries), fine * reference.Number("hessian", "fro"));
        if (!stated.TryGetProperty("entries", out var places))
            return;
        var ours = Enumerable.Range(0, size).OrderBy(i => reference.Order[i]).ToArray();
        foreach (var entry in places.EnumerateArray())
            Assert.Equal(entry[2].GetDouble(), entries[(ours[entry[0].GetInt32()] * size) + ours[entry[1].GetInt32()]], fine * entries.Max(Math.Abs));
        foreach (var (block, slot) in stated.GetProperty("blocks").EnumerateArray().Zip(reference.Network.Layout.Slots))
        {
            var side = slot.Shape.Count;
            double[] part = [.. Enumerable.Range(slot.Offset, side).SelectMany(row => entries.AsSpan((row * size) + slot.Offset, side).ToArray())];
            var own = SymmetricEigenvalues.Of(part, side).Values;
            Assert.Equal(block.GetProperty("trace").GetDouble(), slot.Of<double>(diagonal).ToArray().Sum(), fine * scale);
            Assert.Equal(block.GetProperty("top").GetDouble(), own[^1], rough * largest);
            // blocks of G are stated without their smallest
            if (section == "hessian")
                Assert.Equal(block.GetProperty("bottom").GetDouble(), own[0], rough * largest);
        }
    }

    private static ISymmetricOperator Of(NetworkCurvature curvature, string section) => section switch
    {
        "hessian" => curvature.Hessian,
        "ggn" => curvature.GaussNewton,
        "residual_H_minus_G" => curvature.Residual,
        "gradient_second_moment" => curvature.SecondMoment,
        _ => curvature.Covariance,
    };
}
