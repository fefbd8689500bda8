using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;
using Understudy.Learning.Losses;

namespace Understudy.Learning.Curvature;

/// <summary>The weighted sums of g_i,c' = J_iᵀ(p_i − e_c') over the examples of each class c, and what their squares add up to.</summary>
internal sealed class ClassMeans
{
    // by class c and virtual class c': Σ w_i,c' g_i,c' [C, C, P] and Σ w_i,c' [C, C], with w_i,c' = p_i,c'/N
    private readonly double[] _sums;
    private readonly double[] _weights;

    internal ClassMeans(MlpPoint point, Team? team, IProgress<double>? progress, CancellationToken cancellation)
    {
        (Classes, Size) = (point.Network.Outputs, point.Size);
        (_sums, _weights) = (new double[checked(Classes * Classes * Size)], new double[Classes * Classes]);
        var done = 0L;
        for (var label = 0; label < Classes; label++)
        {
            if (Of(point, label) is not { } ofClass)
                continue;
            foreach (var (first, rows) in ofClass.Chunks(6L * point.Network.Widths.Sum()))
            {
                cancellation.ThrowIfCancellationRequested();
                var pass = new MlpPass(ofClass, first, rows, team);
                for (var other = 0; other < Classes; other++)
                    Add(pass, label, other, point.Examples.Count, team);
                done += rows;
                progress?.Report(done / (double)point.Examples.Count);
            }
        }
    }

    /// <summary>The same for any network, example by example.</summary>
    internal ClassMeans(NetworkCurvature curvature, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var source = curvature.Rows();
        (Classes, Size) = (source.Outputs, source.Size);
        (_sums, _weights) = (new double[checked(Classes * Classes * Size)], new double[Classes * Classes]);
        var (rows, weights) = (new double[Classes * Size], new double[Classes]);
        for (var i = 0; i < source.Examples; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            source.Fill(i, 1, Classes, (output, _, cotangents) => Towards(output, source.Examples, weights, cotangents), rows);
            var label = (int)curvature.Set.Targets[i];
            for (var other = 0; other < Classes; other++)
            {
                var row = rows.AsSpan(other * Size, Size);
                _weights[(label * Classes) + other] += weights[other];
                FeatureRows.AddScaled(weights[other], row, Sum(label, other));
                var trace = weights[other] * Dense.Dot(row, row);
                if (label == other)
                    SameTrace += trace;
                else
                    OtherTrace += trace;
            }

            progress?.Report((i + 1) / (double)source.Examples);
        }
    }

    /// <summary>C.</summary>
    internal int Classes { get; }

    /// <summary>P.</summary>
    internal int Size { get; }

    /// <summary>Σ_i Σ_c'≠y w_i,c' ‖g_i,c'‖².</summary>
    internal double OtherTrace { get; private set; }

    /// <summary>Σ_i w_i,y ‖g_i,y‖².</summary>
    internal double SameTrace { get; private set; }

    /// <summary>√w_c,c' g_c,c' for c' ≠ c, [C(C − 1), P].</summary>
    internal double[] Pairs()
    {
        var pairs = new double[Classes * (Classes - 1) * Size];
        for (var (label, row) = (0, 0); label < Classes; label++)
        {
            for (var other = 0; other < Classes; other++)
            {
                if (other != label)
                    FeatureRows.Scale(InverseRoot(Weight(label, other)), Sum(label, other), pairs.AsSpan(row++ * Size, Size));
            }
        }

        return pairs;
    }

    /// <summary>√w_c g_c, [C, P].</summary>
    internal double[] ByClass()
    {
        var rows = new double[Classes * Size];
        for (var label = 0; label < Classes; label++)
        {
            var row = rows.AsSpan(label * Size, Size);
            for (var other = 0; other < Classes; other++)
            {
                if (other != label)
                    FeatureRows.Add(Sum(label, other), row);
            }

            FeatureRows.Scale(InverseRoot(Weight(label)), row, row);
        }

        return rows;
    }

