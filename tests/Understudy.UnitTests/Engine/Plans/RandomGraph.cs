using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Random;

namespace Understudy.UnitTests.Engine.Plans;

/// <summary>A graph of random operations with values for its inputs: what a compiler must get right whatever the order of things.</summary>
internal sealed record RandomGraph(Sym[] Outputs, Dictionary<Sym, double[]> Values)
{
    private const int Operations = 25;

    internal static RandomGraph Of(int seed, int largest = 9)
    {
        var draws = new RandomSequence((ulong)seed, "graph");
        var at = 0;
        int Draw(int bound) => (int)(draws.Word(0, at++) % (uint)bound);
        var (rows, columns) = (2 + Draw(largest), 2 + Draw(largest));
        var inputs = new[] { Ops.Input(rows, columns), Ops.Input(rows, columns), Ops.Input(columns, columns), Ops.Input(columns), Ops.Input(Shape.Scalar) };
        var matrices = new List<Sym> { inputs[0], inputs[1] };
        var vectors = new List<Sym> { inputs[3] };
        Sym Matrix() => matrices[^(1 + Draw(Math.Min(6, matrices.Count)))];
        Sym Vector() => vectors[^(1 + Draw(Math.Min(4, vectors.Count)))];
        for (var i = 0; i < Operations; i++)
        {
            switch (Draw(15))
            {
                case 0: matrices.Add(Ops.Tanh(Ops.MatMul(Matrix(), inputs[2]) + Vector())); break;
                case 1: matrices.Add(Ops.Rectify(Ops.MatMul(Matrix(), inputs[2], transposeRight: true) + Vector(), 0.1)); break;
                case 2: matrices.Add(Matrix() + Matrix()); break;
                case 3: matrices.Add(0.3 * (Matrix() * Matrix())); break;
                case 4: vectors.Add(Ops.Tanh(Ops.Sum(Matrix(), 0))); break;
                case 5: matrices.Add(Matrix() - (0.5 * Vector())); break;
                case 6: matrices.Add(Ops.ScaledAdd(Matrix(), inputs[4], Matrix())); break;
                case 7: matrices.Add(Ops.Softmax(Matrix(), Draw(2))); break;
                case 8: matrices.Add(Ops.Sigmoid(Matrix()) * inputs[4]); break;
                case 9: vectors.Add(Ops.Rectify(Vector()) + Ops.LogSumExp(Matrix(), 0)); break;
                case 10: matrices.Add(Ops.Concat(1, Ops.Slice(Matrix(), 1, 1, columns - 1), Ops.Slice(Matrix(), 1, 0, 1))); break;
                case 11: matrices.Add(Ops.Transpose(Ops.Reshape(Ops.Transpose(Matrix()), new Shape(columns, rows)))); break;
                case 12: matrices.Add(Ops.Max(Matrix(), Ops.BroadcastAlong(Vector(), 0, rows))); break;
                case 13: matrices.Add(Ops.BroadcastAlong(Ops.Tanh(Ops.Sum(Matrix(), 1)), 1, columns)); break;
                default: matrices.Add(Ops.Pad(Ops.Slice(Matrix(), 0, 1, rows - 1), 0, 0, 1)); break;
            }
        }

        var loss = Ops.Sum(Ops.Square(Ops.Tanh(matrices[^1]))) + Ops.Sum(Matrix() * Matrix());
        var gradient = Transforms.Grad(loss, inputs[2], inputs[3]);
        var values = new Dictionary<Sym, double[]>();
        for (var i = 0; i < inputs.Length; i++)
        {
            values[inputs[i]] = new double[inputs[i].Shape.Count];
            draws.FillNormal(1 + i, values[inputs[i]]);
            for (var k = 0; k < values[inputs[i]].Length; k++)
                values[inputs[i]][k] *= 0.4;
        }

        return new RandomGraph([loss, matrices[^1], matrices[Operations / 4], .. gradient], values);
    }
}
