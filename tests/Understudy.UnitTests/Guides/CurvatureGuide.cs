using Understudy.Data.Datasets;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Guides;

/// <summary>The code of <c>docs/curvature</c>: compiled; what it calls has tests of its own.</summary>
internal static class CurvatureGuide
{
    internal static void Train(ulong seed, int steps, string path)
    {
        // <sample-model>
        var digits = OpticalDigits.Load().First(1000);
        double[] inputs = [.. digits.Images.ToArray().Select(grey => grey / (double)OpticalDigits.Largest)];
        double[] labels = [.. digits.Labels.ToArray().Select(label => (double)label)];
        var network = Mlp.Relu(64, 16, 10);
        using var evaluator = new LossEvaluator(network, OutputLoss.CrossEntropy, new ExampleSet(inputs, labels, digits.Count));

        double[] start = FanInUniform.Of(network, 1, layer => new RandomSequence(seed, $"layer {layer}"));
        double[] end = FullBatchDescent.Run(start, evaluator, new DescentOptions { LearningRate = 0.5, Steps = steps });

        using var file = File.Create(path);
        SafeTensors.Write(file, [.. network.Layout.Slots.Select(slot => Tensor.Of(slot.Name, slot.Of<double>(end).ToArray(), slot.Shape.Extents.ToArray()))]);
        // </sample-model>
    }

    internal static double[] Products(Mlp network, ExampleSet examples, double[] theta, double[] later, Team team)
    {
        // <products>
        using var curvature = new NetworkCurvature(network, OutputLoss.CrossEntropy, examples, theta, new CurvatureOptions { Team = team });
        double[] vectors = new double[16 * curvature.Size], products = new double[vectors.Length];
        new RandomSequence(1, "vectors").FillNormal(0, vectors);

        curvature.Hessian.Apply(vectors, products);          // [16, P]: row i is H times row i
        curvature.GaussNewton.Apply(vectors, products);      // the same of G; Residual, SecondMoment, Covariance likewise
        double[] gradient = curvature.Gradient(out double loss);
        curvature.MoveTo(later);                             // every operator follows
        // </products>
        return [.. gradient, loss];
    }

    internal static (double[] Hessian, double[] Gram, double Trace, IReadOnlyList<double> Variances) Exact(Mlp network, ExampleSet examples, double[] theta, Team team)
    {
        // <exact>
        var point = new MlpPoint(network, OutputLoss.CrossEntropy, examples, theta);
        double[] hessian = ExactHessian.Of(point, new ExactOptions { Matrix = CurvatureMatrix.Hessian, Team = team });   // [P, P]
        double[] gram = ExampleGradients.Gram(point, team);                                                              // [N, N]: g_i·g_j
        var traces = ExactTraces.Of(point, team);
        double trace = traces.Hessian ?? traces.GaussNewton;                                                             // null for curved activations
        var diagonals = ExactDiagonals.Of(point, team);
        IReadOnlyList<double> variances = diagonals.Covariance;                                                          // [P], as are .GaussNewton, .SquareSums, .Hessian
        // </exact>
        return (hessian, gram, trace, variances);
    }

    internal static (double[] Step, double[] Inputs) Kronecker(MlpPoint point, double[] gradient, Team team)
    {
        // <kronecker>
        var factors = KroneckerFactors.Of(point, new KroneckerOptions { Team = team });
        KroneckerCurvature ekfac = factors.Ekfac();
        double[] step = new double[ekfac.Size];
        ekfac.Solve(damping: 1e-2, gradient, step);                                   // (K + μI)⁻¹ g
        double[] inputs = factors.Layers[0].OfInputs.ToArray();                       // A of the first layer, [n + 1, n + 1]
        // </kronecker>
        return (step, inputs);
    }

    internal static LayerFactors Convolutions(ExampleSet examples, ulong seed, Team team)
    {
        // <convolutions>
        var network = LayeredNetwork.Convolutional(new Shape(8, 8, 1), filters: [8, 16], widths: [32, 10]);
        double[] theta = FanInUniform.Of(network, 1, layer => new RandomSequence(seed, $"layer {layer}"));
        var factors = KroneckerFactors.Of(network, OutputLoss.CrossEntropy, examples, theta, new KroneckerOptions { Setting = KroneckerSetting.Reduce, Team = team });
        LayerFactors second = factors.Layers[1];                                      // 3·3·8 + 1 inputs of a patch, 16 filters
        // </convolutions>
        return second;
    }