    /// <summary>√w_c,c' (g_c,c' − g_c) for c' ≠ c, [C(C − 1), P], from √w_c g_c.</summary>
    internal double[] Around(double[] byClass)
    {
        var rows = Pairs();
        for (var (label, row) = (0, 0); label < Classes; label++)
        {
            for (var other = 0; other < Classes; other++)
            {
                if (other == label)
                    continue;
                var share = Math.Sqrt(Weight(label, other)) * InverseRoot(Weight(label));
                FeatureRows.AddScaled(-share, byClass.AsSpan(label * Size, Size), rows.AsSpan(row++ * Size, Size));
            }
        }

        return rows;
    }

    // of a class that no example has, or that no example could be mistaken for, the mean counts as zero
    private static double InverseRoot(double weight) => weight > 0 ? 1 / Math.Sqrt(weight) : 0;

    private double Weight(int label, int other) => _weights[(label * Classes) + other];

    private double Weight(int label) => FeatureRows.Sum(_weights.AsSpan(label * Classes, Classes)) - Weight(label, label);

    private Span<double> Sum(int label, int other) => _sums.AsSpan(((label * Classes) + other) * Size, Size);

    /// <summary>p − e_c' of one example for every c', [C, C], and the weights p_c'/N.</summary>
    private static void Towards(ReadOnlySpan<double> output, int total, double[] weights, Span<double> cotangents)
    {
        OutputLoss.Softmax(output, 1, weights);
        for (var other = 0; other < weights.Length; other++)
        {
            var row = cotangents.Slice(other * weights.Length, weights.Length);
            weights.CopyTo(row);
            row[other] -= 1;
        }

        FeatureRows.Scale(1.0 / total, weights, weights);
    }

    /// <summary>The point with the examples of one class; null where there are none.</summary>
    private static MlpPoint? Of(MlpPoint point, int label)
    {
        var examples = point.Examples;
        int[] places = [.. Enumerable.Range(0, examples.Count).Where(i => (int)examples.Targets[i] == label)];
        var (count, width) = (places.Length, examples.InputWidth);
        if (count == 0)
            return null;
        var inputs = new double[count * width];
        foreach (var (row, place) in places.Index())
            examples.Inputs.Slice(place * width, width).CopyTo(inputs.AsSpan(row * width));
        var targets = new double[count];
        Array.Fill(targets, label);
        return point.On(new ExampleSet(inputs, targets, count));
    }

    private void Add(MlpPass pass, int label, int other, int total, Team? team)
    {
        // the backward pass is linear: it is given √w (p − e_c'), whose squares are what the traces need
        var weights = new double[pass.Rows];
        var deltas = pass.Deltas(
            pass.Cotangents(1, (output, example, row) =>
            {
                OutputLoss.Softmax(output, 1, row);
                var weight = row[other] / total;
                weights[example - pass.First] = weight;
                row[other] -= 1;
                FeatureRows.Scale(Math.Sqrt(weight), row, row);
            }),
            1);
        _weights[(label * Classes) + other] += FeatureRows.Sum(weights);
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Math.Sqrt(weights[i]);
        var sum = Sum(label, other);
        for (var layer = 0; layer < deltas.Length; layer++)
        {
            var (before, width, delta) = (pass.Network.Widths[layer], pass.Network.Widths[layer + 1], deltas[layer]);
            AddTrace(pass, delta, layer, label == other);
            for (var start = 0; start < delta.Length; start += pass.Rows)
                FeatureRows.Multiply(delta.AsSpan(start, pass.Rows), weights, delta.AsSpan(start, pass.Rows));
            var input = layer == 0 ? pass.Examples : pass.Input(layer);
            Products.Multiply(before, width, pass.Rows, input, delta, sum, transposeLeft: layer == 0, transposeRight: true, accumulate: true, team: team);
            for (var k = 0; k < width; k++)
                sum[(before * width) + k] += FeatureRows.Sum(delta.AsSpan(k * pass.Rows, pass.Rows));
            sum = sum[((before + 1) * width)..];
        }
    }

    private void AddTrace(MlpPass pass, double[] delta, int layer, bool isSame)
    {
        var (weights, biases) = pass.SquaredNorms(layer, delta);
        var sum = FeatureRows.Sum(biases) + FeatureRows.Sum(weights);
        if (isSame)
            SameTrace += sum;
        else
            OtherTrace += sum;
    }
}
