// The engine alone: trace a function once, differentiate it twice, compile it, run it.
using System.Globalization;
using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// <engine>
Sym x = Ops.Input(64, 20), y = Ops.Input(64, 3), w = Ops.Input(20, 3), v = Ops.Input(20, 3);
Sym loss = Ops.SoftmaxCrossEntropy(Ops.MatMul(x, w), y);
Sym[] gradient = Transforms.Grad(loss, w);
Sym[] curvature = Transforms.Hvp(loss, [w], [v]);                 // the Hessian times v, exactly

using var plan = Plan.Compile([loss, gradient[0], curvature[0]], new PlanOptions { Precision = DType.F64, Varying = [v] });
// </engine>

var draws = new RandomSequence(seed: 1, purpose: "sample");
double[] inputs = new double[64 * 20], weights = new double[60], direction = new double[60];
draws.FillNormal(0, inputs);
draws.FillNormal(1, weights);
draws.FillNormal(2, direction);
var labels = new double[64 * 3];
for (var row = 0; row < 64; row++)
    labels[(row * 3) + (int)(draws.Word(3, row) % 3)] = 1;

plan.Write(x, inputs);
plan.Write(y, labels);
plan.Write(w, weights);
plan.Prepare();                                                   // what depends on w alone, once
for (var i = 1; i <= 40; i++)
{
    plan.Write(v, direction);
    plan.Apply();                                                 // per direction: the rest
    plan.Read(2, direction);
    var norm = Math.Sqrt(direction.Sum(value => value * value));
    for (var k = 0; k < direction.Length; k++)
        direction[k] /= norm;
    if (i % 10 == 0)
        Console.WriteLine($"loss {plan.Scalar(0):F6}, power iteration {i}: largest curvature about {norm:F6}");
}
