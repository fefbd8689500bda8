namespace Understudy.Learning.Probing;

/// <summary>How well each teacher node is represented by single student nodes; specification section 1.4.</summary>
/// <remarks>
/// Means run over the teacher nodes whose boundary the samples cross; the others are counted in <see cref="Unobserved"/>
/// and take no part. A constant student node has correlation 0 with everything.
/// </remarks>
public sealed class SpecializationStatistics
{
    /// <summary>The correlation above which a teacher node counts as recovered.</summary>
    public const double Recovery = 0.95;

    private static readonly double[] ThresholdValues = [0.5, 0.6, 0.7, 0.8, 0.9, Recovery];

    private readonly double[] _best;
    private readonly int[] _argBest;
    private readonly double[] _usefulness;
    private readonly int[] _bestTeacher;
    private readonly int[] _counts;
    private readonly bool[] _observed;

    private SpecializationStatistics(CorrelationMatrix rho, bool[] observed)
    {
        var (m, n) = (rho.TeacherNodes, rho.StudentNodes);
        _observed = observed;
        (_best, _argBest, _counts) = (new double[m], new int[m], new int[m * ThresholdValues.Length]);
        (_usefulness, _bestTeacher) = (new double[n], new int[n]);
        _best.AsSpan().Fill(double.NegativeInfinity);
        _usefulness.AsSpan().Fill(double.NegativeInfinity);
        for (var j = 0; j < m; j++)
        {
            for (var k = 0; k < n; k++)
                Meet(j, k, rho[j, k]);
        }

        var seen = Enumerable.Range(0, m).Where(j => observed[j]).ToArray();
        Unobserved = m - seen.Length;
        (MeanBest, SmallestBest, RecoveredFraction) = (double.NaN, double.NaN, double.NaN);
        if (seen.Length == 0)
            return;
        MeanBest = seen.Average(j => _best[j]);
        SmallestBest = seen.Min(j => _best[j]);
        RecoveredFraction = seen.Average(j => _best[j] > Recovery ? 1.0 : 0.0);
    }

    /// <summary>The six thresholds of the counts, ascending: 0.5 to 0.95.</summary>
    public static IReadOnlyList<double> Thresholds => ThresholdValues;

    /// <summary>best_j = max over students of rho_jk, by teacher node.</summary>
    public ReadOnlySpan<double> Best => _best;

    /// <summary>The student that reaches best_j; the first of equals.</summary>
    public ReadOnlySpan<int> ArgBest => _argBest;

    /// <summary>usefulness_k = max over teachers of rho_jk, by student node.</summary>
    public ReadOnlySpan<double> Usefulness => _usefulness;

    /// <summary>The teacher that reaches usefulness_k; the first of equals.</summary>
    public ReadOnlySpan<int> BestTeacher => _bestTeacher;

    /// <summary>Mean of best_j over the observed teacher nodes (rho_mean); not a number where none is observed.</summary>
    public double MeanBest { get; }

    /// <summary>Smallest best_j of the observed teacher nodes (rho_min); not a number where none is observed.</summary>
    public double SmallestBest { get; }

    /// <summary>Share of the observed teacher nodes with best_j above <see cref="Recovery"/>; not a number where none is observed.</summary>
    public double RecoveredFraction { get; }

    /// <summary>Teacher nodes left out because the samples do not cross their boundary.</summary>
    public int Unobserved { get; }

    /// <summary>The statistics of a correlation matrix.</summary>
    /// <param name="rho">Correlations [teacher × student].</param>
    /// <param name="observed">Which teacher nodes take part in means and counts; empty: every one that is not constant.</param>
    public static SpecializationStatistics Of(CorrelationMatrix rho, ReadOnlySpan<bool> observed = default)
    {
        ArgumentNullException.ThrowIfNull(rho);
        var taken = new bool[rho.TeacherNodes];
        if (!observed.IsEmpty && observed.Length != taken.Length)
            throw new ArgumentException($"{observed.Length} marks do not fit {taken.Length} teacher nodes.", nameof(observed));
        for (var j = 0; j < taken.Length; j++)
            taken[j] = observed.IsEmpty ? !rho.IsConstantTeacher(j) : observed[j];
        return new SpecializationStatistics(rho, taken);
    }

    /// <summary>Whether a teacher node took part in the means.</summary>
    public bool IsObserved(int teacher) => _observed[teacher];

    /// <summary>count_j(t): the students whose correlation with a teacher node exceeds a threshold, by index of <see cref="Thresholds"/>.</summary>
    public int Count(int teacher, int threshold) => _counts[(teacher * ThresholdValues.Length) + threshold];

    /// <summary>covered(t): the observed teacher nodes with at least one student above each of the six thresholds.</summary>
    public int[] Covered()
        => [.. Enumerable.Range(0, ThresholdValues.Length).Select(
            t => Enumerable.Range(0, _best.Length).Count(j => _observed[j] && Count(j, t) > 0))];

    /// <summary>The share of Σ‖v_k‖² that sits in students with usefulness above <see cref="Recovery"/>; 0 where all fan-outs vanish.</summary>
    /// <param name="fanOut">‖v_k‖ by student node.</param>
    public double EnergyShare(ReadOnlySpan<double> fanOut)
    {
        var (useful, all) = (0.0, 0.0);
        for (var k = 0; k < _usefulness.Length; k++)
        {
            var energy = fanOut[k] * fanOut[k];
            all += energy;
            if (_usefulness[k] > Recovery)
                useful += energy;
        }

        return all > 0 ? useful / all : 0;
    }

    private void Meet(int teacher, int student, double rho)
    {
        if (rho > _best[teacher])
            (_best[teacher], _argBest[teacher]) = (rho, student);
        if (rho > _usefulness[student])
            (_usefulness[student], _bestTeacher[student]) = (rho, teacher);
        for (var t = 0; t < ThresholdValues.Length; t++)
        {
            if (rho > ThresholdValues[t])
                _counts[(teacher * ThresholdValues.Length) + t]++;
        }
    }
}
