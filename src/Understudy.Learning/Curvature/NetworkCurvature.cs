using Understudy.Engine.Graphs;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The matrices of second order of a network's loss L(θ) = (1/N) Σ ℓ(f(x_i), y_i) at a point, by their products with vectors.</summary>
/// <remarks>
/// <para>Products are exact derivatives of the traced loss (Pearlmutter 1994), without differences; what does not depend on the vector, the forward and backward pass, is computed once
/// per point. Rectifiers have second derivative 0 where they bend. Vectors and products are in double precision whatever the products are computed in.</para>
/// <para>Examples are cut into batches whose sums are added in order, so no number depends on the threads. Operators share the point: they follow <see cref="MoveTo"/>. Not for two
/// threads at once. Source: hessian specification, sections 1 and 2.</para>
/// </remarks>
public sealed class NetworkCurvature : IDisposable
{
    private readonly INetwork _network;
    private readonly OutputLoss _loss;
    private readonly ExampleSet _examples;
    private readonly CurvatureOptions _options;
    private readonly bool[] _isChosen;
    private readonly double[] _parameters;
    private readonly List<BatchedProduct> _products = [];
    private BatchedProduct? _gradient;
    private double[]? _gradientHere;
    private BatchedProduct? _hessian;
    private BatchedProduct? _gaussNewton;
    private BatchedProduct? _secondMoment;

