namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>The wanted pairs at one end of the spectrum among those of a <see cref="RitzSpace"/>, and what they tell of the end of a search.</summary>
internal sealed class Wanted
{
    // a start vector of a million dimensions hides an eigenvector from the first few steps
    internal const int LeastSteps = 10;

    private readonly RitzSpace _space;
    private readonly EigenpairOptions _options;
    private readonly int _count;
    private readonly double _sign;

    /// <summary>The pairs at the top, or those at the bottom, where the order of the values is turned round.</summary>
    internal Wanted(RitzSpace space, EigenpairOptions options, int count, bool isTop)
    {
        _space = space;
        _options = options;
        _count = count;
        _sign = isTop ? 1 : -1;
    }

    /// <summary>Indices of active Ritz pairs; ~row for locked ones; the outermost first.</summary>
    internal List<int> Pairs { get; } = [];

    internal bool IsComplete => Pairs.Count == _count;

    /// <summary>Whether all are there and met the tolerance.</summary>
    internal bool IsConverged
    {
        get
        {
            foreach (int pair in Pairs)
            {
                if (!HasConverged(pair))
                    return false;
            }

            return IsComplete;
        }
    }

    /// <summary>Whether an active pair is among them.</summary>
    internal bool HasActive
    {
        get
        {
            foreach (int pair in Pairs)
            {
                if (pair >= 0)
                    return true;
            }

            return false;
        }
    }

    internal double Value(int pair) => pair >= 0 ? _space.Values[pair] : _space.LockedValues[~pair];

    internal double Residual(int pair) => pair >= 0 ? _space.Residuals[pair] : _space.LockedResiduals[~pair];

    internal bool HasConverged(int pair) => Residual(pair) <= Acceptable(Value(pair));

    /// <summary>Chooses among the present pairs; a locked one goes before an active one that is not better by more than the tolerance.</summary>
    internal void Choose()
    {
        Pairs.Clear();
        int active = 0;
        var locked = new List<int>(_space.Locked);
        for (int row = 0; row < _space.Locked; row++)
            locked.Add(~row);
        locked.Sort((x, y) => Value(x) == Value(y) ? y.CompareTo(x) : (_sign * Value(y)).CompareTo(_sign * Value(x)));
        int next = 0;
        while (Pairs.Count < _count)
        {
            bool hasActive = active < _space.Active;
            if (next == locked.Count && !hasActive)
                return;
            int candidate = hasActive ? Outermost(active) : 0;
            bool takesActive = next == locked.Count
                || (hasActive && _sign * Value(candidate) > (_sign * Value(locked[next])) + Acceptable(Value(locked[next])));
            Pairs.Add(takesActive ? candidate : locked[next]);
            (active, next) = takesActive ? (active + 1, next) : (active, next + 1);
        }
    }

    /// <summary>Whether the best active pair that is not wanted has shown that it will not be.</summary>
    /// <remarks>A search of a complement asks for this: its first Ritz values lie inside the spectrum and prove nothing.</remarks>
    internal bool IsClosed
    {
        get
        {
            int taken = 0;
            foreach (int pair in Pairs)
                taken += pair >= 0 ? 1 : 0;
            if (_count == 0 || _space.IsEverything)
                return true;
            if (taken >= _space.Active || _space.Steps < LeastSteps)
                return false;
            int outside = Outermost(taken);
            return HasConverged(outside) || (_sign * Value(outside)) + Residual(outside) <= _sign * Value(Pairs[^1]);
        }
    }

    /// <summary>The active pair of a rank from the other end of the spectrum.</summary>
    internal int Innermost(int rank) => _sign > 0 ? rank : _space.Active - 1 - rank;

    private int Outermost(int rank) => _sign > 0 ? _space.Active - 1 - rank : rank;

    private double Acceptable(double value) => _options.Acceptable(value, _space.Largest);
}
