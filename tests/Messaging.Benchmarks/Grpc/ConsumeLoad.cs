using System.Diagnostics;
using Google.Protobuf;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.V1;

namespace Messaging.Benchmarks.Grpc;

/// <summary>
/// A receiving stream: each message that comes is acknowledged by a request of its own, which gives credit for the next one. Counted when it is told that it is done. One thread; responses are looked through and not parsed.
/// </summary>
internal sealed class ConsumeLoad : IDisposable
{
    private const string Path = "/messaging.v1.QueueService/StreamReceive";
    private const int ReceiptBytes = 54;

    /// <summary>A result without an error: the receipt and its kind, each behind a tag.</summary>
    private const int SettledBytes = ReceiptBytes + 4;
    private const byte MessagesTag = 0x0a, SettledTag = 0x1a, ReceiptTag = 0x6a, CreditTag = 0x10, AcknowledgeTag = 0x1a;

    private readonly GrpcStream _stream;
    private readonly Queue<long> _deliveredAt = new();
    private readonly byte[] _settle;
    private readonly int _credit;
    private int _open;

    public ConsumeLoad(int port, string queue, int credit)
    {
        _credit = credit;
        _stream = new GrpcStream(port, Path);
        _stream.Say(new StreamReceiveRequest { Open = new StreamReceiveOpen { Queue = queue } }.ToByteArray());
        _settle = [CreditTag, 1, AcknowledgeTag, ReceiptBytes, .. new byte[ReceiptBytes]];
    }

    public Task<LoadSample> RunAsync(double seconds) =>
        Task.Factory.StartNew(() => Run(seconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => _stream.Dispose();

    // Ends with all that was delivered settled, and no credit left with the server.
    private LoadSample Run(double seconds)
    {
        var latencies = new Latencies();
        long started = Stopwatch.GetTimestamp();
        long deadline = started + (long)(seconds * Stopwatch.Frequency);
        _stream.Say(new StreamReceiveRequest { Credit = _credit }.ToByteArray());
        _open = _credit;
        while (_open > 0)
        {
            _stream.Flush();
            _stream.Wait();
            while (_stream.TryHear(out ReadOnlySpan<byte> response))
            {
                Look(response, latencies, isOver: Stopwatch.GetTimestamp() >= deadline);
            }
        }

        return new LoadSample(latencies.Count, latencies.Count, Stopwatch.GetElapsedTime(started).TotalSeconds, latencies);
    }

    private void Look(ReadOnlySpan<byte> response, Latencies latencies, bool isOver)
    {
        long now = Stopwatch.GetTimestamp();
        while (response.Length > 0)
        {
            byte tag = response[0];
            ReadOnlySpan<byte> field = Field(ref response);
            if (tag == MessagesTag)
            {
                CopyReceipt(field);
                _settle[1] = (byte)(isOver ? 0 : 1);
                _stream.Say(_settle);
                _deliveredAt.Enqueue(now);
            }
            else if (tag == SettledTag)
            {
                if (field.Length != SettledBytes)
                {
                    throw new InvalidOperationException("An acknowledgement was refused.");
                }

                latencies.Add(_deliveredAt.Dequeue(), now);
                _open -= isOver ? 1 : 0;
            }
        }
    }

    private void CopyReceipt(ReadOnlySpan<byte> message)
    {
        while (message.Length > 0)
        {
            byte tag = message[0];
            if ((tag & 7) == 0)
            {
                message = message[1..];
                Varint(ref message);
                continue;
            }

            ReadOnlySpan<byte> field = Field(ref message);
            if (tag == ReceiptTag)
            {
                field.CopyTo(_settle.AsSpan(4));
                return;
            }
        }

        throw new InvalidOperationException("A message without a receipt.");
    }

    // A tag of one byte, a length, and so many bytes.
    private static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> left)
    {
        left = left[1..];
        int length = Varint(ref left);
        ReadOnlySpan<byte> field = left[..length];
        left = left[length..];
        return field;
    }

    private static int Varint(ref ReadOnlySpan<byte> left)
    {
        int value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = left[0];
            left = left[1..];
            value |= (next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
