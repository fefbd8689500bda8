namespace Understudy.Lab.Reports;

/// <summary>Arguments as one types them into a shell.</summary>
internal static class Shell
{
    private const string Plain = "@%+=:,./-_";

    /// <summary>The argument, in single quotes where a shell would take something in it for its own.</summary>
    internal static string Quoted(string argument)
        => argument.Length > 0 && argument.All(letter => char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
