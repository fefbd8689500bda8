using Understudy.Data;

namespace Understudy.Learning.Networks.Exporting;

/// <summary>A network has a layer, or a number, that the format of an export does not know.</summary>
/// <param name="message">Which one and what would do; a complete sentence.</param>
public sealed class NotExportableException(string message) : UserException(message);
