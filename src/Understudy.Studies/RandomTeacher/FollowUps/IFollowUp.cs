using System.Text.Json.Serialization;
using Understudy.Data.Formats;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>What a follow-up found, as people, spreadsheets and pages see it; its other properties are the numbers.</summary>
public interface IFollowUp
{
    /// <summary>What follows from the numbers, a sentence each.</summary>
    [JsonIgnore]
    IReadOnlyList<string> Summary { get; }

    /// <summary>The numbers that people read.</summary>
    [JsonIgnore]
    FollowUpTable Table { get; }

    /// <summary>All numbers.</summary>
    [JsonIgnore]
    IReadOnlyList<CsvColumn> Columns { get; }

    /// <summary>The figure as an SVG file.</summary>
    [JsonIgnore]
    string Svg { get; }
}

/// <summary>A table of text.</summary>
/// <param name="Headings">Of the columns, all but the first of which hold numbers.</param>
/// <param name="Rows">The cells.</param>
public sealed record FollowUpTable(IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Rows);
