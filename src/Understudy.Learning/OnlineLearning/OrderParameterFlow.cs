namespace Understudy.Learning.OnlineLearning;

/// <summary>Order parameters carried through time by their differential equations.</summary>
/// <remarks>
/// The adaptive method is the pair of orders 5 and 4 of Dormand and Prince 1980. Its step is halved or doubled and nothing between, so that no root has to
/// be taken and the same bits come out everywhere. Nothing is allocated after the constructor.
/// </remarks>
public sealed class OrderParameterFlow
{
    private const int Stages = 7;
    private const double AbsoluteTolerance = 1e-10;

    // doubling the step multiplies the error of order 5 by 32
    private const double Comfortable = 1.0 / 64;
    private const double SmallestStep = 1e-9;

    private static readonly double[][] Weights =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    /// <summary>Order 5 minus order 4.</summary>
    private static readonly double[] Error =
        [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    private readonly OrderParameterEquations _equations;
    private readonly double[][] _slopes;
    private readonly double[] _trial;
    private readonly double _tolerance;
    private double _step = 1.0 / 64;

    /// <summary>A flow that starts at a copy of the given order parameters, at time 0.</summary>
    /// <param name="options">What is learned how.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="relativeTolerance">Error of a step of the adaptive method, relative to each order parameter.</param>
    public OrderParameterFlow(OnlineLearningOptions options, OrderParameters start, double relativeTolerance = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(relativeTolerance);
        Now = start.Copy();
        _equations = new OrderParameterEquations(options, Now);
        _tolerance = relativeTolerance;
        _trial = new double[Now.State.Length];
        _slopes = new double[Stages][];
        for (var stage = 0; stage < Stages; stage++)
            _slopes[stage] = new double[Now.State.Length];
    }

    /// <summary>The order parameters at <see cref="Time"/>.</summary>
    public OrderParameters Now { get; }

    /// <summary>Time in units of N samples.</summary>
    public double Time { get; private set; }

    /// <summary>False once the adaptive method has met numbers that are not finite or would need steps below 1e-9; time then stands still.</summary>
    public bool IsFinite { get; private set; } = true;

    /// <summary>Goes on to a time with the adaptive method.</summary>
    public void AdvanceTo(double time)
    {
        while (Time < time && IsFinite)
        {
            var (step, isLast) = time - Time <= _step ? (time - Time, true) : (_step, false);
            var error = Try(step);
            if (!(error <= 1))
            {
                _step = step / 2;
                IsFinite = _step >= SmallestStep;
                continue;
            }

            _trial.CopyTo(Now.State, 0);
            Time = isLast ? time : Time + step;
            // a step cut short by the end says nothing about a longer one
            if (error < Comfortable && !isLast)
                _step *= 2;
        }
    }

    /// <summary>Goes on by equal steps of Euler's method, the published comparison.</summary>
    public void AdvanceByEuler(double step, int steps)
    {
        for (var done = 0; done < steps; done++)
        {
            var state = Now.State;
            _equations.Derivative(state, _slopes[0]);
            for (var i = 0; i < state.Length; i++)
                state[i] += step * _slopes[0][i];
            Time += step;
        }
    }

    /// <summary>The largest rate of change of any order parameter now: 0 at a fixed point.</summary>
    public double Speed()
    {
        _equations.Derivative(Now.State, _slopes[0]);
        var largest = 0.0;
        foreach (var slope in _slopes[0])
            largest = Math.Max(largest, Math.Abs(slope));
        return largest;
    }

    /// <summary>One step into the trial state; returns the root of the mean squared error over its tolerance.</summary>
    private double Try(double step)
    {
        var state = Now.State;
        for (var stage = 0; stage < Stages; stage++)
        {
            state.CopyTo(_trial, 0);
            for (var earlier = 0; earlier < stage; earlier++)
            {
                var weight = step * Weights[stage][earlier];
                for (var i = 0; i < state.Length; i++)
                    _trial[i] += weight * _slopes[earlier][i];
            }

            _equations.Derivative(_trial, _slopes[stage]);
        }

        var sum = 0.0;
        for (var i = 0; i < state.Length; i++)
        {
            var error = 0.0;
            for (var stage = 0; stage < Stages; stage++)
                error += Error[stage] * _slopes[stage][i];
            error *= step / (AbsoluteTolerance + (_tolerance * Math.Max(Math.Abs(state[i]), Math.Abs(_trial[i]))));
            sum += error * error;
        }

        return Math.Sqrt(sum / state.Length);
    }
}
