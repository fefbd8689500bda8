using Understudy.Data.Formats;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Runs;

/// <summary>A recorded run, as verdicts and figures see it.</summary>
public abstract class RunRecord
{
    /// <summary>The resolved configuration.</summary>
    public abstract StudyConfig Config { get; }

    /// <summary>The tables that were recorded.</summary>
    public abstract IReadOnlyList<string> Tables { get; }

    /// <summary>The rows of a table in the order they were recorded; empty where there is none.</summary>
    public abstract IReadOnlyList<TRow> Table<TRow>(string table);

    /// <summary>The steps at which arrays of that name were saved, ascending.</summary>
    public abstract IReadOnlyList<long> Steps(string array);

    /// <summary>The tensors saved under a name at a step.</summary>
    public abstract IReadOnlyDictionary<string, Tensor> Arrays(string name, long step);
}
