using System.Diagnostics;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Grpc;

/// <summary>One message after the other on one stream, so many of them not answered yet at all times. One thread.</summary>
internal sealed class TalkLoad(int port, string path, byte[] first, byte[] message, int outstanding) : IDisposable
{
    private readonly GrpcStream _stream = new(port, path);
    private readonly Queue<long> _sentAt = new();
    private bool _hasBegun;

    public Task<LoadSample> RunAsync(double seconds) =>
        Task.Factory.StartNew(() => Run(seconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => _stream.Dispose();

    private LoadSample Run(double seconds)
    {
        var latencies = new Latencies();
        long started = Stopwatch.GetTimestamp();
        long deadline = started + (long)(seconds * Stopwatch.Frequency);
        int wanted = outstanding;
        while (_sentAt.Count > 0 || wanted > 0)
        {
            long now = Stopwatch.GetTimestamp();
            for (; wanted > 0; wanted--)
            {
                _stream.Say(_hasBegun ? message : first);
                _hasBegun = true;
                _sentAt.Enqueue(now);
            }

            _stream.Flush();
            _stream.Wait();
            now = Stopwatch.GetTimestamp();
            while (_stream.TryHear(out _))
            {
                latencies.Add(_sentAt.Dequeue(), now);
                wanted += now < deadline ? 1 : 0;
            }
        }

        return new LoadSample(latencies.Count, latencies.Count, Stopwatch.GetElapsedTime(started).TotalSeconds, latencies);
    }
}
