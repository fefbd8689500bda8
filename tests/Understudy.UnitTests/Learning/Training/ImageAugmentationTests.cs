using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning.Training;

public sealed class ImageAugmentationTests
{
    private static readonly ImageAugmentation Small = new() { Image = new Shape(3, 4, 2), Padding = 2, Border = [-5, -6] };

    private static readonly RandomSequence Draws = new(3, "test/augmentation");

    [Fact]
    public void A_window_is_the_bordered_image_mirrored_and_shifted()
        => Property.Holds(60, draw =>
        {
            var (image, window) = (draw.NormalSingle(24), new float[24]);
            var chosen = (IsMirrored: draw.Coin(), Down: draw.Index(5) - 2, Right: draw.Index(5) - 2);

            Small.Apply(image, window, chosen);

            for (var y = 0; y < 3; y++)
            {
                for (var x = 0; x < 4; x++)
                {
                    var (row, column) = (y + chosen.Down, x + chosen.Right);
                    var isInside = row is >= 0 and < 3 && column is >= 0 and < 4;
                    for (var channel = 0; channel < 2; channel++)
                    {
                        var expected = isInside ? image[(((row * 4) + (chosen.IsMirrored ? 3 - column : column)) * 2) + channel] : Small.Border![channel];
                        Assert.Equal(expected, window[(((y * 4) + x) * 2) + channel]);
                    }
                }
            }
        });

    [Fact]
    public void Mirrors_and_shifts_are_drawn_evenly()
    {
        const int Count = 10_000;
        var (mirrored, down, right) = (0, new int[5], new int[5]);
        for (var row = 0; row < Count; row++)
        {
            var chosen = Small.Chosen(Draws, epoch: 7, row);
            mirrored += chosen.IsMirrored ? 1 : 0;
            down[chosen.Down + 2]++;
            right[chosen.Right + 2]++;
        }

        // five standard deviations of a count with probability p: 5 √(n p (1 − p))
        Assert.InRange(mirrored, 5000 - 250, 5000 + 250);
        Assert.All([.. down, .. right], count => Assert.InRange(count, 2000 - 200, 2000 + 200));
    }

    [Fact]
    public void Without_mirrors_and_border_images_stay()
        => Assert.All(Enumerable.Range(0, 50), row => Assert.Equal((false, 0, 0), (Small with { IsFlipped = false, Padding = 0 }).Chosen(Draws, 0, row)));

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void The_table_of_an_epoch_has_every_image_with_its_choice_whatever_the_threads(DType precision)
    {
        const int Rows = 600;
        var images = new Draw(1).NormalSingle(Rows * 24);
        using var team = new Team(2);
        var expected = new float[images.Length];
        for (var row = 0; row < Rows; row++)
            Small.Apply(images.AsSpan(row * 24, 24), expected.AsSpan(row * 24, 24), Small.Chosen(Draws, 4, row));

        foreach (var threads in new[] { null, team })
        {
            using var plan = Reader(Rows, precision, out var table, out var read);
            Small.Write(images, table, Draws, 4, threads);
            Assert.Equal(expected, read());
            Small.Write(images, table, Draws, 5, threads);
            Assert.NotEqual(expected, read());
            var array = new float[images.Length];
            Small.Write(images, array, Draws, 4, threads);
            Assert.Equal(expected, array);
        }
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var plan = Reader(2, DType.F32, out var table, out _);

        Assert.Contains("2 channels, but the border has 1", Assert.Throws<ArgumentException>(() => (Small with { Border = [1] }).Write(new float[48], table, Draws, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("47 numbers and a table [2, 24]", Assert.Throws<ArgumentException>(() => Small.Write(new float[47], table, Draws, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("48 and 24 numbers do not belong to the same images", Assert.Throws<ArgumentException>(() => Small.Write(new float[48], new float[24], Draws, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("24 numbers are no rows of 24 from row 2 on", Assert.Throws<ArgumentException>(() => table.Write(2, new float[24])).Message, StringComparison.Ordinal);
    }

    /// <summary>A table of rows of 24 numbers, and what a plan reads from it in the order of its rows.</summary>
    private static ReplicaPlan Reader(int rows, DType precision, out RowTable table, out Func<float[]> read)
    {
        var (x, place, seen, places) = (Ops.Input(rows, 24), Ops.Input(rows, 1), Ops.Input(rows, 24), Ops.Input(rows, 1));
        var program = new ReplicaProgram { Updates = [new Update(seen, 1.0 * x), new Update(places, 1.0 * place)], Feeds = [new RowFeed(x, place) { IsShuffled = true }], Kept = [seen, places] };
        var plan = ReplicaPlan.Compile(program, 1, precision);
        table = plan.AddTable(new float[rows * 24], 24);
        plan.SetTables(0, [table, plan.AddTable([.. Enumerable.Range(0, rows).Select(row => (float)row)], 1)]);
        plan.SetSequence(0, new RandomSequence(1, "test/order"));
        read = () =>
        {
            using var team = new Team(1);
            ReplicaPlan.RunAll([plan], 0, 1, team);
            var (values, order, result) = (new double[rows * 24], new double[rows], new float[rows * 24]);
            plan.Read(seen, 0, values);
            plan.Read(places, 0, order);
            for (var i = 0; i < values.Length; i++)
                result[((int)order[i / 24] * 24) + (i % 24)] = (float)values[i];
            return result;
        };
        return plan;
    }
}
