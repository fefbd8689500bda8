using Understudy.Engine.Graphs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Representations;

/// <summary>What layers inside of a network give, as embeddings to be probed.</summary>
public static class LayerReader
{
    /// <summary>Neighbouring places whose rows together have at most so many numbers, or one wider place alone: what is read in one pass.</summary>
    /// <param name="places">The places in order.</param>
    /// <param name="width">Numbers of an example that are held at once.</param>
    public static IEnumerable<IReadOnlyList<LayerPlace>> Passes(IEnumerable<LayerPlace> places, int width)
    {
        ArgumentNullException.ThrowIfNull(places);
        var (pass, sum) = (new List<LayerPlace>(), 0);
        foreach (var place in places)
        {
            if (pass.Count > 0 && sum + place.Width > width)
            {
                yield return pass;
                (pass, sum) = ([], 0);
            }

            pass.Add(place);
            sum += place.Width;
        }

        if (pass.Count > 0)
            yield return pass;
    }

    /// <summary>The embeddings at places of a network, by one pass over the images.</summary>
    /// <param name="network">The network in evaluation mode.</param>
    /// <param name="places">Places of it, see <see cref="LayerPlace.Of"/>.</param>
    /// <param name="images">[N, inputs].</param>
    /// <param name="labels">[N], from 0 to K − 1; taken without a copy.</param>
    /// <param name="classes">K.</param>
    /// <param name="parameters">[P], in the order of the network's layout.</param>
    /// <param name="options">Precision, batches and threads.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">Images, labels or parameters do not fit, or the network couples examples.</exception>
    public static IReadOnlyList<EmbeddingSet> Read(
        LayeredNetwork network, IReadOnlyList<LayerPlace> places, ReadOnlySpan<float> images, int[] labels, int classes, ReadOnlySpan<double> parameters, OutputOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(places);
        EmbeddingSet.ThrowIfNotRead(network, images.Length, labels);
        var reading = new Reading(network, places);
        var rows = NetworkOutputs.Of(reading, images, parameters, options, cancellation);
        if (places.Count == 1)
            return [new EmbeddingSet(rows, labels, classes)];
        var (sets, first) = (new EmbeddingSet[places.Count], 0);
        for (var i = 0; i < sets.Length; i++)
        {
            var width = places[i].Width;
            var own = new double[labels.Length * width];
            for (var example = 0; example < labels.Length; example++)
                rows.AsSpan((example * reading.Outputs) + first, width).CopyTo(own.AsSpan(example * width));
            sets[i] = new EmbeddingSet(own, labels, classes);
            first += width;
        }

        return sets;
    }

    /// <summary>The rows of several places side by side.</summary>
    private sealed class Reading(LayeredNetwork network, IReadOnlyList<LayerPlace> places) : INetwork
    {
        public ParameterLayout Layout => network.Layout;

        public int Inputs => network.Inputs;

        public int Outputs { get; } = places.Sum(place => place.Width);

        public Sym Output(Sym input, IReadOnlyList<Sym> parameters)
        {
            var (_, results) = network.OutputWithResults(input, parameters);
            Sym[] rows = [.. places.Select(place => place.Rows(place.Index == 0 ? Ops.Reshape(input, network.Example.With(0, input.Shape[0])) : results[place.Index - 1].Result))];
            return rows.Length == 1 ? rows[0] : Ops.Concat(1, rows);
        }
    }
}
