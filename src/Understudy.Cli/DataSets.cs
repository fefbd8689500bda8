using Understudy.Cli.Output;
using Understudy.Cli.Progress;
using Understudy.Data;
using Understudy.Data.Cache;
using Understudy.Lab.Runs;

namespace Understudy.Cli;

/// <summary>The data sets of an invocation: what a run needs is there before the run starts.</summary>
internal static class DataSets
{
    /// <summary>The cache as environment and flags describe it.</summary>
    internal static DataCache Cache(Invocation invocation) => new(CacheOptions.For(invocation.Surroundings.Variable, invocation.Offline));

    /// <summary>How a run finds the sets its study declared.</summary>
    internal static Func<string, DataSetFolder> Finder(Invocation invocation)
    {
        var cache = Cache(invocation);
        return set => new DataSetFolder(cache.Open(set), Combined(cache.Checksums(set)));
    }

    /// <summary>A set and whether it is here, in a few words.</summary>
    internal static string Described(Invocation invocation, string set)
    {
        var state = Cache(invocation).List().FirstOrDefault(item => item.Entry.Name == set);
        return state is null ? set : $"{set} ({(state.IsReady ? "in the cache" : $"to be fetched, {Wording.Bytes(state.Entry.DownloadBytes)}")})";
    }

    /// <summary>Makes sure that sets are in the cache, asking before anything is fetched.</summary>
    /// <exception cref="DataUnavailableException">One is not, and may not or could not be fetched.</exception>
    internal static void Ensure(Invocation invocation, IReadOnlyList<string> needs, bool yes)
    {
        if (needs.Count == 0)
            return;
        var cache = Cache(invocation);
        var known = cache.List();
        foreach (var set in needs)
        {
            if (known.FirstOrDefault(item => item.Entry.Name == set) is not { IsReady: false, Folder: null } state)
            {
                // unknown, damaged or ready: opening it says which
                cache.Open(set);
                continue;
            }
            if (invocation.Offline || (!yes && !Agrees(invocation, state.Entry)))
                cache.Open(set);
            Get(invocation, cache, state.Entry, from: null);
        }
    }

    /// <summary>Fetches a set, or copies it from a folder, and shows how far it is.</summary>
    /// <returns>Its folder.</returns>
    internal static string Get(Invocation invocation, DataCache cache, DatasetEntry entry, string? from)
    {
        var error = invocation.Error;
        if (!invocation.Quiet)
        {
            error.Line($"{entry.Name}: {entry.Title}");
            error.Paragraph($"licence: {entry.Licence}", 2);
            error.Paragraph($"cite: {entry.Citation}", 2);
        }
        var interruption = invocation.Surroundings.Interruption;
        interruption.Hold(() => error.Line("stopping; what is there is kept, and the next try goes on from it"));
        var progress = new DownloadLines(invocation);
        return cache.GetAsync(entry.Name, from, progress, interruption.Token).GetAwaiter().GetResult();
    }

    private static bool Agrees(Invocation invocation, DatasetEntry entry)
    {
        if (!invocation.Surroundings.InIsTerminal || !invocation.Surroundings.ErrorIsTerminal || invocation.Json)
            return false;
        invocation.Error.Ask($"{entry.Name} is needed and not in the cache. Fetch {Wording.Bytes(entry.DownloadBytes)}? [y/N] ");
        return invocation.Surroundings.In.ReadLine()?.Trim() is { } answer && (answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>One checksum for the files of a set: that of the lines "checksum  name" in order of the names.</summary>
    private static string Combined(IReadOnlyDictionary<string, string> checksums)
    {
        var lines = checksums.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Value}  {Path.GetFileName(item.Key)}\n");
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}
