using System.Globalization;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Speed;

/// <summary>One training step of a network on a batch of 64 images, as a workload.</summary>
/// <param name="Name">The network.</param>
/// <param name="Trace">Its inputs, and what a step overwrites.</param>
internal sealed record ImageStep(string Name, Func<ImageTrace> Trace)
{
    private readonly Lazy<ImageTrace> _traced = new(Trace);

    /// <summary>The step on one or two threads, beside what the usual native stack took with channels last.</summary>
    /// <param name="threads">Threads.</param>
    /// <param name="algorithm">How convolutions are computed; the share of the peak counts the multiplications of direct ones.</param>
    /// <param name="target">Milliseconds that were promised, or null.</param>
    /// <param name="peer">Milliseconds of the peer, or null.</param>
    internal SpeedCase On(int threads, ConvolutionAlgorithm algorithm, double? target, double? peer)
        => Case(threads, algorithm, target, peer, team =>
        {
            var (inputs, updates) = _traced.Value;
            var plan = Plan.Compile([], new PlanOptions { Updates = updates, Team = threads > 1 ? team : null, Convolution = algorithm });
            Fill(inputs, (input, values) => plan.Write(input, values));
            return new SpeedWork(plan.Run, plan.Dispose) { Bytes = plan.Bytes };
        });

    /// <summary>The step of one replica that is alone, on one thread.</summary>
    /// <param name="algorithm">How convolutions are computed; the share of the peak counts the multiplications of direct ones.</param>
    internal SpeedCase Alone(ConvolutionAlgorithm algorithm)
        => Case(1, algorithm, null, null, team =>
        {
            var (inputs, updates) = _traced.Value;
            var plan = ReplicaPlan.Compile(new ReplicaProgram { Updates = updates, Convolution = algorithm }, 1, layout: ReplicaLayout.Alone);
            Fill(inputs, (input, values) => plan.Write(input, 0, values));
            long step = 0;
            return new SpeedWork(() => step = ReplicaPlan.RunAll([plan], step, 1, team), plan.Dispose) { Bytes = plan.Bytes };
        });

    private SpeedCase Case(int threads, ConvolutionAlgorithm algorithm, double? target, double? peer, Func<Threading.Team, SpeedWork> prepare)
        => new(
            string.Create(CultureInfo.InvariantCulture, $"training step of {Name}{(algorithm == ConvolutionAlgorithm.Winograd ? ", Winograd" : "")}"),
            threads, SpeedUnit.Computations, 1, Operations(_traced.Value.Updates), target, "", prepare)
        {
            Peers = peer is { } time ? [new SpeedPeer("PyTorch 1.13", time)] : [],
        };

    private static void Fill(Sym[] inputs, Action<Sym, double[]> write)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            var values = new double[inputs[i].Shape.Count];
            new Random.RandomSequence(1, "speed").FillNormal(i, values);
            // second moments are not negative
            write(inputs[i], Array.ConvertAll(values, value => 0.1 * Math.Abs(value)));
        }
    }

    /// <summary>Multiplications and additions of all products and convolutions.</summary>
    private static double Operations(Update[] updates)
    {
        var operations = 0.0;
        foreach (var node in Canonical.TopologicalOrder(Canonical.Of([.. updates.Select(update => update.Next)], expandMacros: true)))
        {
            operations += node.Operation switch
            {
                ConvolutionSum sum when sum.Extents(node.Inputs[0].Shape, node.Inputs[1].Shape) is var shape => 2.0 * shape.ResultPixels * shape.PatchSize * shape.Filters,
                MatMul product => 2.0 * node.Shape.Count * node.Inputs[0].Shape[product.TransposeLeft ? -2 : -1],
                _ => 0,
            };
        }

        return operations;
    }
}

/// <summary>The inputs of a step, and what it overwrites.</summary>
/// <param name="Inputs">Images, targets, parameters and the states of an optimizer.</param>
/// <param name="Updates">New parameters and states.</param>
internal sealed record ImageTrace(Sym[] Inputs, Update[] Updates);
