using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>Work for a team, or for the calling thread where there is none.</summary>
internal static class Teamwork
{
    /// <summary>Calls work with 0 … count − 1.</summary>
    internal static void ForEach(this Team? team, int count, Action<int> work)
    {
        if (team is not null)
        {
            team.Run(count, work);
            return;
        }

        for (var i = 0; i < count; i++)
            work(i);
    }
}
