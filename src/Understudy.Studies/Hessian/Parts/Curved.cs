using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>Curvature at a point as the parts take it: double precision, all threads.</summary>
internal static class Curved
{
    /// <summary>Small enough for both threads to have work at a thousand examples.</summary>
    private const int BatchRows = 250;

    internal static NetworkCurvature At(INetwork network, OutputLoss loss, ExampleSet examples, double[] parameters, Team team, Func<ParameterSlot, bool>? block = null)
        => new(network, loss, examples, parameters, new CurvatureOptions { Team = team, BatchRows = BatchRows, Block = block });

    /// <summary>All entries of H, or of a part of it, [P, P].</summary>
    internal static double[] Entries(
        Mlp network, OutputLoss loss, ExampleSet examples, double[] parameters, Team team, CancellationToken cancellation, CurvatureMatrix matrix = CurvatureMatrix.Hessian)
        => ExactHessian.Of(new MlpPoint(network, loss, examples, parameters), new ExactOptions { Matrix = matrix, MemoryBytes = long.MaxValue, Team = team }, null, cancellation);

    /// <summary>All eigenvalues of a matrix that is destroyed, ascending.</summary>
    internal static double[] Eigenvalues(double[] entries, int size, Team? team, CancellationToken cancellation)
        => SymmetricEigenvalues.Overwriting(entries, size, team, null, cancellation).Values.ToArray();

    /// <summary>Some eigenpairs; throws where it was cancelled.</summary>
    internal static ExtremeEigenpairs Pairs(ISymmetricOperator matrix, EigenpairOptions options, CancellationToken cancellation)
    {
        var pairs = ExtremeEigenpairs.Of(matrix, options, cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        return pairs;
    }

    /// <summary>The largest residual of some eigenpairs.</summary>
    internal static double Residual(params ReadOnlySpan<Eigenpairs> all)
    {
        var largest = 0.0;
        foreach (var pairs in all)
        {
            foreach (var residual in pairs.Residuals)
                largest = Math.Max(largest, residual);
        }

        return largest;
    }

    /// <summary>The first of descending values, at most <paramref name="count"/>.</summary>
    internal static double[] Largest(double[] ascending, int count)
    {
        var largest = ascending[Math.Max(0, ascending.Length - count)..];
        Array.Reverse(largest);
        return largest;
    }

    internal static double Norm(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value * value;
        return Math.Sqrt(sum);
    }
}