    /// <summary>Curvature at a point.</summary>
    /// <param name="network">f.</param>
    /// <param name="loss">ℓ; the mean over examples is taken, without weight decay.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="parameters">θ, in the order of the network's layout.</param>
    /// <param name="options">Precision, block, batches, memory and threads.</param>
    /// <exception cref="ArgumentException">Network, loss, examples and parameters do not fit together, or the block is empty.</exception>
    public NetworkCurvature(INetwork network, OutputLoss loss, ExampleSet examples, ReadOnlySpan<double> parameters, CurvatureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(examples);
        examples.Check(network, loss);
        (_network, _loss, _examples, _options) = (network, loss, examples, (options ?? new CurvatureOptions()).For(network, examples));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.BatchRows, 1, nameof(options));
        _isChosen = [.. network.Layout.Slots.Select(slot => _options.Block?.Invoke(slot) ?? true)];
        Block = new ParameterLayout([.. network.Layout.Slots.Where((_, i) => _isChosen[i]).Select(slot => (slot.Name, slot.Shape))]);
        if (Block.Count == 0)
            throw new ArgumentException("No parameter is in the block.", nameof(options));
        _parameters = new double[network.Layout.Count];
        MoveTo(parameters);
    }

    /// <summary>The parameters of the block: where each stands in a vector of <see cref="Size"/>.</summary>
    public ParameterLayout Block { get; }

    /// <summary>P, the number of parameters in the block.</summary>
    public int Size => Block.Count;

    /// <summary>N.</summary>
    public int Examples => _examples.Count;

    /// <summary>H = ∇²L, symmetric, as a rule indefinite.</summary>
    public ISymmetricOperator Hessian => new Matrix(_hessian ??= Product(Sums.Hessian), Size);

    /// <summary>G = (1/N) Σ J_iᵀ A_i J_i, the generalised Gauss-Newton matrix: positive semidefinite. For a softmax it is the Fisher matrix, and for half squared errors that of a unit normal model.</summary>
    public ISymmetricOperator GaussNewton => new Matrix(_gaussNewton ??= Product(Sums.GaussNewton), Size);

    /// <summary>R = H − G = (1/N) Σ_i Σ_c r_ic ∇²f_ic, what the network's own curvature adds.</summary>
    public ISymmetricOperator Residual => new SumOperator(Hessian, GaussNewton, rightScale: -1);

    /// <summary>S = (1/N) Σ g_i g_iᵀ, the second moment of the gradients of single examples ("empirical Fisher").</summary>
    public ISymmetricOperator SecondMoment => new Matrix(_secondMoment ??= Product(Sums.SecondMoment), Size);

    /// <summary>S − g gᵀ, the covariance of the gradients of single examples.</summary>
    public ISymmetricOperator Covariance => new RankOneLess(SecondMoment, this);

    /// <summary>The point with closed forms; null where the network has none, or only a block of its parameters is taken.</summary>
    internal MlpPoint? ClosedForm => _network is Mlp own && _options.Block is null ? new MlpPoint(own, _loss, _examples, _parameters) : null;

    /// <summary>f.</summary>
    internal INetwork Network => _network;

    /// <summary>ℓ.</summary>
    internal OutputLoss Rule => _loss;

    /// <summary>The examples themselves.</summary>
    internal ExampleSet Set => _examples;

    /// <summary>What the operators that were used keep, in bytes.</summary>
    internal long KeptBytes => _products.Sum(product => product.Bytes);

    /// <summary>The threads.</summary>
    internal Team? Team => _options.Team;

    /// <summary>Vectors J_iᵀ u of the block at the point, whatever the network.</summary>
    internal PulledRows Rows() => new(_network, _examples, _parameters, _isChosen, _options.Precision);

    /// <summary>Writes r of one example.</summary>
    internal void WriteResidual(ReadOnlySpan<double> output, int example, Span<double> residual)
        => _loss.Residual(output, _examples.Targets.Slice(example * _examples.TargetWidth, _examples.TargetWidth), residual);

    /// <summary>Writes the columns of B, A = B Bᵀ, of one example as rows [C, C].</summary>
    internal void WriteRoots(ReadOnlySpan<double> output, int example, Span<double> roots) => _loss.Roots(output, roots);

    /// <summary>Goes to another point; every operator of this object then is taken there.</summary>
    /// <exception cref="ArgumentException">The parameters are not those of the network.</exception>
    public void MoveTo(ReadOnlySpan<double> parameters)
    {
        if (parameters.Length != _parameters.Length)
            throw new ArgumentException($"The network has {_parameters.Length} parameters, but was given {parameters.Length}.", nameof(parameters));
        parameters.CopyTo(_parameters);
        _gradientHere = null;
        foreach (var product in _products)
            product.MoveTo(_parameters);
    }

    /// <summary>L at the point.</summary>
    public double Loss()
    {
        Gradient(out var loss);
        return loss;
    }

    /// <summary>g = ∇L of the block, [P].</summary>
    public double[] Gradient() => Gradient(out _);

    /// <summary>g = ∇L of the block, [P], and L.</summary>
    public double[] Gradient(out double loss)
    {
        _gradient ??= Product(Sums.Gradient);
        var sums = new double[Size + 1];
        _gradient.Evaluate(sums);
        loss = sums[Size];
        return sums[..Size];
    }

    /// <summary>The bytes that operators take at least: the passes of one batch each, in which the others take turns. Known before they are used, and nothing is allocated for it.</summary>
    /// <param name="operators">Those that will be used. The rest R takes H and G, a covariance S and the gradient.</param>
    public long LeastBytes(CurvatureOperators operators)
    {
        (CurvatureOperators Kind, Func<TracedLoss, Sym[]> Outputs)[] all =
        [
            (CurvatureOperators.Gradient, Sums.Gradient), (CurvatureOperators.Hessian, Sums.Hessian), (CurvatureOperators.GaussNewton, Sums.GaussNewton), (CurvatureOperators.SecondMoment, Sums.SecondMoment),
        ];
        return all.Where(item => operators.HasFlag(item.Kind)).Sum(item => BatchedProduct.LeastBytes(_network, _loss, _examples, _isChosen, item.Outputs, _options));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var product in _products)
            product.Dispose();
    }

    private BatchedProduct Product(Func<TracedLoss, Sym[]> outputs)
    {
        // operators live side by side, as the two of a difference do: each has what those before it left
        var left = _options with { MemoryBytes = Math.Max(0, _options.MemoryBytes - KeptBytes) };
        var product = new BatchedProduct(_network, _loss, _examples, _isChosen, outputs, left);
        product.MoveTo(_parameters);
        _products.Add(product);
        return product;
    }

    /// <summary>A sum over batches as a matrix.</summary>
    private sealed class Matrix(BatchedProduct product, int size) : ISymmetricOperator
    {
        public int Size => size;

        public void Apply(ReadOnlySpan<double> vectors, Span<double> products) => product.Apply(vectors, products);
    }

    /// <summary>Less g gᵀ, with the gradient of the point it stands at.</summary>
    private sealed class RankOneLess(ISymmetricOperator matrix, NetworkCurvature curvature) : ISymmetricOperator
    {
        public int Size => matrix.Size;

        public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
        {
            matrix.Apply(vectors, products);
            var direction = curvature._gradientHere ??= curvature.Gradient();
            for (var start = 0; start < vectors.Length; start += Size)
            {
                var share = Dense.Dot(direction, vectors.Slice(start, Size));
                FeatureRows.AddScaled(-share, direction, products.Slice(start, Size));
            }
        }
    }
}
