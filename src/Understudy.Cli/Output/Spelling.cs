namespace Understudy.Cli.Output;

/// <summary>The nearest right word to a wrong one.</summary>
internal static class Spelling
{
    private const int Farthest = 2;

    /// <summary>The nearest of several words, or null where none is within two edits; the first of equals.</summary>
    internal static string? Nearest(string word, IEnumerable<string> words)
        => words.Select(candidate => (candidate, distance: Distance(word, candidate)))
            .Where(item => item.distance <= Farthest && item.distance < item.candidate.Length)
            .OrderBy(item => item.distance).Select(item => item.candidate).FirstOrDefault();

    /// <summary>"; did you mean …?" or nothing.</summary>
    internal static string Suggestion(string word, IEnumerable<string> words)
        => Nearest(word, words) is { } near ? $"; did you mean {near}?" : "";

    private static int Distance(string from, string to)
    {
        var (a, b) = (from.ToUpperInvariant(), to.ToUpperInvariant());
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }
                var best = Math.Min(rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                rows[i, j] = swapped ? Math.Min(best, rows[i - 2, j - 2] + 1) : best;
            }
        }
        return rows[a.Length, b.Length];
    }
}
