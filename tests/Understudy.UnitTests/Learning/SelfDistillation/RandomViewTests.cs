using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.SelfDistillation;

namespace Understudy.UnitTests.Learning.SelfDistillation;

public sealed class RandomViewTests
{
    private static readonly Shape Shape = new(6, 5, 3);

    private static readonly RandomSequence Random = new(1, "views");

    private static readonly RandomView Whole = new() { Image = Shape };

    [Fact]
    public void A_view_of_the_whole_image_is_the_image()
    {
        var image = Drawn();

        Assert.Equal(image, View(Whole, image, 0));
    }

    /// <summary>A crop of a share a of the area fits in one try where the logarithm of its aspect is at most −log a from that of the image: −2 log a of 2 log(4/3) in all.</summary>
    [Fact]
    public void A_crop_that_fits_in_none_of_ten_tries_is_the_whole_image()
    {
        var (image, nearly) = (Drawn(), Whole with { SmallestCrop = 0.99 });
        var fitting = 0;
        for (var row = 0; row < 2000; row++)
        {
            var crop = nearly.Crop(Random, 0, (RandomView.Words * row) + 4);
            var view = View(nearly, image, row);
            if (crop == (0, 0, 6, 5))
            {
                Assert.Equal(image, view);
                continue;
            }

            fitting++;
            Assert.InRange(crop.Height * crop.Width / 30, 0.99 - 1e-9, 1 + 1e-9);
            // corners are at most 0.01 · 6 pixels away, and numbers of neighbours differ by at most 1
            Assert.All(image.Zip(view), pair => Assert.Equal(pair.First, pair.Second, 4 * 0.06));
        }

        // the mean of −2 log a over a from 0.99 to 1 is 0.01003, and 5 standard deviations of 2000 rows
        var share = 1 - Math.Pow(1 - (0.01003 / (2 * Math.Log(4.0 / 3))), 10);
        Assert.Equal(2000 * share, fitting, 5 * Math.Sqrt(2000 * share * (1 - share)));
    }

    [Fact]
    public void Half_of_all_views_are_mirrored_and_no_other_thing()
    {
        var (image, mirrored) = (Drawn(), Mirrored(Drawn()));
        var count = 0;
        for (var row = 0; row < 400; row++)
        {
            var view = View(Whole with { IsMirrored = true }, image, row);
            Assert.True(view.SequenceEqual(image) || view.SequenceEqual(mirrored));
            count += view.SequenceEqual(mirrored) ? 1 : 0;
        }

        // 5 standard deviations of a fair coin
        Assert.InRange(count, 150, 250);
    }

    [Fact]
    public void A_shifted_view_has_pixels_of_the_image_or_none()
    {
        var image = Drawn();
        var shifts = new HashSet<(int, int)>();
        for (var row = 0; row < 200; row++)
        {
            var view = View(Whole with { Shift = 1 }, image, row);
            var found = new List<(int, int)>();
            foreach (var (down, right) in from down in new[] { -1, 0, 1 } from right in new[] { -1, 0, 1 } select (down, right))
            {
                var isThis = true;
                for (var y = 0; y < 6; y++)
                {
                    for (var x = 0; x < 5; x++)
                    {
                        var isInside = y + down is >= 0 and < 6 && x + right is >= 0 and < 5;
                        for (var channel = 0; channel < 3; channel++)
                            isThis &= view[(((y * 5) + x) * 3) + channel] == (isInside ? image[((((y + down) * 5) + x + right) * 3) + channel] : 0);
                    }
                }

                if (isThis)
                    found.Add((down, right));
            }

            shifts.Add(Assert.Single(found));
        }

        Assert.Equal(9, shifts.Count);
    }

    [Fact]
    public void Crops_have_the_areas_and_the_aspects_that_are_asked_for_and_lie_inside()
    {
        var crops = Enumerable.Range(0, 500).Select(row => (Whole with { SmallestCrop = 0.2, LargestCrop = 0.6 }).Crop(Random, 0, RandomView.Words * row)).ToArray();

        Assert.All(crops, crop =>
        {
            Assert.InRange(crop.Height * crop.Width / 30, 0.2 - 1e-9, 0.6 + 1e-9);
            Assert.InRange(crop.Width / crop.Height, 0.75 - 1e-9, (4.0 / 3) + 1e-9);
            Assert.True(crop.Top >= 0 && crop.Left >= 0 && crop.Top + crop.Height <= 6 + 1e-9 && crop.Left + crop.Width <= 5 + 1e-9);
        });
        Assert.Equal(0.4, crops.Average(crop => crop.Height * crop.Width / 30), 0.03);
        Assert.Equal(0, crops.Average(crop => Math.Log(crop.Width / crop.Height)), 0.05);
    }

