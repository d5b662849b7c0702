using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Queues;

/// <summary>Entries of one kind out of many requests of a stream, each with the receipt by which its client knows it. Used by one loop. Hot path.</summary>
internal sealed class SettledEntries<TEntry>(V1.SettleResult.Types.Kind kind)
{
    private readonly List<string> _receipts = [];
    private readonly List<BrokerError?> _refusals = [];
    private readonly List<TEntry> _accepted = [];

    public void Add<TWire>(RepeatedField<TWire> wire, Func<TWire, string> receiptOf, EntryReader<TWire, TEntry> read)
    {
        foreach (TWire one in wire)
        {
            TEntry entry = read(one, out BrokerError? refusal);
            _receipts.Add(Echo.Cut(receiptOf(one)));
            _refusals.Add(refusal);
            if (refusal is null)
                _accepted.Add(entry);
        }
    }

    /// <summary>
    /// One call of the broker for all of them, whose outcomes are added to the results; <paramref name="done"/> is told of each that succeeded. What refuses the call is told of each entry, as a queue without a dead-letter queue does of rejections;
    /// but where the queue is gone, or the server stops, the stream ends.
    /// </summary>
    public async ValueTask RunAsync(Func<ReadOnlyMemory<TEntry>, ValueTask<Result<BrokerError?[]>>> settle, Action<TEntry> done, RepeatedField<V1.SettleResult> results)
    {
        if (_receipts.Count == 0)
            return;
        Result<BrokerError?[]> settled = _accepted.Count == 0 ? Array.Empty<BrokerError?>() : await settle(_accepted.ToArray());
        if (settled.Error is { Code: ErrorCode.QueueNotFound or ErrorCode.Stopping } ended)
            throw Refusal.Of(ended);
        for (int index = 0, next = 0; index < _receipts.Count; index++)
        {
            BrokerError? error = _refusals[index];
            if (error is null)
            {
                error = settled.IsOk ? settled.Value[next] : settled.Error;
                if (error is null)
                    done(_accepted[next]);
                next++;
            }
            results.Add(new V1.SettleResult { Kind = kind, Receipt = _receipts[index], Error = Refusal.Told(Own(error)) });
        }
    }

    // The receipt says which entry it is: of the field what stands behind the entry's place.
    private static BrokerError? Own(BrokerError? error) =>
        error?.Field is { } field && field.IndexOf(']', StringComparison.Ordinal) is >= 0 and int end ? error with { Field = field[(end + 1)..].TrimStart('.') } : error;
}
