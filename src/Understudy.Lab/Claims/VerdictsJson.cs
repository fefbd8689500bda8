using System.Text.Json;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Claims;

/// <summary>Verdicts as the file <c>verdicts.json</c>: an array, one object per claim.</summary>
internal static class VerdictsJson
{
    internal static void Write(string path, IReadOnlyList<Verdict> verdicts)
        => Storage.WriteText(path, JsonSerializer.Serialize(verdicts, LabJson.Indented) + "\n");

    internal static IReadOnlyList<Verdict> Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<List<Verdict>>(File.ReadAllBytes(path), LabJson.Indented) ?? [];
        }
        catch (JsonException problem)
        {
            throw new RunException($"{path} is damaged\n  write it again: understudy report {Path.GetDirectoryName(path)}", problem);
        }
    }
}