    internal static (double[] Change, Eigenpairs Sharpest) Activations(Mlp network, MlpPoint point, ExampleSet examples, double[] theta)
    {
        // <activations>
        using var byInputs = ActivationCurvature.ByInputs(network, OutputLoss.CrossEntropy, examples, example: 0, theta);
        double[] pixels = new double[byInputs.Size], change = new double[pixels.Length];
        byInputs.Hessian.Apply(pixels, change);                                       // how ∂ℓ/∂x changes along a direction
        using var byNodes = ActivationCurvature.ByPreActivations(point, layer: 0, example: 0);
        var sharpest = ExtremeEigenpairs.Of(byNodes.GaussNewton, new EigenpairOptions { Top = 1 }).Top;
        // </activations>
        return (change, sharpest);
    }

    internal static (double Largest, double[] Vector) Dense(double[] hessian, int size, Team team)
    {
        // <dense>
        var spectrum = SymmetricEigenvalues.Of(hessian, size, team);                  // ascending, no vectors
        double largest = spectrum.Values[^1];
        var five = SymmetricEigen.Of(hessian, size, ^5.., team);                      // the five largest with vectors [5, P]
        double[] vector = five.Vector(4).ToArray();                                   // that of the largest
        // </dense>
        return (largest, vector);
    }

    internal static (ExtremeEigenpairs Pairs, ExtremeEigenpairs Tail, double[] Solution) Krylov(NetworkCurvature curvature, double[] later)
    {
        // <krylov>
        var options = new EigenpairOptions { Top = 10, Bottom = 3, VerifiesResiduals = true };
        var pairs = ExtremeEigenpairs.Of(curvature.Hessian, options);
        var tail = NegativeTail.Of(curvature.Hessian, options with { Bottom = 20, MemoryBytes = 1L << 24 });
        double[] solution = Minres.Solve(curvature.Hessian, curvature.Gradient(), new LinearSolverOptions { Shift = 0.1 }).Solution.ToArray();

        curvature.MoveTo(later);
        pairs = ExtremeEigenpairs.Of(curvature.Hessian, options with { WarmStart = pairs.Top.Vectors.ToArray() });
        // </krylov>
        return (pairs, tail, solution);
    }

    internal static (SpectralDensity Density, SpectralShare Share, SampledValue Dimension) Density(NetworkCurvature curvature)
    {
        // <density>
        var outliers = ExtremeEigenpairs.Of(curvature.Hessian, new EigenpairOptions { Top = 10 }).Top;
        var measure = SpectralMeasure.Estimate(curvature.Hessian, outliers.Values, outliers.Vectors, new QuadratureOptions { Probes = 10, Steps = 80 });
        var density = SpectralDensity.Of(measure, SpectralAxis.Asinh(1e-3));       // no further product, whatever the axis and the width
        SpectralShare share = measure.ShareUpTo(0);                                // with its band, without a width
        SampledValue dimension = SpectralFunctions.EffectiveDimension(measure, mu: 1e-3);
        // </density>
        return (density, share, dimension);
    }

    internal static (TraceEstimate Trace, BlockTraces Layers, DiagonalEstimate Diagonal) Traces(NetworkCurvature curvature)
    {
        // <traces>
        var trace = XTrace.Trace(curvature.Hessian, new SketchOptions { Products = 60 });
        int[] offsets = [.. curvature.Block.Slots.Select(slot => slot.Offset), curvature.Size];
        var layers = Hutchinson.Blocks(curvature.Hessian, offsets, new ProbeOptions { Samples = 1000, RelativeTolerance = 0.05 });
        var diagonal = XDiag.Diagonal(curvature.Hessian, new SketchOptions { Products = 200 });
        // </traces>
        return (trace, layers, diagonal);
    }

