namespace Understudy.Lab.Configuration;

/// <summary>The nearest right word to a wrong one.</summary>
public static class NearestName
{
    private const int Farthest = 2;

    /// <summary>The nearest of several names, or null where none is within an edit distance of 2; the first of equals.</summary>
    /// <param name="word">What was written; case counts as nothing.</param>
    /// <param name="names">What could have been meant.</param>
    public static string? Of(string word, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(names);
        return names.Select(candidate => (candidate, distance: Distance(word, candidate)))
            .Where(item => item.distance <= Farthest && item.distance < item.candidate.Length)
            .OrderBy(item => item.distance).Select(item => item.candidate).FirstOrDefault();
    }

    /// <summary>The end of a sentence about a wrong word: "; did you mean …?", or nothing where no name is near.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="names">What could have been meant, as it is to be shown.</param>
    public static string Suggestion(string word, IEnumerable<string> names) => Of(word, names) is { } near ? $"; did you mean {near}?" : "";

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other; case counts as nothing.</summary>
    /// <param name="from">A word.</param>
    /// <param name="to">Another; the distance is the same both ways.</param>
    public static int Distance(string from, string to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var (a, b) = (from.ToUpperInvariant(), to.ToUpperInvariant());
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(change, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[a.Length, b.Length];
    }
}
