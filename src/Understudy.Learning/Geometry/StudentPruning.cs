namespace Understudy.Learning.Geometry;

/// <summary>A student with nodes taken out and nodes of one boundary merged; specification section 7, item 10.</summary>
public static class StudentPruning
{
    /// <summary>The student that remains; output biases stay.</summary>
    /// <param name="student">The student.</param>
    /// <param name="into">
    /// For each node the node it is merged into: itself to stay, −1 to be taken out. A merged node adds its fan-out, scaled by the
    /// ratio of the weight norms, which changes nothing where the boundaries and orientations agree.
    /// </param>
    /// <exception cref="ArgumentException">A node is merged into one that does not stay.</exception>
    public static TwoLayerNodes Of(TwoLayerNodes student, ReadOnlySpan<int> into)
    {
        ArgumentNullException.ThrowIfNull(student);
        if (into.Length != student.Nodes)
            throw new ArgumentException($"{into.Length} targets do not fit {student.Nodes} nodes.", nameof(into));
        var (d, outputs) = (student.Inputs, student.Outputs);
        var (weights, biases, fanOuts, place) = (new List<double>(), new List<double>(), new List<double>(), new int[student.Nodes]);
        for (var k = 0; k < student.Nodes; k++)
        {
            if (into[k] != k)
                continue;
            place[k] = biases.Count;
            weights.AddRange(student.Weight(k));
            biases.Add(student.Bias(k));
            fanOuts.AddRange(student.FanOut(k));
        }

        double[] merged = [.. fanOuts];
        for (var k = 0; k < student.Nodes; k++)
        {
            var target = into[k];
            if (target < 0 || target == k)
                continue;
            if (into[target] != target || !(student.WeightNorm(target) > 0))
                throw new ArgumentException($"Node {k} cannot be merged into node {target}.", nameof(into));
            Dense.Add(student.WeightNorm(k) / student.WeightNorm(target), student.FanOut(k), merged.AsSpan(place[target] * outputs, outputs));
        }

        return new TwoLayerNodes(d, student.Slope, [.. weights], [.. biases], merged, student.OutputBiases);
    }

    /// <summary>Mean over samples and outputs of (f* − f)².</summary>
    /// <param name="student">The student.</param>
    /// <param name="inputs">[N, d].</param>
    /// <param name="targets">f*, [N, outputs].</param>
    public static double Loss(TwoLayerNodes student, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        ArgumentNullException.ThrowIfNull(student);
        var (x, f, sum) = (new double[student.Inputs], new double[student.Outputs], 0.0);
        for (var i = 0; i < targets.Length / f.Length; i++)
        {
            for (var u = 0; u < x.Length; u++)
                x[u] = inputs[(i * x.Length) + u];
            student.Output(x, f);
            for (var c = 0; c < f.Length; c++)
                sum += (targets[(i * f.Length) + c] - f[c]) * (targets[(i * f.Length) + c] - f[c]);
        }

        return sum / targets.Length;
    }
}
