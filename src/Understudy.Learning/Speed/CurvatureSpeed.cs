using System.Globalization;
using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Random;
using Understudy.Engine.Speed;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;

namespace Understudy.Learning.Speed;

/// <summary>Curvature of trained networks: products with the Hessian, whole Hessians, eigenvalues, densities and traces.</summary>
/// <remarks>
/// Peers were recorded on another processor, in processor time of one core and in single precision but for the eigenvalues, and stand beside workloads of one thread only; those of
/// 784-128-10 on Fashion-MNIST, where we draw images, so there the number of products may differ. PyHessian stopped by its default tolerance, where its first eigenvalue was 0.4 % low;
/// ours to residuals of 1e-2 are off by about their square, 6e-5 for the worst of the ten. Targets are those of the hessian specification, section 11, and of the engine's,
/// section 3, whose whole Hessians were in single precision; ours are in double precision.
/// </remarks>
public static class CurvatureSpeed
{
    private const string BestPeer = "the best peer";
    private const string RowByRow = "row by row double backward";
    private const string Lapack = "LAPACK";
    private const string MathNet = "MathNet";
    private const string HutchPlusPlus = "Hutch++";

    /// <summary>The residual with which all ten eigenvalues are far nearer than PyHessian's by default, which a test checks.</summary>
    internal const double LooseTolerance = 1e-2;

    private const int StepsBehindOutliers = 20;

    private static readonly SpeedPeer[] OnDigits = [new("ARPACK", 130), new("PyHessian", 1160)];
    private static readonly SpeedPeer[] OnFashion = [new("ARPACK on Fashion-MNIST", 910), new("PyHessian on Fashion-MNIST", 3600)];

    private static readonly Network Digits = new(() => CurvaturePoints.Digits, 1797, 64, 64, 10);
    private static readonly Network Images = new(() => CurvaturePoints.DrawnImages, 2000, 784, 128, 10);

    /// <summary>The workloads: time per product or computation.</summary>
    public static IReadOnlyList<SpeedCase> All { get; } =
    [
        Products(Digits, DType.F32, 1, 1, 2.5, 2.5),
        Products(Digits, DType.F32, 16, 1, 1.2, 2.5),
        Products(Digits, DType.F32, 16, 2),
        Products(Digits, DType.F64, 1, 1, null, 2.5),
        Products(Digits, DType.F64, 16, 1, null, 2.5),
        Products(Digits, DType.F64, 16, 2),
        Products(Images, DType.F32, 1, 1, 18, 18),
        Products(Images, DType.F32, 16, 1, 9, 18),
        Products(Images, DType.F32, 16, 2),
        Products(Images, DType.F64, 1, 1, null, 18),
        Products(Images, DType.F64, 16, 1, null, 18),
        Products(Images, DType.F64, 16, 2),

        Exact("20-25-15-10, P = 1075, N = 1000", () => CurvaturePoints.Drawn(1000, 20, 25, 15, 10), 1, 80, RowByRow, 530),
        Exact("20-25-15-10, P = 1075, N = 1000", () => CurvaturePoints.Drawn(1000, 20, 25, 15, 10), 2, 60),
        Exact("30-60-40-10, P = 4710, N = 1000", () => CurvaturePoints.Drawn(1000, 30, 60, 40, 10), 1, 630, RowByRow, 5600),
        Exact("30-60-40-10, P = 4710, N = 1000", () => CurvaturePoints.Drawn(1000, 30, 60, 40, 10), 2, 440),
        Exact(Digits.Name, Digits.Point, 1, 18_000, BestPeer, 17_900),

        Eigenvalues(1000, 1, 90, new SpeedPeer(Lapack, 60), new SpeedPeer(MathNet, 2900)),
        Eigenvalues(1000, 2, null),
        Eigenvalues(2000, 1, 900, new SpeedPeer(Lapack, 600), new SpeedPeer(MathNet, 32_700)),
        Eigenvalues(2000, 2, 460),
        Eigenvalues(5000, 1, 16_700, new SpeedPeer(Lapack, 14_000)) with { IsLong = true },
        Eigenvalues(5000, 2, null) with { IsLong = true },

        Eigenpairs(Digits, DType.F32, 1e-6, 1, 116, OnDigits),
        Eigenpairs(Digits, DType.F64, 1e-6, 1, 116, OnDigits),
        Eigenpairs(Digits, DType.F64, 1e-6, 2, null),
        Eigenpairs(Images, DType.F32, 1e-6, 1, 360, OnFashion),
        Eigenpairs(Images, DType.F64, 1e-6, 1, 360, OnFashion),
        Eigenpairs(Images, DType.F64, 1e-6, 2, null),
        Eigenpairs(Images, DType.F32, 1e-3, 1, 360, OnFashion[1]),
        Eigenpairs(Images, DType.F32, LooseTolerance, 1, 360, OnFashion[1]),

        Density(Digits, Reorthogonalization.None, 1, 4000, 7500),
        Density(Digits, Reorthogonalization.None, 2),
        Density(Digits, Reorthogonalization.Full, 1, 4000, 7500),
        Density(Images, Reorthogonalization.None, 1, 13_000, 25_000) with { IsLong = true },
        Density(Images, Reorthogonalization.None, 2) with { IsLong = true },
        Density(Images, Reorthogonalization.Full, 1, 13_000, 25_000) with { IsLong = true },
        DensityBehindOutliers(Digits, 750, 7500),
        DensityBehindOutliers(Images, 2500, 25_000),

        ExactTrace(Digits, 20, 770),
        ExactTrace(Images, 200, 3300),
        SketchedTrace(Digits, 770),
        SketchedTrace(Images, 3300),
    ];

