namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>The three-term recurrence of one start vector, fed with products from outside.</summary>
internal sealed class LanczosRecurrence
{
    // the breakdown rule: a remainder of this many roundings of |T| has no direction
    private const double Breakdown = 10 * 2.220446049250313e-16;

    private readonly int _size;
    private readonly int _steps;
    private readonly LanczosOptions _options;
    private readonly OrthonormalRows? _basis;
    private readonly double[] _alpha;
    private readonly double[] _beta;
    private readonly double[] _first;
    private double[] _previous;
    private double[] _current;
    private double _scale;

    internal LanczosRecurrence(ReadOnlySpan<double> start, int steps, LanczosOptions options)
    {
        _size = start.Length;
        _steps = Math.Min(steps, _size);
        _options = options;
        _alpha = new double[_steps];
        _beta = new double[_steps];
        _current = start.ToArray();
        _previous = new double[_size];
        StartNorm = Math.Sqrt(RowAlgebra.Dot(start, start));
        if (!(StartNorm > 0) || !double.IsFinite(StartNorm))
            throw new ArgumentException($"A start vector has the length {StartNorm}; it has to be positive and finite.", nameof(start));
        RowAlgebra.Scale(1 / StartNorm, _current);
        bool hasBasis = options.KeepsBasis || options.Reorthogonalization == Reorthogonalization.Full;
        _basis = hasBasis ? new OrthonormalRows(_size, _steps, options.Team) : null;
        _first = hasBasis ? [] : (double[])_current.Clone();
    }

    internal double StartNorm { get; }

    internal int Steps { get; private set; }

    internal bool IsExhausted { get; private set; }

    internal bool IsDone => IsExhausted || Steps == _steps;

    internal double Residual => Steps > 0 ? _beta[Steps - 1] : 0;

    internal Tridiagonal Tridiagonal => new(_alpha.AsSpan(0, Steps), _beta.AsSpan(0, Math.Max(0, Steps - 1)));

    /// <summary>The vector whose product the next step needs.</summary>
    internal ReadOnlySpan<double> Current => _current;

    /// <summary>The largest |v₁ᵀ v_j|.</summary>
    internal double LossAtFirst { get; private set; }

    internal double[] Basis()
    {
        if (_basis == null || !_options.KeepsBasis)
            return [];
        return Steps == _steps ? _basis.Rows : _basis.Rows[..(Steps * _size)];
    }

    /// <summary>One step; the product A v of the current vector lies at an offset and is destroyed.</summary>
    internal void Advance(double[] products, int offset)
    {
        var w = products.AsSpan(offset, _size);
        if (_basis != null)
        {
            _current.CopyTo(_basis.Row(Steps));
            _basis.Count++;
        }

        var origin = _basis != null ? _basis.Row(0) : _first;
        if (Steps > 0)
        {
            LossAtFirst = Math.Max(LossAtFirst, Math.Abs(RowAlgebra.Dot(origin, _current)));
            RowAlgebra.Add(-_beta[Steps - 1], _previous, w);
        }

        double alpha = RowAlgebra.Dot(_current, w);
        RowAlgebra.Add(-alpha, _current, w);
        if (_options.Reorthogonalization == Reorthogonalization.Full)
            _basis!.Purify(products, offset);

        double beta = Math.Sqrt(RowAlgebra.Dot(w, w));
        if (!double.IsFinite(alpha) || !double.IsFinite(beta))
            throw new ArithmeticException($"The product of Lanczos step {Steps + 1} is not finite.");
        _scale = Math.Max(_scale, Math.Abs(alpha) + beta + Residual);
        _alpha[Steps] = alpha;
        _beta[Steps] = beta;
        Steps++;
        IsExhausted = Steps == _size || beta <= Breakdown * _scale;
        if (IsDone)
            return;
        (_previous, _current) = (_current, _previous);
        w.CopyTo(_current);
        RowAlgebra.Scale(1 / beta, _current);
    }
}
