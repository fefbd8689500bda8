using Understudy.Engine.Random;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>To what the length of a direction is brought.</summary>
public enum DirectionNorm
{
    /// <summary>The incoming weights of every node to the length of those of θ ("filter normalisation", Li et al. 2018): slices do not change when a layer of rectified nodes is rescaled.</summary>
    Filter,

    /// <summary>Every parameter tensor to the length of that of θ.</summary>
    Layer,

    /// <summary>The whole direction to length 1.</summary>
    Unit,
}

/// <summary>What becomes of the direction of biases and other parameters of one axis.</summary>
public enum BiasDirection
{
    /// <summary>They stay where they are.</summary>
    Zero,

    /// <summary>They grow like the weights: their direction is θ itself.</summary>
    Copied,
}

/// <summary>Directions to look at a landscape along.</summary>
public static class Directions
{
    /// <summary>Standard normal numbers with the lengths of θ.</summary>
    /// <param name="layout">The parameters.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="draws">Random numbers; different <paramref name="index"/> give independent directions.</param>
    /// <param name="index">Number of the direction.</param>
    /// <param name="norm">To what lengths are brought.</param>
    /// <param name="biases">What becomes of parameters of one axis.</param>
    public static double[] Random(
        ParameterLayout layout, ReadOnlySpan<double> parameters, RandomSequence draws, int index = 0, DirectionNorm norm = DirectionNorm.Filter, BiasDirection biases = BiasDirection.Zero)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var direction = new double[layout.Count];
        draws.FillNormal(index, direction.AsSpan());
        Normalize(layout, parameters, direction, norm, biases);
        return direction;
    }

    /// <summary>Brings a direction to the lengths of θ.</summary>
    /// <remarks>The last axis of a tensor is its nodes. Nodes and tensors that are zero in θ or in the direction are zero afterwards. An eigenvector is taken as it is, or with <see cref="DirectionNorm.Filter"/>.</remarks>
    /// <exception cref="ArgumentException">θ or the direction is not as long as the layout.</exception>
    public static void Normalize(
        ParameterLayout layout, ReadOnlySpan<double> parameters, Span<double> direction, DirectionNorm norm = DirectionNorm.Filter, BiasDirection biases = BiasDirection.Zero)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (parameters.Length != layout.Count || direction.Length != layout.Count)
            throw new ArgumentException($"The layout has {layout.Count} parameters, but θ has {parameters.Length} and the direction {direction.Length}.", nameof(direction));
        foreach (var slot in layout.Slots)
        {
            var own = slot.Of(parameters);
            var along = slot.Of(direction);
            if (slot.Shape.Rank < 2 && biases == BiasDirection.Zero)
                along.Clear();
            else if (slot.Shape.Rank < 2)
                own.CopyTo(along);
            else if (norm != DirectionNorm.Unit)
                Match(own, along, norm == DirectionNorm.Filter ? slot.Shape[slot.Shape.Rank - 1] : 1);
        }

        if (norm == DirectionNorm.Unit && Vectors.Norm(direction) is > 0 and var length)
            Vectors.Scale(1 / length, direction);
    }

    /// <summary>Brings every column of a matrix with so many columns to the length of that of another.</summary>
    private static void Match(ReadOnlySpan<double> like, Span<double> matrix, int columns)
    {
        for (var column = 0; column < columns; column++)
        {
            var (wanted, present) = (0.0, 0.0);
            for (var i = column; i < matrix.Length; i += columns)
                (wanted, present) = (wanted + (like[i] * like[i]), present + (matrix[i] * matrix[i]));
            // a dead node has no length to divide by
            var factor = present > 0 ? Math.Sqrt(wanted / present) : 0;
            for (var i = column; i < matrix.Length; i += columns)
                matrix[i] *= factor;
        }
    }
}
