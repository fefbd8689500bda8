using System.Text.Json.Serialization;

namespace Understudy.Lab.Claims;

/// <summary>What the recorded runs say about a claim.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    /// <summary>These runs did not measure what the claim is about.</summary>
    NotRun,

    /// <summary>There are too few seeds, or a gate of the protocol failed.</summary>
    Inconclusive,

    /// <summary>The interval lies on the right side of the bar.</summary>
    Supported,

    /// <summary>The estimate lies on the right side of the bar, its interval does not.</summary>
    Partly,

    /// <summary>The estimate lies short of the bar.</summary>
    NotSupported,
}
