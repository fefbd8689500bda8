using Understudy.Cli.Output;

namespace Understudy.Cli.Progress;

/// <summary>How long something will still take, from how far it came since it began here.</summary>
internal sealed class RemainingTime(TimeProvider time)
{
    private const double LeastDone = 0.01;

    private (long At, double Fraction)? _first;
    private double _fraction;

    /// <summary>"1 min 20 s left", or nothing while it cannot be told.</summary>
    internal string Text
    {
        get
        {
            if (_first is not { } first || _fraction - first.Fraction < LeastDone || _fraction >= 1)
                return "";
            var left = time.GetElapsedTime(first.At) * ((1 - _fraction) / (_fraction - first.Fraction));
            return Wording.Of(TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds))).Replace(".0 s", " s", StringComparison.Ordinal) + " left";
        }
    }

    /// <summary>A run resumed half way begins there.</summary>
    internal void At(double fraction)
    {
        _first ??= (time.GetTimestamp(), fraction);
        _fraction = fraction;
    }
}