    internal static (OutlierCount Outliers, double Overlap, double Share, TopSpaceDrift Drift, double Distance) Structure(MlpPoint point, NetworkCurvature curvature, double[] bulk, double[] later)
    {
        // <structure>
        var top = ExtremeEigenpairs.Of(curvature.GaussNewton, new EigenpairOptions { Top = 60 }).Top;
        var outliers = OutlierCount.Of(top.Values, cutOff: 0.1);
        var classes = ClassStructure.Of(point);
        double overlap = Subspaces.Overlap(classes.LeadingEigenvectors(9), top.Vectors[..(9 * curvature.Size)], curvature.Size);
        double share = Subspaces.Share(top.Vectors[..(9 * curvature.Size)], curvature.Gradient());
        var track = new TopSpaceTrack(curvature);
        track.Add(top.Vectors[..(9 * curvature.Size)]);
        curvature.MoveTo(later);
        TopSpaceDrift drift = track.Add(ExtremeEigenpairs.Of(curvature.GaussNewton, new EigenpairOptions { Top = 9 }).Top.Vectors).SinceLast!;
        var bulkOnly = ProjectedDescent.Run(later, curvature, new ProjectedDescentOptions { Space = StepSpace.Bulk, Dimensions = 10 });
        double distance = new MarchenkoPastur(alpha: 0.5).DistanceTo(bulk);
        // </structure>
        return (outliers, overlap, share, drift, bulkOnly.Record[^1].Loss + distance);
    }

    internal static (LossLine Line, LossAndAccuracy[] Losses, LossLine Between) Landscape(
        Mlp network, LossEvaluator evaluator, double[] a, double[] b, LayeredNetwork residual, ExampleSet train, ExampleSet test, double[] c, double[] d)
    {
        // <landscape>
        var line = LossLine.Between(a, b, evaluator);                              // t = −1 … 2; line.Barrier.Height
        var draws = new RandomSequence(1, "plane");
        double[] Direction(int index) => Directions.Random(network.Layout, a, draws, index);
        var grid = PlaneGrid.Around(new ParameterPlane(a, Direction(0), Direction(1)), points: 21);
        LossAndAccuracy[] losses = LossPlane.Evaluate(grid, evaluator);            // number x + 21 y
        using var normalized = new LossEvaluator(residual, OutputLoss.CrossEntropy, test) { Calibration = train };
        var between = LossLine.Between(c, d, normalized);                          // batch statistics of train, anew at every t
        // </landscape>
        return (line, losses, between);
    }

    internal static (CurveProfile Curve, CurveProfile Band, double[] Ordered, EnsembleComparison Ensemble) Curves(
        Mlp network, LossEvaluator evaluator, double[] a, double[] b, LayeredNetwork residual, double[] c, double[] d, LossEvaluator test)
    {
        // <curves>
        double[] matched = NodeMatching.ByWeights(network, a, b).Apply(b);
        var bezier = ModeConnection.Train(a, matched, evaluator, new ModeConnectionOptions { Epochs = 50, WeightDecay = 0 });
        var band = NudgedElasticBand.Relax(a, matched, evaluator);
        var curveProfile = CurveProfile.Of(bezier, evaluator);                     // 61 points: losses, barrier, length
        var bandProfile = CurveProfile.Of(band, evaluator);

        var groups = PermutationGroups.Of(residual);                               // a LayeredNetwork, such as ResNet.Of(…).Then(head)
        double[] ordered = PermutationMatching.ByWeights(groups, c, d).Apply(d);   // computes what d does

        var members = FastEnsemble.Collect(a, evaluator, new FastEnsembleOptions { Cycles = 6, CycleEpochs = 4 });
        var ensemble = EnsembleComparison.Of(members, test);                       // .MeanLoss, .OfMeanPrediction, .OfMeanWeights
        // </curves>
        return (curveProfile, bandProfile, ordered, ensemble);
    }

    internal static (SharpnessComparison Both, double Factor) Sharp(LossEvaluator evaluator, NetworkCurvature curvature, double[] theta)
    {
        // <sharpness>
        var both = Sharpness.Compare(evaluator, theta, new SharpnessOptions { Radius = 0.05 }, at => CurvatureNumbers.Exact(curvature, at));
        double factor = both.Rescaled.Curvature!.Largest / both.Original.Curvature!.Largest;   // 1 if λ_max were of the function
        // </sharpness>
        return (both, factor);
    }
}
