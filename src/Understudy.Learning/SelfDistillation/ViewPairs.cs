using Understudy.Engine.Graphs;

namespace Understudy.Learning.SelfDistillation;

/// <summary>What the views of the student are compared with: each with the mean of the teacher's views it is paired with.</summary>
/// <remarks>The losses are linear in their targets, so that this is the mean over all pairs where every view has as many; small views have one more each than views that are not compared with their own.</remarks>
internal sealed class ViewPairs
{
    /// <summary>Pairs the views of a step.</summary>
    /// <param name="options">How.</param>
    /// <param name="targets">Of the teacher's views, [V·batch, m].</param>
    internal ViewPairs(ViewDistillationOptions options, Sym targets)
    {
        if (options.SmallViews == 0 && (options.Views == 1 || options.Pairing == ViewPairing.Same))
        {
            OfViews = targets;
            return;
        }

        Sym[] views = [.. Enumerable.Range(0, options.Views).Select(view => Ops.Slice(targets, 0, view * options.Batch, options.Batch))];
        OfViews = Ops.Concat(0, [.. views.Select((_, own) => Mean([.. views.Where((_, other) => options.Pairing == ViewPairing.All || other != own)]))]);
        if (options.SmallViews == 0)
            return;
        OfSmall = Ops.Concat(0, [.. Enumerable.Repeat(Mean(views), options.SmallViews)]);
        var paired = options.Views * (options.Pairing == ViewPairing.All ? options.Views : options.Views - 1);
        SmallShare = (double)options.SmallViews * options.Views / (paired + (options.SmallViews * options.Views));
    }

    /// <summary>Of the student's views, [V·batch, m].</summary>
    internal Sym OfViews { get; }

    /// <summary>Of its small views, [S·batch, m]; null where there are none.</summary>
    internal Sym? OfSmall { get; }

    /// <summary>The small views' share of all pairs.</summary>
    internal double SmallShare { get; }

    private static Sym Mean(Sym[] views) => views.Length == 1 ? views[0] : 1.0 / views.Length * views.Aggregate((sum, next) => sum + next);
}
