using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>The part of a gradient that a step follows.</summary>
public enum StepSpace
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Its projection to the space of the leading eigenvectors of the Hessian.</summary>
    Top,

    /// <summary>What is left beside that space.</summary>
    Bulk,
}

/// <summary>How a projected training goes.</summary>
public sealed record ProjectedDescentOptions
{
    /// <summary>What steps follow.</summary>
    public StepSpace Space { get; init; } = StepSpace.Bulk;

    /// <summary>k, the leading eigenvectors; as a rule the number of classes.</summary>
    public int Dimensions { get; init; } = 10;

    /// <summary>η.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Steps.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Steps between searches for eigenvectors, and between entries of the record; each search starts from the vectors before.</summary>
    public int RefreshEvery { get; init; } = 10;

    /// <summary>Examples in a step, drawn in passes over all of them in new orders; every pass leaves out the N mod BatchSize at the end of its order. Null for all at once.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The relative residual of eigenpairs.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>The seed of orders and start vectors.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Gradient descent whose steps stay in the space of the leading eigenvectors of the Hessian, or beside it.</summary>
/// <remarks>
/// Whether what a gradient has in the top space is what lowers the loss: Gur-Ari, Roberts and Dyer 2018 found most of the gradient there, Song, Ahn and Yun 2024 that training does without it. Eigenvectors are those of the
/// loss on all examples, whatever the batches. Costs a gradient per step, and a search for k eigenpairs per <see cref="ProjectedDescentOptions.RefreshEvery"/> steps. Source: hessian specification, section 3.7.
/// </remarks>
public sealed class ProjectedDescent
{
    private ProjectedDescent(double[] end, IReadOnlyList<ProjectedDescentPoint> record) => (End, Record) = (end, record);

    /// <summary>θ at the end, [P].</summary>
    public IReadOnlyList<double> End { get; }

    /// <summary>What was seen at every search, and at the end.</summary>
    public IReadOnlyList<ProjectedDescentPoint> Record { get; }

    /// <summary>Descends from a point.</summary>
    /// <param name="start">θ, which stays as it is.</param>
    /// <param name="curvature">The network on its examples, all of its parameters; stands at the end afterwards.</param>
    /// <param name="options">Space, steps and batches.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per step, and in searches.</param>
    /// <exception cref="ArgumentException">The curvature is of a block, or the start is not as long as the network's parameters.</exception>
    /// <exception cref="ArithmeticException">A product with the Hessian is not finite, as where steps diverge.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static ProjectedDescent Run(
        double[] start, NetworkCurvature curvature, ProjectedDescentOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(curvature);
        options ??= new ProjectedDescentOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RefreshEvery, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Steps, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Dimensions, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Dimensions, curvature.Size, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize ?? 1, 1, nameof(options));
        if (curvature.Size != curvature.Network.Layout.Count)
            throw new ArgumentException("Steps move all parameters, but the curvature is of a block of them.", nameof(curvature));
        curvature.MoveTo(start);
        using var gradients = new Gradients(curvature, options);
        var (point, space, record) = ((double[])[.. start], Array.Empty<double>(), new List<ProjectedDescentPoint>());
        for (var step = 0; step <= options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (step % options.RefreshEvery == 0 || step == options.Steps)
            {
                curvature.MoveTo(point);
                space = TopSpace(curvature, options, space, cancellation);
                var whole = curvature.Gradient(out var loss);
                record.Add(new ProjectedDescentPoint(step, loss, Subspaces.Share(space, whole)));
            }

            if (step == options.Steps)
                break;
            var gradient = gradients.At(point, step);
            Dense.Add(-options.LearningRate, Projected(gradient, space, options.Space), point);
            progress?.Report((step + 1.0) / options.Steps);
        }

        return new ProjectedDescent(point, record);
    }

    private static double[] TopSpace(NetworkCurvature curvature, ProjectedDescentOptions options, double[] warm, CancellationToken cancellation)
    {
        var search = new EigenpairOptions { Top = options.Dimensions, Tolerance = options.Tolerance, Seed = options.Seed, WarmStart = warm, Team = curvature.Team };
        var pairs = ExtremeEigenpairs.Of(curvature.Hessian, search, cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        return pairs.Top.Vectors.ToArray();
    }

    private static double[] Projected(double[] gradient, ReadOnlySpan<double> space, StepSpace kind)
    {
        if (kind == StepSpace.Whole)
            return gradient;
        var within = new double[gradient.Length];
        for (var start = 0; start < space.Length; start += gradient.Length)
        {
            var axis = space.Slice(start, gradient.Length);
            Dense.Add(Dense.Dot(axis, gradient), axis, within);
        }

        return kind == StepSpace.Top ? within : Vectors.Difference(gradient, within);
    }

    /// <summary>Gradients of all examples, or of batches in drawn orders.</summary>
    private sealed class Gradients : IDisposable
    {
        private readonly NetworkCurvature _curvature;
        private readonly BatchSums? _batch;
        private readonly RandomSequence _orders;
        private readonly int[] _order;
        private readonly int _rows;

        internal Gradients(NetworkCurvature curvature, ProjectedDescentOptions options)
        {
            (_curvature, _order, _orders) = (curvature, new int[curvature.Examples], new RandomSequence(options.Seed, "landscape/projected/order"));
            _rows = Math.Min(options.BatchSize ?? int.MaxValue, curvature.Examples);
            _batch = _rows == curvature.Examples ? null : new BatchSums(curvature.Network, curvature.Rule, curvature.Set, _rows, _rows, Curvature.Sums.Gradient, curvature.Team);
        }

        public void Dispose() => _batch?.Dispose();

        internal double[] At(double[] point, int step)
        {
            if (_batch is null)
            {
                _curvature.MoveTo(point);
                return _curvature.Gradient();
            }

            var (steps, gradient) = (_order.Length / _rows, new double[point.Length + 1]);
            if (step % steps == 0)
                _orders.FillPermutation(step / steps, _order);
            _batch.Load(_order.AsSpan(step % steps * _rows, _rows));
            _batch.MoveTo(point);
            _batch.Run(gradient);
            return gradient[..^1];
        }
    }
}

/// <summary>A point of a projected training.</summary>
/// <param name="Step">Steps made so far.</param>
/// <param name="Loss">L on all examples.</param>
/// <param name="GradientShare">‖U g‖²/‖g‖², of the gradient of all examples in its top space.</param>
public readonly record struct ProjectedDescentPoint(int Step, double Loss, double GradientShare);
