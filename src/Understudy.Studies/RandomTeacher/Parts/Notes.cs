using Microsoft.Extensions.Logging;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Lines of a run's log.</summary>
internal static partial class Notes
{
    /// <summary>An encoder has a layer that ONNX files of ours do not know.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "student-{Name}.onnx is not written: {Reason}")]
    internal static partial void NotExported(ILogger log, string name, string reason);

    /// <summary>What a folder of images held.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "{Folder}: {Summary}; SHA-256 {Checksum}")]
    internal static partial void Read(ILogger log, string folder, string summary, string checksum);
}
