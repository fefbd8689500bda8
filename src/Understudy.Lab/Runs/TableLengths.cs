using System.Text.Json;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Runs;

/// <summary>How long the tables of a part were, in bytes, at a moment to which a run can go back.</summary>
/// <remarks>
/// Going back means cutting every table to the length it had: rows after a checkpoint are dropped whether or not they
/// were flushed, and nothing is read twice. A table named <c>&lt;part&gt;.…</c> belongs to the part; one without a dot to
/// all of them, which run one after the other.
/// </remarks>
internal sealed class TableLengths(IReadOnlyDictionary<string, long> lengths)
{
    internal IEnumerable<KeyValuePair<string, long>> All => lengths;

    /// <summary>The length of a table; 0 where it was not there.</summary>
    internal long this[string table] => lengths.GetValueOrDefault(table);

    /// <summary>Of all lengths those that concern a part.</summary>
    internal static TableLengths Of(string part, IReadOnlyDictionary<string, long> lengths)
        => new(lengths.Where(item => Concerns(part, item.Key)).OrderBy(item => item.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal));

    /// <summary>Whether a table or array belongs to a part alone; the part without a name owns everything.</summary>
    internal static bool Owns(string part, string name)
        => part.Length == 0 || name == part || name.StartsWith(part + ".", StringComparison.Ordinal);

    internal static TableLengths? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, long>>(text, LabJson.Line) is { } lengths ? new TableLengths(lengths) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => JsonSerializer.Serialize(lengths, LabJson.Line);

    private static bool Concerns(string part, string table) => Owns(part, table) || !table.Contains('.', StringComparison.Ordinal);
}
