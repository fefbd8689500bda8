using Microsoft.Extensions.Logging;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Lines of a run's log.</summary>
internal static partial class Notes
{
    /// <summary>An encoder has a layer that ONNX files of ours do not know.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "student-{Name}.onnx is not written: {Reason}")]
    internal static partial void NotExported(ILogger log, string name, string reason);

    /// <summary>A student's embedding has far fewer directions than its teacher's: it has not recovered from the collapse that training begins with, or collapsed for good.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Part}: the embedding of {Condition}, seed {Seed}, has effective rank {Rank:0.0} at the end, below half of {Teacher} {TeacherRank:0.0}: it may need more steps")]
    internal static partial void Collapsed(ILogger log, string part, string condition, int seed, double rank, string teacher, double teacherRank);

    /// <summary>Why a step costs more than that of part distillation.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "{Part}: teachers are asked in every step, as those that move and those of views cannot be remembered")]
    internal static partial void Asked(ILogger log, string part);

    /// <summary>What a folder of images held.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "{Folder}: {Summary}; SHA-256 {Checksum}")]
    internal static partial void Read(ILogger log, string folder, string summary, string checksum);
}
