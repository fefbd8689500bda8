using System.Globalization;

namespace Understudy.Studies.Specialization;

/// <summary>What is measured across the boundaries of single nodes at the end of training: certificates and creases.</summary>
public sealed record GeometryConfig
{
    /// <summary>Evaluation samples moved onto the boundary of every node; 0 measures nothing of this, and more than measures.evaluation are as many.</summary>
    public int Probes { get; init; } = 400;

    /// <summary>The sine ε asked for between a student's boundary and the teacher's. Segments of certificates reach ε·deviation/2 to either side.</summary>
    public double Sine { get; init; } = 0.1;

    /// <summary>What is wrong with the section of a part.</summary>
    internal IEnumerable<string> Problems(string path)
    {
        if (Probes < 0)
            yield return $"{path}.probes ({Probes}) must not be negative.";
        if (!(Sine is > 0 and <= 1))
            yield return string.Create(CultureInfo.InvariantCulture, $"{path}.sine ({Sine}) must lie above 0 and be at most 1.");
    }
}
