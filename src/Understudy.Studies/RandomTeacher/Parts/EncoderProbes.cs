using Understudy.Data.Formats;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>What the probes of one encoder found: a row of a table, and what is kept beside it.</summary>
/// <param name="Row">The row; it lacks what it is about.</param>
/// <param name="Right">Which test images each probe gets right, for an array beside the table; empty where that is not kept.</param>
/// <param name="Validation">The same probes on training images that were held out, for a table beside; null where none were.</param>
internal sealed record EncoderProbes(ProbeRow Row, IReadOnlyList<Tensor> Right, ValidationRow? Validation)
{
    /// <summary>The same with what the row is about.</summary>
    internal EncoderProbes About(Func<ProbeRow, ProbeRow> about) => this with { Row = about(Row) };
}
