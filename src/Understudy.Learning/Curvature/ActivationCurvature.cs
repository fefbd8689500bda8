using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Plans;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The second derivatives of one example's loss ℓ(f(x), y) by the network's inputs or by the pre-activations of one layer, with the parameters fixed.</summary>
/// <remarks>
/// Exact products in double precision, sixteen vectors in one pass. Of piecewise linear networks both matrices are the same, since the output is affine in what is varied. By
/// pre-activations they are the blocks of the layer's biases in H and G of that example alone. Not for two threads at once. Source: hessian specification, sections 2.1 and 9.
/// </remarks>
public sealed class ActivationCurvature : IDisposable
{
    // copies of the example, each with a vector of its own
    private const int Rows = 16;

    private readonly OutputLoss _loss;
    private readonly ParameterLayout _layout;
    private readonly ExampleSet _example;
    private readonly double[] _parameters;
    private readonly double[] _point;
    private readonly Sym _varied;
    private readonly Sym _direction;
    private readonly Sym _target;
    private readonly Sym[] _symbols;
    private readonly Sym _output;
    private Plan? _hessian;
    private Plan? _gaussNewton;

    private ActivationCurvature(
        INetwork network, OutputLoss loss, ExampleSet example, ReadOnlySpan<double> parameters, ReadOnlySpan<double> point, Func<Sym, IReadOnlyList<Sym>, Sym> output)
    {
        (_loss, _layout, _example, _parameters, _point) = (loss, network.Layout, example, parameters.ToArray(), point.ToArray());
        (_varied, _direction) = (Ops.Input("a", new Shape(Rows, Size)), Ops.Input("v", new Shape(Rows, Size)));
        _target = Ops.Input("y", new Shape(Rows, example.TargetWidth));
        _symbols = network.Layout.ToInputs();
        _output = output(_varied, _symbols);
    }

    /// <summary>n, the numbers that are varied.</summary>
    public int Size => _point.Length;

    /// <summary>Where the derivatives are taken: the example's inputs or pre-activations, [n].</summary>
    public ReadOnlySpan<double> Point => _point;

    /// <summary>∂²ℓ/∂a², [n, n].</summary>
    public ISymmetricOperator Hessian => new Matrix(_hessian ??= Compile(Transforms.Hvp(LossAt(_output), [_varied], [_direction])), _direction);

    /// <summary>(∂f/∂a)ᵀ A (∂f/∂a) with A = ∂²ℓ/∂f², [n, n]: positive semidefinite.</summary>
    public ISymmetricOperator GaussNewton => new Matrix(_gaussNewton ??= Compile(Transforms.Ggn(_output, LossAt, [_varied], [_direction])), _direction);

    /// <summary>By the inputs x.</summary>
    /// <param name="network">f.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="example">Which of them.</param>
    /// <param name="parameters">θ, in the order of the network's layout.</param>
    /// <exception cref="ArgumentException">Network, loss, examples and parameters do not fit together, or the network couples examples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example.</exception>
    public static ActivationCurvature ByInputs(INetwork network, OutputLoss loss, ExampleSet examples, int example, ReadOnlySpan<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(examples);
        examples.Check(network, loss);
        if (network.CouplesExamples)
            throw new ArgumentException("The network couples examples: one of them has no loss of its own.", nameof(network));
        if (parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network has {network.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
        var one = examples.Slice(example, 1);
        return new ActivationCurvature(network, loss, one, parameters, one.Inputs, network.Output);
    }

    /// <summary>By the pre-activations z of a layer; those of the last one are the output.</summary>
    /// <param name="point">The network on its examples.</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="example">Which of the examples.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or example.</exception>
    public static ActivationCurvature ByPreActivations(MlpPoint point, int layer, int example)
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, point.Network.Layers);
        var one = point.Examples.Slice(example, 1);
        var z = new MlpPass(point.On(one), 0, 1, null).PreActivations(layer);
        return new ActivationCurvature(point.Network, point.Loss, one, point.Parameters, z, (varied, symbols) => point.Network.OutputFrom(layer, varied, symbols));
    }

    /// <summary>∂ℓ/∂a, [n].</summary>
    public double[] Gradient()
    {
        using var plan = Compile(Transforms.Grad(LossAt(_output), _varied));
        plan.Apply();
        var gradients = new double[Rows * Size];
        plan.Read(0, gradients);
        return gradients[..Size];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hessian?.Dispose();
        _gaussNewton?.Dispose();
    }

    private Sym LossAt(Sym output) => Ops.Sum(_loss.PerExample(output, _target));

    private Plan Compile(Sym[] outputs)
    {
        var plan = Plan.Compile(outputs, new PlanOptions { Precision = DType.F64, Varying = [_direction] });
        plan.Write(_varied, Repeated(_point));
        plan.Write(_target, Repeated(_example.Targets));
        for (var i = 0; i < _symbols.Length; i++)
            plan.Write(_symbols[i], _layout.Slots[i].Of<double>(_parameters));
        plan.Prepare();
        return plan;
    }

    private static double[] Repeated(ReadOnlySpan<double> row)
    {
        var rows = new double[Rows * row.Length];
        for (var at = 0; at < rows.Length; at += row.Length)
            row.CopyTo(rows.AsSpan(at));
        return rows;
    }

    /// <summary>Products, as many vectors at once as there are copies of the example.</summary>
    private sealed class Matrix(Plan plan, Sym direction) : ISymmetricOperator
    {
        private readonly double[] _block = new double[direction.Shape.Count];

        public int Size => direction.Shape[1];

        public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
        {
            if (vectors.Length != products.Length || vectors.Length % Size != 0)
                throw new ArgumentException($"Vectors of {vectors.Length} and products of {products.Length} numbers are not rows of {Size}.", nameof(vectors));
            for (var start = 0; start < vectors.Length; start += _block.Length)
            {
                var length = Math.Min(_block.Length, vectors.Length - start);
                Array.Clear(_block, length, _block.Length - length);
                vectors.Slice(start, length).CopyTo(_block);
                plan.Write(direction, _block);
                plan.Apply();
                plan.Read(0, _block);
                _block.AsSpan(0, length).CopyTo(products[start..]);
            }
        }
    }
}
