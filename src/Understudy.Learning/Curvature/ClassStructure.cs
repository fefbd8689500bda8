using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Losses;

namespace Understudy.Learning.Curvature;

/// <summary>The generalised Gauss-Newton matrix of cross-entropy, taken apart by the true class c and a virtual class c'.</summary>
/// <remarks>
/// <para>With g_i,c' = J_iᵀ(p_i − e_c') and weights p_i,c'/N, let g_c,c' be the weighted mean over the examples of class c and g_c that of g_c,c' over c' ≠ c. Then, exactly,
/// G = G_class + G_cross + G_within + G_same: the spread of the g_c (at most C outliers), that of g_c,c' about g_c (with the first at most C(C − 1) directions), that of g_i,c' about
/// g_c,c' (the bulk), and the terms with c' = y_i.</para>
/// <para>Eigenvalues are those of small Gram matrices of mean vectors; no matrix [P, P] is formed. Costs C backward passes over all examples and C³·P + C⁴·P multiply-adds for the
/// Gram matrices, and 24 C²·P bytes. Source: Papyan 2019 and 2020; hessian specification, section 1.3.</para>
/// </remarks>
public sealed class ClassStructure
{
    private readonly int _size;
    private readonly double[] _pairs;
    private readonly double[] _class;
    private readonly double[] _cross;
    private readonly SymmetricEigen _leading;

    private ClassStructure(ClassMeans means, Team? team, CancellationToken cancellation)
    {
        _size = means.Size;
        var classes = means.Classes;
        _pairs = means.Pairs();
        var byClass = means.ByClass();
        var around = means.Around(byClass);
        _class = Descending(Spectrum(byClass, classes, team));
        cancellation.ThrowIfCancellationRequested();
        _cross = Descending(Spectrum(around, _pairs.Length / _size, team));
        cancellation.ThrowIfCancellationRequested();
        _leading = Spectrum(_pairs, _pairs.Length / _size, team);
        ClassTrace = FeatureRows.Sum(_class);
        CrossTrace = FeatureRows.Sum(_cross);
        // a difference, which rounding would leave below 0 where nothing is within
        WithinTrace = Math.Max(0, means.OtherTrace - FeatureRows.Sum(_leading.Values));
        SameTrace = means.SameTrace;
    }

    /// <summary>tr G_class.</summary>
    public double ClassTrace { get; }

    /// <summary>tr G_cross.</summary>
    public double CrossTrace { get; }

    /// <summary>tr G_within.</summary>
    public double WithinTrace { get; }

    /// <summary>tr G_same, small once most examples are classified well.</summary>
    public double SameTrace { get; }

    /// <summary>The eigenvalues of G_class that can differ from zero, [C], descending.</summary>
    public ReadOnlySpan<double> ClassEigenvalues => _class;

    /// <summary>The eigenvalues of G_cross that can differ from zero, descending.</summary>
    public ReadOnlySpan<double> CrossEigenvalues => _cross;

    /// <summary>The eigenvalues of G_class + G_cross that can differ from zero, [C(C − 1)], descending.</summary>
    public double[] LeadingEigenvalues => Descending(_leading);

    /// <summary>Takes G apart at a point.</summary>
    /// <param name="point">The network on its examples, with <see cref="OutputLoss.CrossEntropy"/>; classes without examples count as zero.</param>
    /// <param name="team">Threads; null for the caller's alone. Results do not depend on it.</param>
    /// <param name="progress">Told the share of the backward passes that is done, from 0 to 1.</param>
    /// <param name="cancellation">Looked at once per chunk of examples, and before each Gram matrix.</param>
    /// <exception cref="ArgumentException">The loss is not cross-entropy against a class.</exception>
    public static ClassStructure Of(MlpPoint point, Team? team = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(point);
        if (point.Loss != OutputLoss.CrossEntropy)
            throw new ArgumentException("Only examples with a class, of the cross-entropy, have a class structure.", nameof(point));
        return new ClassStructure(new ClassMeans(point, team, progress, cancellation), team, cancellation);
    }

    /// <summary>Takes G apart at a point of any network, for a block of its parameters.</summary>
    /// <param name="curvature">The network on its examples, with <see cref="OutputLoss.CrossEntropy"/>; classes without examples count as zero.</param>
    /// <param name="progress">Told the share of the passes that is done, from 0 to 1.</param>
    /// <param name="cancellation">Looked at once per example, or per chunk of them where there is a closed form, and before every Gram matrix but the first.</param>
    /// <remarks>Costs N·C reverse passes of one example, on one thread; where the network couples examples, of all of them.</remarks>
    /// <exception cref="ArgumentException">The loss is not cross-entropy against a class.</exception>
    public static ClassStructure Of(NetworkCurvature curvature, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        if (curvature.Rule != OutputLoss.CrossEntropy)
            throw new ArgumentException("Only examples with a class, of the cross-entropy, have a class structure.", nameof(curvature));
        return curvature.ClosedForm is { } point ? Of(point, curvature.Team, progress, cancellation) : new ClassStructure(new ClassMeans(curvature, progress, cancellation), curvature.Team, cancellation);
    }

    /// <summary>The first eigenvectors of G_class + G_cross as rows of length 1, [count, P], to be compared with those of G.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More are asked for than have an eigenvalue that stands out of rounding, 1e-12 of the largest.</exception>
    public double[] LeadingEigenvectors(int count, Team? team = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var values = _leading.Values;
        var rows = values.Length;
        if (count > rows || !(values[rows - count] > 1e-12 * values[rows - 1]))
            throw new ArgumentOutOfRangeException(nameof(count), count, "G_class + G_cross has fewer directions.");
        var (vectors, weights) = (new double[count * _size], new double[count * rows]);
        for (var row = 0; row < count; row++)
            FeatureRows.Scale(1 / Math.Sqrt(values[rows - 1 - row]), _leading.Vector(rows - 1 - row), weights.AsSpan(row * rows, rows));
        Products.Multiply(count, _size, rows, weights, _pairs, vectors, team: team);
        return vectors;
    }

    /// <summary>The eigenvalues and eigenvectors of V Vᵀ for rows V [count, P]; the values are those of Vᵀ V.</summary>
    private static SymmetricEigen Spectrum(double[] rows, int count, Team? team)
    {
        var gram = new double[count * count];
        Products.Multiply(count, count, count == 0 ? 0 : rows.Length / count, rows, rows, gram, transposeRight: true, team: team);
        return SymmetricEigen.Of(gram, count);
    }

    private static double[] Descending(SymmetricEigen eigen)
    {
        var values = eigen.Values.ToArray();
        Array.Reverse(values);
        return values;
    }
}
