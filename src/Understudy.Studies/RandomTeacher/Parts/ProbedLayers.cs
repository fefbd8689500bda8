using Understudy.Learning.Distillation;
using Understudy.Learning.Representations;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Which layers of encoder and head are probed, and what they are called.</summary>
internal static class ProbedLayers
{
    internal const string Images = "images";
    internal const string Embedding = "embedding";
    internal const string Bottleneck = "bottleneck";
    internal const string Outputs = "outputs";

    /// <summary>The layers in order, from the images to the outputs.</summary>
    internal static IReadOnlyList<(LayerPlace Place, string Name)> Of(ProjectedEncoder network, LayersConfig config)
    {
        var evaluated = network.InEvaluationMode();
        var all = LayerPlace.Of(evaluated.ToLayers(), config.Width);
        var (embedding, last) = (LayerPlace.Of(evaluated.Encoder, config.Width)[^1].Index, all[^1].Index);
        // what follows the bottleneck begins with a fully connected layer
        var bottleneck = network.TailCount == 0 ? -1 : all.TakeWhile(place => place != all.Last(one => one.Kind == LayerKind.Dense)).Last().Index;
        string Name(LayerPlace place) => place.Index switch
        {
            0 => Images,
            var index when index == last => Outputs,
            var index when index == bottleneck => Bottleneck,
            var index when index == embedding => Embedding,
            _ => Invariant($"{Word(place.Kind)} {place.Index}"),
        };
        return
        [
            // the embedding is probed as it is elsewhere
            .. all.Select(place => (Place: place.Index == embedding && place.Result.Count <= config.Widest ? place with { Grid = 0 } : place, Name: Name(place)))
                .Where(item => item.Place.Width <= Math.Max(config.Widest, config.Width) && (config.Every || item.Name is Images or Embedding or Bottleneck or Outputs || !IsLinear(item.Place.Kind))),
        ];
    }

    private static bool IsLinear(LayerKind kind) => kind is LayerKind.Convolution or LayerKind.Dense or LayerKind.Normalization;

    private static string Word(LayerKind kind) => kind switch
    {
        LayerKind.UnitLength => "unit length",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
