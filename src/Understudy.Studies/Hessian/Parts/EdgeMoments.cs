using Understudy.Data.Formats;
using Understudy.Engine.LinearAlgebra.Krylov;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>What part edge has measured along one descent, and what it needs to go on with it.</summary>
internal sealed class EdgeMoments
{
    /// <summary>Steps of training done at each moment.</summary>
    internal List<int> Steps { get; } = [];

    /// <summary>λ₁·η/2 at each.</summary>
    internal List<double> Sharpness { get; } = [];

    /// <summary>L at each.</summary>
    internal List<double> Losses { get; } = [];

    /// <summary>‖∇L‖ at each.</summary>
    internal List<double> Gradients { get; } = [];

    /// <summary>Products with H in all.</summary>
    internal int Products { get; private set; }

    /// <summary>Largest residual of an eigenpair over λ₁.</summary>
    internal double Residual { get; private set; }

    /// <summary>The last eigenvector, from which the next search starts, so that it decides the last bits of what that finds.</summary>
    internal double[] Warm { get; private set; } = [];

    /// <summary>Takes up what <see cref="State"/> gave, and brings the descent to where it was.</summary>
    internal static EdgeMoments Of(IReadOnlyDictionary<string, Tensor> state, Descent descent)
    {
        var moments = new EdgeMoments { Products = state["products"].Integers[0], Residual = state["residual"].Doubles[0], Warm = state["warm"].Doubles.ToArray() };
        moments.Steps.AddRange(state["steps"].Integers);
        moments.Sharpness.AddRange(state["sharpness"].Doubles);
        moments.Losses.AddRange(state["losses"].Doubles);
        moments.Gradients.AddRange(state["gradients"].Doubles);
        descent.Continue(state["descended"].Integers[0], _ => state["parameters"].Doubles);
        return moments;
    }

    /// <summary>One more moment.</summary>
    internal void Add(int step, ExtremeEigenpairs pairs, double learningRate, double loss, double gradient)
    {
        Steps.Add(step);
        Sharpness.Add(pairs.Top.Values[0] * learningRate / 2);
        Losses.Add(loss);
        Gradients.Add(gradient);
        Products += pairs.Products;
        Residual = Math.Max(Residual, Curved.Residual(pairs.Top) / pairs.Top.Values[0]);
        Warm = pairs.Top.Vectors.ToArray();
    }

    /// <summary>Copies of all of it, and of where the descent is: plain descent has no other state than parameters and the number of the step.</summary>
    internal IReadOnlyList<Tensor> State(Descent descent) =>
    [
        Tensor.Of("descended", [(int)descent.Step], 1),
        Tensor.Of("parameters", descent.Parameters(0), descent.Size),
        Tensor.Of("steps", Steps.ToArray(), Steps.Count),
        Tensor.Of("sharpness", Sharpness.ToArray(), Steps.Count),
        Tensor.Of("losses", Losses.ToArray(), Steps.Count),
        Tensor.Of("gradients", Gradients.ToArray(), Steps.Count),
        Tensor.Of("products", [Products], 1),
        Tensor.Of("residual", [Residual], 1),
        Tensor.Of("warm", Warm, Warm.Length),
    ];
}
