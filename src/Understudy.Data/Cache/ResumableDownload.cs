using System.Net;
using System.Net.Http.Headers;

namespace Understudy.Data.Cache;

/// <summary>Downloads a file into <c>NAME.part</c> and continues there after an interruption, also one of the program.</summary>
internal sealed class ResumableDownload(HttpClient http, CacheOptions options)
{
    private const int Block = 1 << 17;

    /// <summary>Fetches an address.</summary>
    /// <param name="address">What to fetch.</param>
    /// <param name="path">Where it ends up; <c>.part</c> and <c>.part.tag</c> beside it hold what there is so far.</param>
    /// <param name="limit">The most bytes the file may have.</param>
    /// <param name="stage">The name for progress.</param>
    /// <param name="progress">Told after each block.</param>
    /// <param name="cancellation">Ends at once; what there is so far stays.</param>
    /// <returns>Null, or why the last try failed.</returns>
    internal async Task<string?> FetchAsync(Uri address, string path, long limit, string stage, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string problem = "";
        for (int attempt = 0; attempt <= options.RetryPauses.Count; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(options.RetryPauses[attempt - 1], cancellation).ConfigureAwait(false);
            var (failure, isFinal) = await TryAsync(address, path, limit, stage, progress, cancellation).ConfigureAwait(false);
            if (failure is null)
                return null;
            problem = failure;
            if (isFinal)
                break;
        }

        return problem;
    }

    private static async Task<string?> ReadTagAsync(Uri address, string tagPath, CancellationToken cancellation)
    {
        if (!File.Exists(tagPath))
            return null;
        var lines = await File.ReadAllLinesAsync(tagPath, cancellation).ConfigureAwait(false);
        return lines.Length == 2 && lines[0] == address.AbsoluteUri ? lines[1] : null;
    }

    /// <summary>Only a strong validator proves that the rest belongs to the beginning we have.</summary>
    private static string? Validator(HttpResponseMessage response)
        => response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R");

    private static void Drop(string part)
    {
        File.Delete(part);
        File.Delete(part + ".tag");
    }

    private async Task<(string? Failure, bool IsFinal)> TryAsync(Uri address, string path, long limit, string stage, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string part = path + ".part";
        string tagPath = part + ".tag";
        string? tag = await ReadTagAsync(address, tagPath, cancellation).ConfigureAwait(false);
        long have = tag is not null && File.Exists(part) ? new FileInfo(part).Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.TryAddWithoutValidation("If-Range", tag);
        }

        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(options.Patience);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                if (response.Content.Headers.ContentRange?.Length == have)
                    return Complete(part, path);
                Drop(part);
                return ("the server refused to continue the download", false);
            }

            if (!response.IsSuccessStatusCode)
            {
                bool isFinal = (int)response.StatusCode is >= 400 and < 500 and not (408 or 429);
                return ($"the server answered {(int)response.StatusCode} {response.ReasonPhrase}", isFinal);
            }

            bool continues = response.StatusCode == HttpStatusCode.PartialContent;
            if (continues && response.Content.Headers.ContentRange?.From != have)
            {
                Drop(part);
                return ("the server continued at another place than was asked for", false);
            }

            long? total = (continues ? have : 0) + response.Content.Headers.ContentLength;
            if (total > limit)
                return ($"the file has {total} bytes, more than the {limit} expected", true);
            if (!continues)
            {
                Drop(part);
                if (Validator(response) is { } validator)
                    await File.WriteAllTextAsync(tagPath, $"{address.AbsoluteUri}\n{validator}\n", cancellation).ConfigureAwait(false);
            }

            using var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            var (failure, done) = await CopyAsync(body, part, limit, total, stage, progress, silence, cancellation).ConfigureAwait(false);
            if (failure is not null)
                return (failure, false);
            return total is not null && done < total ? ($"the connection ended after {done} of {total} bytes", false) : Complete(part, path);
        }
        catch (HttpRequestException exception)
        {
            return (exception.Message.TrimEnd('.'), false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ($"the server was silent for {options.Patience.TotalSeconds:0} s", false);
        }
    }

    private static (string? Failure, bool IsFinal) Complete(string part, string path)
    {
        File.Move(part, path, overwrite: true);
        File.Delete(part + ".tag");
        return (null, true);
    }

    private async Task<(string? Failure, long Done)> CopyAsync(
        Stream body,
        string part,
        long limit,
        long? total,
        string stage,
        IProgress<DownloadProgress>? progress,
        CancellationTokenSource silence,
        CancellationToken cancellation)
    {
        var block = new byte[Block];
        using var file = new FileStream(part, FileMode.Append, FileAccess.Write);
        while (true)
        {
            progress?.Report(new DownloadProgress(stage, file.Position, total));
            int count;
            try
            {
                count = await body.ReadAsync(block, silence.Token).ConfigureAwait(false);
            }
            catch (IOException exception)
            {
                // Only reading from the network is guarded: a full disk must not look like a broken connection.
                return (exception.Message.TrimEnd('.'), file.Position);
            }

            silence.CancelAfter(options.Patience);
            if (count == 0)
                return (null, file.Position);
            if (file.Position + count > limit)
                return ($"the server sent more than the {limit} bytes expected", file.Position);
            await file.WriteAsync(block.AsMemory(0, count), cancellation).ConfigureAwait(false);
        }
    }
}
