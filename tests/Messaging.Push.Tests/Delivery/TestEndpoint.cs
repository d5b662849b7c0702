using System.Collections.Concurrent;

namespace Messaging.Push.Tests.Delivery;

/// <summary>An endpoint of HTTP that keeps what it was sent and answers as the test says.</summary>
internal sealed class TestEndpoint : IAsyncDisposable
{
    private readonly ScriptedServer _server;
    private readonly ConcurrentQueue<Received> _received = new();
    private int _requests;

    /// <param name="answer">The status of each request by its number from 0 on; null says nothing until the client goes.</param>
    public TestEndpoint(Func<int, string, string?>? answer = null) => _server = new ScriptedServer(async (stream, token) =>
    {
        while (await ScriptedServer.ReadRequestAsync(stream, token) is { } request)
        {
            int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var received = new Received(request[..end], request[(end + 4)..]);
            _received.Enqueue(received);
            string? status = answer is null ? "200 OK" : answer(Interlocked.Increment(ref _requests) - 1, received.Body);
            if (status is null) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"), token);
        }
    });

    public IReadOnlyList<Received> All => [.. _received];

    public IEnumerable<string> Bodies => _received.Select(one => one.Body);

    public string Url(string path = "/") => _server.Url(path).AbsoluteUri;

    /// <summary>Waits until so many requests have come.</summary>
    public async Task<IReadOnlyList<Received>> UntilAsync(int count)
    {
        for (int i = 0; i < 1_500 && _received.Count < count; i++) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, default);
        Assert.True(_received.Count >= count, $"{_received.Count} of {count} requests came.");
        return All;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>A request: its head with the request line, and its body.</summary>
    internal sealed record Received(string Head, string Body)
    {
        public string? Header(string name) =>
            Head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
    }
}
