using System.Diagnostics;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Http;

/// <summary>
/// A load of N connections, each a closed loop, driven by one thread with poll: two system calls a request and no allocation, so that the
/// server gets the processors and the client's share dilutes the ratio as little as it can.
/// </summary>
internal sealed class HttpLoad : IDisposable
{
    private readonly HttpConnection[] _connections;

    /// <summary>Connects; <paramref name="script"/> gets the connection's number.</summary>
    public HttpLoad(int port, int connections, Func<int, HttpScript> script) =>
        _connections = [.. Enumerable.Range(0, connections).Select(index => new HttpConnection(port, script(index)))];

    /// <summary>Rate in messages per second, latencies per request. Ends when every request is answered.</summary>
    public Task<LoadSample> RunAsync(double seconds) =>
        Task.Factory.StartNew(() => Run(seconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (HttpConnection connection in _connections)
        {
            connection.Dispose();
        }
    }

    private unsafe LoadSample Run(double seconds)
    {
        var latencies = new Latencies();
        var polled = new LibC.PollEntry[_connections.Length];
        long messages = 0;
        int active = _connections.Length;
        long started = Stopwatch.GetTimestamp();
        long deadline = started + (long)(seconds * Stopwatch.Frequency);
        for (int index = 0; index < active; index++)
        {
            polled[index] = new LibC.PollEntry { File = _connections[index].File, Wanted = LibC.PollIn };
            _connections[index].Send(Stopwatch.GetTimestamp());
        }

        fixed (LibC.PollEntry* entries = polled)
        {
            while (active > 0)
            {
                int ready = LibC.Poll(entries, (nuint)polled.Length, -1);
                for (int index = 0; ready > 0; index++)
                {
                    if (entries[index].Found == 0)
                    {
                        continue;
                    }

                    ready--;
                    HttpConnection connection = _connections[index];
                    int answered = connection.Receive();
                    if (answered < 0)
                    {
                        continue;
                    }

                    long now = Stopwatch.GetTimestamp();
                    latencies.Add(connection.SentAt, now);
                    messages += answered;
                    if (now < deadline)
                    {
                        connection.Send(now);
                        continue;
                    }

                    // A negative file is passed over by poll.
                    entries[index].File = -1;
                    active--;
                }
            }
        }

        return new LoadSample(messages, latencies.Count, Stopwatch.GetElapsedTime(started).TotalSeconds, latencies);
    }
}

/// <summary>What a load brought.</summary>
internal sealed record LoadSample(long Messages, long Requests, double Seconds, Latencies Latencies)
{
    public Sample PerMessage => new(Messages / Seconds, Latencies);
}
