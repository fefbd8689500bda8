using Understudy.Engine.Threading;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Kept;

/// <summary>A study whose finished runs keep networks that can be opened again, each with its own examples and loss.</summary>
public interface IKeepsNetworks
{
    /// <summary>The networks that a run kept, in the order of its parts; empty where it kept none.</summary>
    /// <remarks>Nothing is read or drawn before a network is opened, unless a part needs it to know its networks.</remarks>
    /// <param name="run">A finished run of this study.</param>
    /// <param name="team">Threads for what is drawn again; it has to live as long as networks are opened.</param>
    /// <param name="dataFolder">The folder of a data set by its name in the cache; throws where it is not there.</param>
    IReadOnlyList<KeptNetwork> Networks(RecordedRun run, Team team, Func<string, string> dataFolder);

    /// <summary>Why a run kept none, and what to do: which parts keep networks, and which it has.</summary>
    string Missing(RecordedRun run);
}
