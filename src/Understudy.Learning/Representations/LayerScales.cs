using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Representations;

/// <summary>How large the values inside of a network are.</summary>
public static class LayerScales
{
    /// <summary>The root mean square of what every place gives, over its numbers and the images; by one pass, of which only a number for each image and place is kept.</summary>
    /// <param name="network">The network in evaluation mode.</param>
    /// <param name="places">Places of it, see <see cref="LayerPlace.Of"/>; their windows are not used.</param>
    /// <param name="images">[N, inputs].</param>
    /// <param name="parameters">[P], in the order of the network's layout.</param>
    /// <param name="options">Precision, batches and threads.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <returns>One for each place.</returns>
    /// <exception cref="ArgumentException">Images or parameters do not fit, or there are no images.</exception>
    public static double[] Of(
        LayeredNetwork network, IReadOnlyList<LayerPlace> places, ReadOnlySpan<float> images, ReadOnlySpan<double> parameters, OutputOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(places);
        if (images.Length == 0)
            throw new ArgumentException("There are no images.", nameof(images));
        var powers = NetworkOutputs.Of(new Powers(network, places), images, parameters, options, cancellation);
        var (scales, rows) = (new double[places.Count], powers.Length / places.Count);
        for (var i = 0; i < powers.Length; i++)
            scales[i % scales.Length] += powers[i] / rows;
        for (var i = 0; i < scales.Length; i++)
            scales[i] = Math.Sqrt(scales[i]);
        return scales;
    }

    /// <summary>The mean square of every place, [batch, places].</summary>
    private sealed class Powers(LayeredNetwork network, IReadOnlyList<LayerPlace> places) : INetwork
    {
        public ParameterLayout Layout => network.Layout;

        public int Inputs => network.Inputs;

        public int Outputs => places.Count;

        public Sym Output(Sym input, IReadOnlyList<Sym> parameters)
        {
            var (_, results) = network.OutputWithResults(input, parameters);
            Sym[] powers = [.. places.Select(place => Power(place.Index == 0 ? input : results[place.Index - 1].Result, place.Result.Count))];
            return powers.Length == 1 ? powers[0] : Ops.Concat(1, powers);
        }

        private static Sym Power(Sym result, int width)
            => Ops.Reshape(Ops.Mean(Ops.Square(Ops.Reshape(result, new Shape(result.Shape[0], width))), 1), new Shape(result.Shape[0], 1));
    }
}