    /// <summary>Products with the Hessian, forward and backward pass kept.</summary>
    private static SpeedCase Products(Network network, DType precision, int vectors, int threads, double? target = null, double? peer = null)
        => OnHessian(
            $"Hessian-vector product, {(vectors == 1 ? "one vector" : $"one of a block of {vectors}")}, {precision}: {network.Name}",
            network, precision, threads, vectors, target,
            (hessian, _) =>
            {
                var (block, products) = (new double[vectors * hessian.Size], new double[vectors * hessian.Size]);
                new RandomSequence(1, "speed/vectors").FillNormal(0, block);
                return () => hessian.Apply(block, products);
            }) with
        {
            Operations = vectors * network.ProductOperations,
            Precision = precision,
            Peers = peer is { } time ? [new SpeedPeer(BestPeer, time)] : [],
        };

    private static SpeedCase Exact(string name, Func<MlpPoint> point, int threads, double target, string? peer = null, double time = 0)
        => Computation($"exact Hessian: {name}", threads, 1, target, team =>
        {
            var (at, options) = (point(), new ExactOptions { Team = team });
            return new SpeedWork(() => ExactHessian.Of(at, options), () => { });
        }) with
        {
            Peers = peer is null ? [] : [new SpeedPeer(peer, time)],
        };

    private static SpeedCase Eigenvalues(int size, int threads, double? target, params SpeedPeer[] peers)
        => Computation($"all eigenvalues of a symmetric matrix, n = {size}", threads, 1, target, team =>
        {
            var matrix = new double[size * size];
            new RandomSequence(1, "speed/matrix").FillNormal(0, matrix);
            return new SpeedWork(() => SymmetricEigenvalues.Of(matrix, size, team), () => { });
        }) with
        {
            Peers = peers,
        };

    private static SpeedCase Eigenpairs(Network network, DType precision, double tolerance, int threads, double? target, params SpeedPeer[] peers)
        => OnHessian(string.Create(CultureInfo.InvariantCulture, $"ten largest eigenpairs to {tolerance:0e-0}, {precision}: {network.Name}"), network, precision, threads, 1, target, (hessian, team) =>
        {
            var options = new EigenpairOptions { Top = 10, Tolerance = tolerance, Team = team };
            return () => ExtremeEigenpairs.Of(hessian, options);
        }) with
        {
            Peers = peers,
        };

