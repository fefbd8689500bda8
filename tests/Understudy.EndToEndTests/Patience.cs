using System.Diagnostics;

namespace Understudy.EndToEndTests;

/// <summary>Waiting for what another process will do.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>Returns as soon as something has happened, and fails where it has not for minutes.</summary>
    internal static void Until(Func<bool> happened, string otherwise)
    {
        using var never = new ManualResetEventSlim();
        var began = Stopwatch.GetTimestamp();
        while (!happened())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Longest, otherwise);
            never.Wait(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        }
    }
}
