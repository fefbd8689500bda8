using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Understudy.UnitTests.Data.Cache;

/// <summary>A small HTTP server on the loopback device that can do what real ones do wrong.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Request, Response> _answer;
    private readonly Task _serving;

    internal LoopbackServer(Func<Request, Response> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _serving = ServeAsync();
    }

    internal Uri Address { get; }

    internal List<Request> Requests { get; } = [];

    /// <summary>Answers as a server should: with the rest if the validator still holds, with everything otherwise.</summary>
    internal static Response Serve(Request request, byte[] content, string tag, int? breakAfter = null)
    {
        bool isRange = request.Headers.TryGetValue("Range", out string? range) && request.Headers.GetValueOrDefault("If-Range") == tag;
        int start = isRange ? int.Parse(range![6..^1], CultureInfo.InvariantCulture) : 0;
        var response = new Response(isRange ? 206 : 200, content[start..]) { BreakAfter = breakAfter };
        response.Headers["ETag"] = tag;
        if (isRange)
            response.Headers["Content-Range"] = $"bytes {start}-{content.Length - 1}/{content.Length}";
        return response;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var request = new Request((await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "");
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            request.Headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        Requests.Add(request);
        var response = _answer(request);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.Status} X\r\nConnection: close\r\nContent-Length: {response.Body.Length}\r\n");
        foreach (var (name, value) in response.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
            await stream.WriteAsync(response.Body.AsMemory(0, Math.Min(response.BreakAfter ?? int.MaxValue, response.Body.Length)));
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (IOException)
        {
            // The other side had enough.
        }
    }

    internal sealed record Request(string Path)
    {
        internal Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);
    }

    internal sealed record Response(int Status, byte[] Body)
    {
        internal Dictionary<string, string> Headers { get; } = [];

        internal int? BreakAfter { get; init; }
    }
}