    [Fact]
    public void A_crop_of_a_plane_is_the_plane_between_its_corners()
    {
        // bilinear sampling gives back what is linear in rows and columns, away from the edge, where pixels repeat
        var image = Plane();
        var view = Whole with { SmallestCrop = 0.2, LargestCrop = 0.4 };
        for (var row = 0; row < 50; row++)
        {
            var (top, left, height, width) = view.Crop(Random, 7, (RandomView.Words * row) + 4);
            var seen = View(view, image, row, step: 7);
            for (var i = 0; i < image.Length; i++)
            {
                var y = Math.Clamp(top + (((i / 15) + 0.5) * height / 6) - 0.5, 0, 5);
                var x = Math.Clamp(left + (((i / 3 % 5) + 0.5) * width / 5) - 0.5, 0, 4);
                Assert.Equal((2 * y) + (3 * x) + (i % 3), seen[i], 1e-5);
            }
        }
    }

    /// <summary>The centre of a pixel of half the rows and columns lies between four pixels.</summary>
    [Fact]
    public void A_view_of_half_the_size_is_the_mean_of_four_pixels()
    {
        var image = Drawn()[..(6 * 4 * 3)];
        var half = new RandomView { Image = new Shape(6, 4, 3), Size = new Shape(3, 2, 3), IsMirrored = true };
        var seen = new float[half.Size!.Value.Count];
        var mirrored = 0;
        for (var row = 0; row < 50; row++)
        {
            half.Write(image, seen, Random, 0, row);
            float Mean(int y, int x, int channel) => (At(2 * y, 2 * x) + At(2 * y, (2 * x) + 1) + At((2 * y) + 1, 2 * x) + At((2 * y) + 1, (2 * x) + 1)) / 4;
            float At(int y, int x, int channel = 0) => image[(((y * 4) + x) * 3) + channel];
            var isMirrored = Math.Abs(seen[0] - Mean(0, 0, 0)) > 1e-6;
            mirrored += isMirrored ? 1 : 0;
            for (var y = 0; y < 3; y++)
            {
                for (var x = 0; x < 2; x++)
                    Assert.Equal(Mean(y, isMirrored ? 1 - x : x, 0), seen[((y * 2) + x) * 3], 1e-6);
            }
        }

        Assert.InRange(mirrored, 5, 45);
        Assert.Throws<ArgumentException>(() => half.Write(image, new float[image.Length], Random, 0, 0));
    }

    [Fact]
    public void Small_views_show_the_crop_that_large_ones_show_at_the_same_address()
    {
        var view = Whole with { SmallestCrop = 0.1, LargestCrop = 0.3, IsMirrored = true };
        var (image, small) = (Plane(), view with { Size = new Shape(3, 4, 3) });
        for (var row = 0; row < 50; row++)
        {
            float[] large = View(view, image, row), seen = new float[3 * 4 * 3];
            small.Write(image, seen, Random, 0, row);

            // a plane is linear between the outermost centres of both, so means over rows and columns that lie evenly are one, but for crops at the edge
            var (top, left, height, width) = view.Crop(Random, 0, (RandomView.Words * row) + 4);
            if (top < 0.5 || left < 0.5 || top + height > 5.5 || left + width > 4.5)
                continue;
            Assert.Equal(large.Average(), seen.Average(), 1e-4);
        }
    }

    [Fact]
    public void Views_differ_by_step_image_and_sequence_and_are_the_same_at_one_address()
    {
        var image = Drawn();
        var view = Whole with { SmallestCrop = 0.3, Color = new ColorJitter() };

        var first = View(view, image, 3);

        Assert.Equal(first, View(view, image, 3));
        Assert.NotEqual(first, View(view, image, 4));
        Assert.NotEqual(first, View(view, image, 3, step: 1));
        var other = new float[image.Length];
        view.Write(image, other, Random.For("/view/1"), 0, 3);
        Assert.NotEqual(first, other);
    }

    private static float[] View(RandomView view, float[] image, int row, long step = 0)
    {
        var seen = new float[image.Length];
        view.Write(image, seen, Random, step, row);
        return seen;
    }

    /// <summary>Colors from 0 to 1, none twice.</summary>
    private static float[] Drawn() => [.. Enumerable.Range(0, Shape.Count).Select(i => ((37 * i % 90) + 1) / 100f)];

    /// <summary>Linear in rows and columns.</summary>
    private static float[] Plane() => [.. Enumerable.Range(0, Shape.Count).Select(i => (float)((2 * (i / 15)) + (3 * (i / 3 % 5)) + (i % 3)))];

    private static float[] Mirrored(float[] image)
    {
        var mirrored = new float[image.Length];
        for (var i = 0; i < image.Length; i++)
            mirrored[i] = image[(((i / 15 * 5) + 4 - (i / 3 % 5)) * 3) + (i % 3)];
        return mirrored;
    }
}
