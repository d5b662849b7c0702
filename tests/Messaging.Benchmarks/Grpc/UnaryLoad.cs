using System.Diagnostics;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Grpc;

/// <summary>Unary calls on one connection, so many outstanding at all times: each answer sends the next one. One thread.</summary>
internal sealed class UnaryLoad : IDisposable
{
    private readonly Http2Connection _connection;
    private readonly byte[] _headers;
    private readonly byte[] _message;
    private readonly int _outstanding;
    private readonly Dictionary<int, long> _sentAt = [];
    private int _nextStream = 1;

    public UnaryLoad(int port, string path, byte[] message, int outstanding)
    {
        _connection = new Http2Connection(port);
        _headers = Http2Connection.HeaderBlock(path, $"127.0.0.1:{port}");
        (_message, _outstanding) = (GrpcFrame.Of(message), outstanding);
    }

    public Task<LoadSample> RunAsync(double seconds) =>
        Task.Factory.StartNew(() => Run(seconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => _connection.Dispose();

    private LoadSample Run(double seconds)
    {
        var latencies = new Latencies();
        long started = Stopwatch.GetTimestamp();
        long deadline = started + (long)(seconds * Stopwatch.Frequency);
        int wanted = _outstanding;
        while (_sentAt.Count > 0 || wanted > 0)
        {
            while (wanted > 0 && _connection.Window >= _message.Length)
            {
                Send();
                wanted--;
            }

            _connection.Flush();
            do
            {
                Http2Frame frame = _connection.Next();
                if (frame.Type == Http2Connection.Data && frame.Payload.Length < GrpcFrame.PrefixBytes)
                {
                    throw new InvalidOperationException("An answer without a message.");
                }

                if (!frame.EndsStream || !_sentAt.Remove(frame.Stream, out long sentAt))
                {
                    continue;
                }

                long now = Stopwatch.GetTimestamp();
                latencies.Add(sentAt, now);
                wanted += now < deadline ? 1 : 0;
            }
            while (_connection.HasNext);
        }

        return new LoadSample(latencies.Count, latencies.Count, Stopwatch.GetElapsedTime(started).TotalSeconds, latencies);
    }

    private void Send()
    {
        _sentAt.Add(_nextStream, Stopwatch.GetTimestamp());
        _connection.Frame(Http2Connection.Headers, Http2Connection.EndHeaders, _nextStream, _headers);
        _connection.Frame(Http2Connection.Data, Http2Connection.EndStream, _nextStream, _message);
        _nextStream += 2;
    }
}
