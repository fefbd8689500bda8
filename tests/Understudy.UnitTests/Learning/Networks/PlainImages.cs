namespace Understudy.UnitTests.Learning.Networks;

/// <summary>Images [n, c, h, w] and the operators on them as the standard defines them, by loops.</summary>
internal sealed record PlainImages(int N, int C, int H, int W, double[] Values)
{
    /// <summary>A pixel; zero outside.</summary>
    internal double this[int n, int c, int h, int w] => h < 0 || h >= H || w < 0 || w >= W ? 0 : Values[(((((n * C) + c) * H) + h) * W) + w];

    internal static PlainImages Of(int n, int c, int h, int w, Func<int, int, int, int, double> pixel)
    {
        var values = new List<double>();
        for (var i = 0; i < n * c * h * w; i++)
            values.Add(pixel(i / (c * h * w), i / (h * w) % c, i / w % h, i % w));
        return new PlainImages(n, c, h, w, [.. values]);
    }

    internal PlainImages Map(Func<double, double> function) => this with { Values = [.. Values.Select(function)] };

    /// <summary>Every pixel from its value and its channel.</summary>
    internal PlainImages Map(Func<double, int, double> function) => this with { Values = [.. Values.Select((value, at) => function(value, at / (H * W) % C))] };

    /// <summary>Correlation with kernels [f, c, h, w] plus a bias, after zeros above and on the left; the size of the result is given.</summary>
    internal PlainImages Convolved(PlainImages kernels, double[] bias, int stride, int top, int left, int height, int width)
        => Of(N, kernels.N, height, width, (n, f, i, j) =>
        {
            var sum = bias[f];
            for (var c = 0; c < C; c++)
            {
                for (var k = 0; k < kernels.H; k++)
                {
                    for (var m = 0; m < kernels.W; m++)
                        sum += this[n, c, (i * stride) + k - top, (j * stride) + m - left] * kernels[f, c, k, m];
                }
            }

            return sum;
        });

    /// <summary>A number of every whole window of size × size, side by side.</summary>
    internal PlainImages Pooled(int size, Func<IEnumerable<double>, double> number)
        => Of(N, C, H / size, W / size, (n, c, i, j) => number(Enumerable.Range(0, size * size).Select(at => this[n, c, (i * size) + (at / size), (j * size) + (at % size)])));

    /// <summary>The mean of a channel of an image.</summary>
    internal double Mean(int n, int c) => Values.AsSpan(((n * C) + c) * H * W, H * W).ToArray().Average();

    internal PlainImages Means() => Of(N, C, 1, 1, (n, c, _, _) => Mean(n, c));
}
