using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.Learning.Training;

/// <summary>What of a step is drawn besides its batch: the masks of dropout and the directions of a penalty on the Jacobian.</summary>
internal sealed class StepNoise
{
    private readonly TrainOptions _options;
    private readonly Sym? _directions;

    /// <summary>Adds the feeds the options ask for.</summary>
    internal StepNoise(TrainOptions options, List<Feed> feeds)
    {
        _options = options;
        if (options.Dropout > 0)
        {
            var student = options.FullyConnected;
            var masks = new Sym[student.Layers - 1];
            for (var layer = 0; layer < masks.Length; layer++)
            {
                var draws = Ops.Input($"dropout.{layer}", new Shape(options.Batch, student.Widths[layer + 1]));
                feeds.Add(new UniformFeed(draws) { Purpose = $"/dropout/{layer}" });
                masks[layer] = 1 / (1 - options.Dropout) * Ops.Step(draws - options.Dropout);
            }

            Masks = masks;
        }

        if (options.JacobianPenalty != 0)
        {
            _directions = Ops.Input("directions", new Shape(options.Batch, options.Student.Inputs));
            feeds.Add(new NormalFeed(_directions, 1) { Purpose = "/jacobian" });
        }
    }

    /// <summary>Factors on the activations of each hidden layer; null without dropout.</summary>
    internal IReadOnlyList<Sym>? Masks { get; }

    /// <summary>The loss with its penalty: λ times the mean over the batch of ‖J v‖², of which the mean over normal v is ‖J‖²_F (Hutchinson 1989).</summary>
    internal Sym Penalized(Sym loss, Sym x, Func<Sym, Sym> output)
    {
        if (_directions is null || Transforms.Jvp(output(x), new Dictionary<Sym, Sym> { [x] = _directions }) is not { } change)
            return loss;
        return loss + (_options.JacobianPenalty / _options.Batch * Ops.Sum(Ops.Square(change)));
    }
}
