using System.Text.Json;
using Understudy.Lab.Claims;

namespace Understudy.Cli.Commands;

/// <summary>The outcome of one claim.</summary>
internal readonly record struct ClaimOutcome(string Claim, Outcome Outcome);

/// <summary>The outcomes in a file of verdicts without the rest of it: a list of 5,000 runs would else read 40 MB of sentences.</summary>
internal static class ClaimOutcomes
{
    private static readonly Dictionary<string, Outcome> Outcomes = Enum.GetValues<Outcome>().ToDictionary(outcome => outcome.ToString(), StringComparer.Ordinal);

    /// <summary>Reads <c>verdicts.json</c>; empty where it is missing, or is not what it should be.</summary>
    internal static IReadOnlyList<ClaimOutcome> Read(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (Exception problem) when (problem is IOException or JsonException or InvalidOperationException)
        {
            // derived and easily written again: not a reason to hide the run
            return [];
        }
    }

    private static List<ClaimOutcome> Read(ReadOnlySpan<byte> text)
    {
        List<ClaimOutcome> outcomes = [];
        var reader = new Utf8JsonReader(text);
        var (claim, outcome) = ("", "");
        // the array is depth 0, a verdict 1, its claim 2
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.CurrentDepth == 3 && reader.ValueTextEquals("id"u8);
                var isOutcome = reader.CurrentDepth == 2 && reader.ValueTextEquals("outcome"u8);
                var isClaim = reader.CurrentDepth == 2 && reader.ValueTextEquals("claim"u8);
                reader.Read();
                if (isId)
                    claim = reader.GetString()!;
                else if (isOutcome)
                    outcome = reader.GetString()!;
                else if (!isClaim)
                    reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 1)
            {
                if (Outcomes.TryGetValue(outcome, out var known))
                    outcomes.Add(new ClaimOutcome(claim, known));
                (claim, outcome) = ("", "");
            }
        }
        return outcomes;
    }
}