    private static SpeedCase Density(Network network, Reorthogonalization reorthogonalization, int threads, double? target = null, double? peer = null)
    {
        var word = reorthogonalization == Reorthogonalization.Full ? "with" : "without";
        return OnHessian(
            $"spectral density, 10 probes x 100 steps {word} reorthogonalization, F32: {network.Name}", network, DType.F32, threads, 1, target,
            (hessian, team) =>
            {
                var options = new QuadratureOptions { Probes = 10, Steps = 100, BlockSize = 10, Reorthogonalization = reorthogonalization, Team = team };
                return () => SpectralMeasure.Estimate(hessian, options);
            }) with
        {
            Peers = peer is { } time ? [new SpeedPeer(BestPeer, time)] : [],
        };
    }

    /// <summary>With the outliers known, few steps reach the accuracy of a hundred on the linear axis, which a test checks; on an axis that tells orders of magnitude apart they do not.</summary>
    private static SpeedCase DensityBehindOutliers(Network network, double target, double peer)
        => OnHessian($"spectral density as near as 10 probes x 100 steps, by 10 outliers and 10 probes x {StepsBehindOutliers} steps, F32: {network.Name}", network, DType.F32, 1, 1, target, (hessian, team) => () => BehindOutliers(hessian, 1, team)) with
        {
            Peers = [new SpeedPeer("the best peer, 10 probes x 100 steps", peer)],
        };

    /// <summary>The measure of what lies behind the ten largest eigenvalues, with these.</summary>
    internal static SpectralMeasure BehindOutliers(ISymmetricOperator hessian, ulong seed, Team? team)
    {
        var top = ExtremeEigenpairs.Of(hessian, new EigenpairOptions { Top = 10, Tolerance = LooseTolerance, Seed = seed, Team = team }).Top;
        return SpectralMeasure.Estimate(hessian, top.Values, top.Vectors, new QuadratureOptions { Probes = 10, Steps = StepsBehindOutliers, BlockSize = 10, Seed = seed, Team = team });
    }

    private static SpeedCase ExactTrace(Network network, double target, double peer)
        => Computation($"exact trace: {network.Name}", 1, 1, target, team =>
        {
            var point = network.Point();
            return new SpeedWork(() => ExactTraces.Of(point, team), () => { });
        }) with
        {
            Peers = [new SpeedPeer(HutchPlusPlus, peer)],
        };

    private static SpeedCase SketchedTrace(Network network, double peer)
        => OnHessian($"trace by XTrace, 99 products, F32: {network.Name}", network, DType.F32, 1, 1, null, (hessian, team) =>
        {
            var options = new SketchOptions { Products = 99, Team = team };
            return () => XTrace.Trace(hessian, options);
        }) with
        {
            Peers = [new SpeedPeer(HutchPlusPlus, peer)],
        };

    /// <summary>Something that is done with the Hessian as an operator.</summary>
    private static SpeedCase OnHessian(
        string name, Network network, DType precision, int threads, int work, double? target, Func<ISymmetricOperator, Team, Action> run)
        => Computation(name, threads, work, target, team =>
        {
            var curvature = CurvaturePoints.Curvature(network.Point(), new CurvatureOptions { Precision = precision, Team = team });
            return new SpeedWork(run(curvature.Hessian, team), curvature.Dispose);
        });

    private static SpeedCase Computation(string name, int threads, int work, double? target, Func<Team, SpeedWork> prepare)
        => new(name, threads, SpeedUnit.Computations, work, 0, target, "", prepare);

    /// <summary>A network whose point is found when it is first needed.</summary>
    /// <param name="Point">The trained network on its examples.</param>
    /// <param name="Examples">N.</param>
    /// <param name="Inputs">d.</param>
    /// <param name="Hidden">The width of the hidden layer.</param>
    /// <param name="Outputs">C.</param>
    private sealed record Network(Func<MlpPoint> Point, int Examples, int Inputs, int Hidden, int Outputs)
    {
        internal string Name => string.Create(CultureInfo.InvariantCulture, $"{Inputs}-{Hidden}-{Outputs}, N = {Examples}");

        /// <summary>Of one product: two matrix products with the inputs, six between hidden layer and outputs.</summary>
        internal double ProductOperations => Examples * ((4.0 * Inputs * Hidden) + (12.0 * Hidden * Outputs));
    }
}
