using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>The teachers of part images, before or after pruning: of each the best epoch so far.</summary>
internal sealed class ChannelTeachers
{
    private readonly double[] _accuracy;
    private readonly double[] _epoch;

    internal ChannelTeachers(ImagesPlan plan, TeacherChannels channels)
    {
        (Channels, Widths) = (channels, plan.Widths(channels));
        Network = plan.Network(Widths);
        Parameters = [.. Enumerable.Range(0, plan.Teachers).Select(_ => new double[Network.Layout.Count])];
        (_accuracy, _epoch) = (new double[plan.Teachers], new double[plan.Teachers]);
        _accuracy.AsSpan().Fill(double.NegativeInfinity);
    }

    internal TeacherChannels Channels { get; }

    internal int[] Widths { get; }

    internal LayeredNetwork Network { get; }

    internal int Count => Parameters.Length;

    /// <summary>Of each teacher at its best epoch, for training mode.</summary>
    internal double[][] Parameters { get; }

    /// <summary>The same for evaluation mode; empty before <see cref="Fold"/>.</summary>
    internal double[][] Folded { get; private set; } = [];

    /// <summary>Share of the validation images that each teacher got right.</summary>
    internal IReadOnlyList<double> Accuracy => _accuracy;

    /// <summary>The epoch of each that was kept.</summary>
    internal int Epoch(int teacher) => (int)_epoch[teacher];

    /// <summary>Keeps a teacher that is better than it was.</summary>
    internal void Offer(int teacher, int epoch, double accuracy, ReadOnlySpan<double> parameters)
    {
        if (!(accuracy > _accuracy[teacher]))
            return;
        (_accuracy[teacher], _epoch[teacher]) = (accuracy, epoch);
        parameters.CopyTo(Parameters[teacher]);
    }

    /// <summary>Measures the statistics of batch normalizations over images [N, h·w·c].</summary>
    internal void Fold(double[] images, Team team)
    {
        var folded = new double[Count][];
        team.Run(Count, teacher => folded[teacher] = ChannelTraining.Folded(Network, Parameters[teacher], images));
        Folded = folded;
    }

    /// <summary>The outputs of every teacher for images [N, h·w·c].</summary>
    internal float[][] Outputs(float[] images, Team team)
    {
        var outputs = new float[Count][];
        team.Run(Count, teacher =>
        {
            using var pass = new ChannelPass(Network, keepsChannels: false);
            pass.SetParameters(Folded[teacher]);
            outputs[teacher] = pass.Outputs(images);
        });
        return outputs;
    }

    internal IEnumerable<Tensor> ToTensors()
    {
        yield return ChannelTraining.Stack($"{Name}.best", Parameters);
        yield return Tensor.Of($"{Name}.accuracy", _accuracy.ToArray(), Count);
        yield return Tensor.Of($"{Name}.epoch", _epoch.ToArray(), Count);
    }

    internal void Restore(IReadOnlyDictionary<string, Tensor> tensors)
    {
        ChannelTraining.Unstack(tensors[$"{Name}.best"], Parameters);
        tensors[$"{Name}.accuracy"].Doubles.CopyTo(_accuracy);
        tensors[$"{Name}.epoch"].Doubles.CopyTo(_epoch);
    }

    private string Name => Word(Channels);

    /// <summary>The word of teachers in arrays and checkpoints.</summary>
    internal static string Word(TeacherChannels channels) => channels == TeacherChannels.Pruned ? "pruned" : "unpruned";
}
