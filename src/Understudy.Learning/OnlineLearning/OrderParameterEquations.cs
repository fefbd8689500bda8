namespace Understudy.Learning.OnlineLearning;

/// <summary>The differential equations of the order parameters for many inputs: Saad and Solla 1995, with output weights as in Goldt et al. 2019.</summary>
/// <remarks>
/// For ReLU the term of second order in the learning rate that multiplies I₄ is left out: its equations hold for small learning rates. A call costs
/// O(K²(K + M)²) and allocates nothing. Not for several threads at once.
/// </remarks>
public sealed class OrderParameterEquations
{
    private readonly OnlineLearningOptions _options;
    private readonly OrderParameters _overlaps;
    private readonly double[] _covariance;
    private readonly double[] _signs;
    private readonly double[] _first;

    /// <summary>The equations of a student and a teacher; of <paramref name="overlaps"/> they use the teacher's part and the sizes.</summary>
    public OrderParameterEquations(OnlineLearningOptions options, OrderParameters overlaps)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(overlaps);
        (_options, _overlaps) = (options, overlaps);
        var fields = overlaps.StudentNodes + overlaps.TeacherNodes;
        _covariance = new double[fields * fields];
        _signs = new double[fields];
        _first = new double[overlaps.StudentNodes * fields];
    }

    /// <summary>d/dt of Q, R and v, in that order.</summary>
    /// <param name="state">Q [K, K], R [K, M], v [K], one after the other.</param>
    /// <param name="derivative">As long as the state.</param>
    public void Derivative(ReadOnlySpan<double> state, Span<double> derivative)
    {
        _overlaps.FillCovariance(state, _covariance);
        for (var a = 0; a < _signs.Length; a++)
            _signs[a] = _overlaps.Sign(state, a);
        FirstOrder();
        var (k, m, fields) = (_overlaps.StudentNodes, _overlaps.TeacherNodes, _signs.Length);
        var (rate, decay) = (_options.LearningRate, _options.WeightDecay);
        for (var i = 0; i < k; i++)
        {
            var v = -_signs[i];
            for (var n = 0; n < m; n++)
            {
                var at = (k * k) + (i * m) + n;
                derivative[at] = (rate * v * _first[(i * fields) + k + n]) - (decay * state[at]);
            }

            for (var j = i; j < k; j++)
            {
                var u = -_signs[j];
                var change = (rate * v * _first[(i * fields) + j]) + (rate * u * _first[(j * fields) + i]) + (rate * (rate / _options.Batch) * v * u * SecondOrder(i, j));
                derivative[(i * k) + j] = derivative[(j * k) + i] = change - (2 * decay * state[(i * k) + j]);
            }
        }

        Output(state, derivative);
    }

    /// <summary>E[g′(l_i) z_b (φ* − φ)] for every student node i and field z_b.</summary>
    private void FirstOrder()
    {
        var c = new FieldCovariance(_covariance, _signs.Length);
        for (var i = 0; i < _overlaps.StudentNodes; i++)
        {
            for (var b = 0; b < _signs.Length; b++)
            {
                var sum = 0.0;
                for (var a = 0; a < _signs.Length; a++)
                    sum += _signs[a] * GaussianIntegrals.I3(_options.Activation, c, i, b, a);
                _first[(i * _signs.Length) + b] = sum;
            }
        }
    }

    /// <summary>E[g′(l_i) g′(l_j) (φ* − φ + σζ)²], for ReLU only the part of the noise.</summary>
    private double SecondOrder(int i, int j)
    {
        var c = new FieldCovariance(_covariance, _signs.Length);
        var g = _options.Activation;
        var noise = _options.Noise * _options.Noise;
        var sum = noise > 0 ? noise * GaussianIntegrals.J2(g, c, i, j) : 0;
        if (!GaussianIntegrals.HasI4(g))
            return sum;
        for (var a = 0; a < _signs.Length; a++)
        {
            sum += _signs[a] * _signs[a] * GaussianIntegrals.I4(g, c, i, j, a, a);
            for (var b = a + 1; b < _signs.Length; b++)
                sum += 2 * _signs[a] * _signs[b] * GaussianIntegrals.I4(g, c, i, j, a, b);
        }

        return sum;
    }

    private void Output(ReadOnlySpan<double> state, Span<double> derivative)
    {
        var c = new FieldCovariance(_covariance, _signs.Length);
        var (k, rate) = (_overlaps.StudentNodes, _options.OutputLearningRate);
        var start = state.Length - k;
        derivative[start..].Clear();
        if (rate == 0)
            return;
        for (var i = 0; i < k; i++)
        {
            var sum = 0.0;
            for (var a = 0; a < _signs.Length; a++)
                sum += _signs[a] * GaussianIntegrals.I2(_options.Activation, c, i, a);
            derivative[start + i] = (rate * sum) - (_options.WeightDecay * state[start + i]);
        }
    }
}
