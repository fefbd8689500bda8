using System.Security.Cryptography;

namespace Understudy.Data.Cache;

/// <summary>Checksums of files.</summary>
internal static class FileDigest
{
    internal static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Compares with a value such as <c>sha512-…</c>, as package registries state it; only SHA-512 is looked at.</summary>
    /// <returns>The value the file has, or null if it is the stated one or none is stated.</returns>
    internal static string? Contradiction(string path, string integrity)
    {
        string[] stated = [.. integrity.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(value => value.StartsWith("sha512-", StringComparison.Ordinal))];
        if (stated.Length == 0)
            return null;
        using var stream = File.OpenRead(path);
        string actual = "sha512-" + Convert.ToBase64String(SHA512.HashData(stream));
        return stated.Contains(actual, StringComparer.Ordinal) ? null : actual;
    }
}
