namespace Understudy.Learning.Landscape;

/// <summary>The mean of parameter vectors that come one by one, such as late iterates ("stochastic weight averaging", Izmailov et al. 2018).</summary>
public sealed class RunningMean(int size)
{
    private readonly double[] _mean = new double[size];

    /// <summary>The vectors so far.</summary>
    public int Count { get; private set; }

    /// <summary>Their mean [P]; zero before the first.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Takes a vector in.</summary>
    /// <exception cref="ArgumentException">It is not as long as the others.</exception>
    public void Add(ReadOnlySpan<double> vector)
    {
        if (vector.Length != _mean.Length)
            throw new ArgumentException($"A mean of vectors of {_mean.Length} numbers cannot take {vector.Length}.", nameof(vector));
        Count++;
        for (var i = 0; i < _mean.Length; i++)
            _mean[i] += (vector[i] - _mean[i]) / Count;
    }
}
