using Understudy.Engine.Random;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class AugmentedSamplesTests
{
    private const int Inputs = 7;
    private const double Step = 0.075;

    private static RandomSequence Random(string purpose) => new(5, purpose, 0);

    private static readonly TwoLayerNetwork Teacher = RandomTeacher.Draw(new TwoLayerNetwork(Inputs, 3, 4, 0), 1, Random("hidden"), Random("output"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_basis_is_orthonormal(bool rotated)
    {
        var basis = AugmentedSamples.Basis(Inputs, rotated ? Random("basis") : null);

        for (var u = 0; u < Inputs; u++)
        {
            for (var v = 0; v <= u; v++)
                Assert.Equal(u == v ? 1 : 0, Enumerable.Range(0, Inputs).Sum(i => basis[(u * Inputs) + i] * basis[(v * Inputs) + i]), 14);
        }
    }

    [Fact]
    public void A_teacher_agnostic_set_has_every_base_in_the_middle_of_a_cross()
    {
        var bases = Enumerable.Range(0, 2 * Inputs).Select(i => (float)Math.Sin(i)).ToArray();
        var basis = AugmentedSamples.Basis(Inputs, Random("basis"));

        var rows = AugmentedSamples.TeacherAgnostic(bases, Step, basis);

        Assert.Equal(2 * ((2 * Inputs) + 1) * Inputs, rows.Length);
        for (var row = 0; row < rows.Length / Inputs; row++)
        {
            var (at, arm) = Math.DivRem(row, (2 * Inputs) + 1);
            var sign = arm == 0 ? 0 : arm % 2 == 1 ? 1 : -1;
            for (var i = 0; i < Inputs; i++)
                Assert.Equal(bases[(at * Inputs) + i] + (sign * Step * basis[(Math.Max(0, (arm - 1) / 2) * Inputs) + i]), rows[(row * Inputs) + i], 1e-6);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(15, 1)]
    [InlineData(16, 2)]
    [InlineData(150, 10)]
    public void Crosses_are_whole(int samples, int bases) => Assert.Equal(bases, AugmentedSamples.Bases(samples, Inputs));

    [Fact]
    public void A_teacher_aware_set_has_triples_across_each_boundary()
    {
        const int Samples = 50;

        var rows = AugmentedSamples.TeacherAware(Teacher, Samples, Step, (address, point) => Random("points").FillNormal(address, point));

        // 3 nodes, ceil(50 / 9) triples each
        Assert.Equal(3 * 6 * 3 * Inputs, rows.Length);
        for (var row = 0; row < rows.Length / Inputs; row++)
        {
            var (node, side) = (row / 18, row % 3);
            var distance = (Teacher.Biases[node] + Enumerable.Range(0, Inputs).Sum(i => Teacher.Weight(node)[i] * rows[(row * Inputs) + i])) / Teacher.WeightNorm(node);
            Assert.Equal(side == 0 ? 0 : side == 1 ? Step : -Step, distance, 1e-6);
            for (var i = 0; i < Inputs; i++)
                Assert.Equal(rows[((row - side) * Inputs) + i], rows[(row * Inputs) + i], Step + 1e-6);
        }
    }
}
